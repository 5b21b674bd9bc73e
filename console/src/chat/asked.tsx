import { Pencil } from 'lucide-react'
import { useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { MESSAGE_CHARACTERS } from './composer.tsx'

interface AskedProps {
  readonly text: string
  /** Sends it again, changed, in its own place; null where that cannot be done now. */
  readonly onEdit: ((text: string) => void) | null
}

/** What the person wrote. */
export function Asked({ text, onEdit }: AskedProps) {
  const { t } = useWords()
  const [isEditing, setEditing] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  if (isEditing && onEdit !== null) {
    const close = () => {
      setEditing(false)
      // The button is there again with the next frame.
      requestAnimationFrame(() => opener.current?.focus())
    }
    return <Edited text={text} onSend={onEdit} onClose={close} />
  }
  return (
    <div className="group flex items-start justify-end gap-1">
      {onEdit === null ? null : (
        <button
          ref={opener}
          type="button"
          aria-label={t('chat.edit')}
          onClick={() => setEditing(true)}
          className="grid size-8 shrink-0 place-items-center rounded-control text-ink-soft hover:text-ink md:opacity-0 md:focus-visible:opacity-100 md:group-hover:opacity-100"
        >
          <Pencil size={16} strokeWidth={1.5} aria-hidden />
        </button>
      )}
      <div
        dir="auto"
        className="w-fit max-w-[85%] whitespace-pre-wrap break-words rounded-card bg-brass-wash px-4 py-2"
      >
        <span className="sr-only">{t('chat.you')}: </span>
        {text}
      </div>
    </div>
  )
}

interface EditedProps {
  readonly text: string
  readonly onSend: (text: string) => void
  readonly onClose: () => void
}

function Edited({ text, onSend, onClose }: EditedProps) {
  const { t } = useWords()
  const [typed, setTyped] = useState(text)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const message = typed.trim()
    if (message === '') return
    onClose()
    onSend(message)
  }
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Escape') onClose()
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    submit(event)
  }
  return (
    <form onSubmit={submit} className="grid gap-2 rounded-card border border-edge bg-surface p-3">
      <textarea
        aria-label={t('chat.edit')}
        value={typed}
        maxLength={MESSAGE_CHARACTERS}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKey}
        ref={(area) => {
          if (area === null || area === document.activeElement || area.dataset['met'] === 'yes') return
          area.dataset['met'] = 'yes'
          area.focus()
          area.setSelectionRange(area.value.length, area.value.length)
        }}
        className="field-sizing-content max-h-80 w-full resize-none bg-transparent outline-none"
      />
      <p className="text-xs text-ink-soft">{t('chat.edit_hint')}</p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" look="primary" disabled={typed.trim() === ''}>
          {t('chat.send')}
        </Button>
      </div>
    </form>
  )
}
