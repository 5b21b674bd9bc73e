import { ArrowUp, Square } from 'lucide-react'
import { useState, type KeyboardEvent } from 'react'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'

interface ComposerProps {
  readonly isBusy: boolean
  readonly isStopping: boolean
  readonly onSend: (message: string) => void
  readonly onStop: () => void
}

/** What the server takes in one message. */
export const MESSAGE_CHARACTERS = 32_000

export function Composer({ isBusy, isStopping, onSend, onStop }: ComposerProps) {
  const { t } = useWords()
  const [typed, setTyped] = useState('')
  const send = () => {
    const message = typed.trim()
    if (message === '' || isBusy) return
    setTyped('')
    onSend(message)
  }
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While letters are still being put together (isComposing), Enter takes one of them.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }
  return (
    <form
      className="flex items-end gap-2 rounded-card border border-edge bg-surface p-2 focus-within:border-brass"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <textarea
        aria-label={t('chat.message')}
        placeholder={t('chat.message')}
        rows={1}
        maxLength={MESSAGE_CHARACTERS}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKey}
        className="field-sizing-content max-h-48 min-h-9 min-w-0 flex-1 resize-none bg-transparent px-2 py-1.5 outline-none"
      />
      {isBusy ? (
        <Button busy={isStopping} onClick={onStop}>
          {isStopping ? null : <Square size={16} strokeWidth={1.5} aria-hidden />}
          {t('chat.stop')}
        </Button>
      ) : (
        <Button type="submit" look="primary" aria-label={t('chat.send')} disabled={typed.trim() === ''}>
          <ArrowUp size={16} strokeWidth={1.5} aria-hidden />
        </Button>
      )}
    </form>
  )
}
