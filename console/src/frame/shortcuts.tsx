import { useState } from 'react'
import { useWords } from '../language.ts'
import { Dialog } from '../parts/dialog.tsx'
import { areLettersOn, keepLetters } from './kept.ts'
import { isApple } from './keys.ts'
import { usePlaces } from './places.ts'

/** What the keyboard can do, and the switch for those who do not want single letters to do anything. */
export function Shortcuts({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { t } = useWords()
  const places = usePlaces()
  return (
    <Dialog open={open} onClose={onClose} title={t('shortcuts.title')}>
      <div className="grid gap-4">
        <dl className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2">
          <Shortcut keys={[isApple() ? '⌘' : 'Ctrl', 'K']} does={t('palette.open')} />
          <Shortcut keys={['N']} does={t('chat.new')} />
          <Shortcut keys={['[']} does={t('rail.fold')} />
          <Shortcut keys={['?']} does={t('shortcuts.title')} />
          {places.map(({ to, word }, index) => (
            <Shortcut key={to} keys={['G', String(index + 1)]} does={t(word)} />
          ))}
        </dl>
        <LettersChoice />
      </div>
    </Dialog>
  )
}

function Shortcut({ keys, does }: { readonly keys: readonly string[]; readonly does: string }) {
  return (
    <>
      <dt>{does}</dt>
      <dd className="flex gap-1">
        {keys.map((key) => (
          <kbd
            key={key}
            className="grid min-w-6 place-items-center rounded-control border border-edge px-1.5 font-mono text-xs leading-5"
          >
            {key}
          </kbd>
        ))}
      </dd>
    </>
  )
}

function LettersChoice() {
  const { t } = useWords()
  const [isOn, setOn] = useState(areLettersOn)
  return (
    <label className="flex min-h-9 cursor-pointer items-center gap-2 border-t border-line pt-3 text-sm">
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => {
          keepLetters(event.target.checked)
          setOn(event.target.checked)
        }}
      />
      {t('shortcuts.letters')}
    </label>
  )
}
