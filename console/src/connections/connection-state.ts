import { Ban, CircleAlert, CircleCheck, CircleSlash, KeyRound, LoaderCircle, type LucideIcon } from 'lucide-react'
import type { Connection } from '@chaveiro/sdk'
import type { WordKey } from '../language.ts'
import type { Tone } from '../parts/badge.tsx'

interface ShownState {
  readonly icon: LucideIcon
  readonly tone: Tone
  readonly word: WordKey
}

/** How each state of a connection looks and is called. */
const CONNECTION_STATES: Readonly<Record<Connection['status'], ShownState>> = {
  connected: { icon: CircleCheck, tone: 'good', word: 'connection.connected' },
  needs_reauthorization: { icon: KeyRound, tone: 'warn', word: 'connection.needs_reauthorization' },
  error: { icon: CircleAlert, tone: 'bad', word: 'connection.error' },
  disabled: { icon: CircleSlash, tone: 'plain', word: 'connection.disabled' },
}

const CHECKING: ShownState = { icon: LoaderCircle, tone: 'plain', word: 'connection.checking' }
const CUT_OFF: ShownState = { icon: Ban, tone: 'bad', word: 'connection.cut_off' }

export interface Circumstances {
  readonly isChecking: boolean
  /** The owner lets nothing be sent to its provider. */
  readonly isCutOff: boolean
}

/** What counts most: that nothing may be sent, then that it is being tested, then how it stands. */
export function stateOf({ status }: Pick<Connection, 'status'>, { isChecking, isCutOff }: Circumstances): ShownState {
  if (isCutOff) return CUT_OFF
  return isChecking ? CHECKING : CONNECTION_STATES[status]
}
