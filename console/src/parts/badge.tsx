import type { LucideIcon } from 'lucide-react'

const TONES = {
  good: 'text-good',
  warn: 'text-warn',
  bad: 'text-bad',
  plain: 'text-ink-soft',
} as const

export type Tone = keyof typeof TONES

/** A state: always an icon and a word. */
export function Badge({
  icon: Icon,
  tone,
  text,
}: {
  readonly icon: LucideIcon
  readonly tone: Tone
  readonly text: string
}) {
  return (
    <span className={`inline-flex items-center gap-1.5 align-middle text-sm font-medium ${TONES[tone]}`}>
      <Icon size={16} strokeWidth={1.5} aria-hidden className="shrink-0" />
      {text}
    </span>
  )
}
