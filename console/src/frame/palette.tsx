import { useEffect, useId, useState, type KeyboardEvent } from 'react'
import { useWords } from '../language.ts'
import { Dialog } from '../parts/dialog.tsx'
import { BOX_LOOK } from '../parts/field.tsx'
import { matching } from './matches.ts'
import { useEntries, type Entry, type FrameActions } from './palette-entries.ts'

/** As many as a person looks through; more letters find the rest. */
const SHOWN = 12

interface PaletteProps extends FrameActions {
  readonly open: boolean
  readonly onClose: () => void
}

/** Goes to a page, an agent or a conversation, or does something, by a few letters of its name. */
export function Palette({ open, onClose, ...actions }: PaletteProps) {
  const { t } = useWords()
  return (
    <Dialog open={open} onClose={onClose} title={t('palette.title')}>
      <Finder onClose={onClose} actions={actions} />
    </Dialog>
  )
}

function Finder({ onClose, actions }: { readonly onClose: () => void; readonly actions: FrameActions }) {
  const { t } = useWords()
  const listId = useId()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState(0)
  const found = matching(useEntries(actions), typed).slice(0, SHOWN)
  const current = Math.min(chosen, found.length - 1)

  useEffect(() => {
    document.getElementById(`${listId}-${current}`)?.scrollIntoView({ block: 'nearest' })
  }, [listId, current])
  const choose = (entry: Entry | undefined) => {
    if (entry === undefined) return
    onClose()
    void entry.go()
  }
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined && event.key !== 'Enter') return
    event.preventDefault()
    if (step === undefined) choose(found[current])
    else setChosen((current + step + found.length) % Math.max(found.length, 1))
  }
  return (
    <div className="grid gap-3">
      <input
        role="combobox"
        aria-label={t('palette.label')}
        aria-expanded={found.length > 0}
        aria-controls={listId}
        aria-activedescendant={found[current] === undefined ? undefined : `${listId}-${current}`}
        autoComplete="off"
        className={BOX_LOOK}
        placeholder={t('palette.label')}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          setChosen(0)
        }}
        onKeyDown={onKey}
      />
      <Found listId={listId} entries={found} current={current} onPoint={setChosen} onChoose={choose} />
      {found.length === 0 ? (
        <p role="status" className="text-ink-soft">
          {t('palette.nothing')}
        </p>
      ) : null}
    </div>
  )
}

interface FoundProps {
  readonly listId: string
  readonly entries: readonly Entry[]
  readonly current: number
  readonly onPoint: (index: number) => void
  readonly onChoose: (entry: Entry) => void
}

/** Keys are the input's: it keeps the focus, and says which option is chosen. */
function Found({ listId, entries, current, onPoint, onChoose }: FoundProps) {
  const { t } = useWords()
  return (
    <ul id={listId} role="listbox" aria-label={t('palette.title')} className="grid grid-cols-1 gap-0.5">
      {entries.map((entry, index) => (
        <li
          key={entry.id}
          id={`${listId}-${index}`}
          role="option"
          aria-selected={index === current}
          onPointerMove={() => onPoint(index)}
          onClick={() => onChoose(entry)}
          className={`flex min-h-9 cursor-pointer items-center justify-between gap-3 rounded-control px-2 ${index === current ? 'bg-brass-wash' : ''}`}
        >
          <span className="truncate">{entry.text}</span>
          <span className="shrink-0 text-xs text-ink-soft">{entry.kind}</span>
        </li>
      ))}
    </ul>
  )
}
