import { Button } from './button.tsx'

interface SubmitRowProps {
  readonly action: string
  readonly busy: boolean
  /** Said beside the button once it is done; empty before. */
  readonly done: string
}

/** The end of a form that stays where it is: its button, and what came of it. */
export function SubmitRow({ action, busy, done }: SubmitRowProps) {
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button type="submit" busy={busy}>
        {action}
      </Button>
      <span role="status" className="text-good empty:hidden">
        {done}
      </span>
    </div>
  )
}
