import { LoaderCircle } from 'lucide-react'
import type { ButtonHTMLAttributes } from 'react'

const LOOKS = {
  primary: 'border border-transparent bg-brass text-on-brass font-medium hover:bg-brass-strong',
  quiet: 'border border-line bg-surface text-ink hover:border-edge',
  bare: 'border border-transparent text-ink-soft hover:text-ink hover:bg-line/60',
  danger: 'border border-bad bg-surface text-bad hover:bg-bad-wash',
} as const

export type Look = keyof typeof LOOKS

/** The classes of a button, for links that look like one. */
export function buttonLook(look: Look): string {
  return `inline-flex min-h-9 items-center justify-center gap-2 rounded-control px-3 py-1.5 text-base disabled:opacity-60 ${LOOKS[look]}`
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: Look
  /** Something is on its way: the button says so and takes no second press. */
  readonly busy?: boolean
}

export function Button({ look = 'quiet', busy = false, className = '', children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      disabled={busy || rest.disabled}
      className={`${buttonLook(look)} ${className}`}
    >
      {busy ? <LoaderCircle size={16} strokeWidth={1.5} className="animate-spin" aria-hidden /> : null}
      {children}
    </button>
  )
}
