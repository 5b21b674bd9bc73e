import { CircleAlert, CircleCheck, CircleSlash, KeyRound, type LucideIcon } from 'lucide-react'
import type { Connection } from '@chaveiro/sdk'
import type { WordKey } from '../language.ts'
import type { Tone } from '../parts/badge.tsx'

interface ShownState {
  readonly icon: LucideIcon
  readonly tone: Tone
  readonly word: WordKey
}

/** How each state of a connection looks and is called. */
export const CONNECTION_STATES: Readonly<Record<Connection['status'], ShownState>> = {
  connected: { icon: CircleCheck, tone: 'good', word: 'connection.connected' },
  needs_reauthorization: { icon: KeyRound, tone: 'warn', word: 'connection.needs_reauthorization' },
  error: { icon: CircleAlert, tone: 'bad', word: 'connection.error' },
  disabled: { icon: CircleSlash, tone: 'plain', word: 'connection.disabled' },
}
