import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { Button, type Look } from './button.tsx'
import { Confirm } from './confirm.tsx'

interface AskFirstProps<Answer> {
  readonly label: string
  /** The verb with the name of what it is done to: on the confirming button, and what the first button is called aloud. */
  readonly verb: string
  readonly title: string
  /** What it brings about. */
  readonly text: ReactNode
  readonly act: () => Promise<Answer>
  readonly onDone: (answer: Answer) => unknown
  readonly look?: Look
  /** The button goes away with what was done: the focus moves to the heading of the page. */
  readonly isLast?: boolean
}

/** A button for what cannot be taken back: it asks by name before it acts. */
export function AskFirst<Answer>({ label, verb, title, text, act, onDone, look, isLast }: AskFirstProps<Answer>) {
  const [isAsking, setAsking] = useState(false)
  const doing = useMutation({
    mutationFn: act,
    async onSuccess(answer) {
      setAsking(false)
      await onDone(answer)
      if (isLast === true) document.querySelector<HTMLElement>('h1')?.focus()
    },
  })
  return (
    <>
      <Button
        look={look ?? 'quiet'}
        aria-label={verb}
        onClick={() => {
          doing.reset()
          setAsking(true)
        }}
      >
        {label}
      </Button>
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        title={title}
        verb={verb}
        busy={doing.isPending}
        error={doing.error}
        onConfirm={() => doing.mutate()}
      >
        {text}
      </Confirm>
    </>
  )
}
