import { Activity, Bot, ChartColumn, Link2, KeyRound, MessageSquare, Settings, type LucideIcon } from 'lucide-react'
import type { WordKey } from '../language.ts'

export interface Place {
  readonly to: '/chat' | '/agents' | '/connections' | '/activity' | '/usage' | '/access' | '/settings'
  readonly word: WordKey
  readonly icon: LucideIcon
}

/** Where one can go, in the order of the rail. The first of them stand on a phone's bar, the rest behind its last button. */
export const PLACES: readonly Place[] = [
  { to: '/chat', word: 'place.chat', icon: MessageSquare },
  { to: '/agents', word: 'place.agents', icon: Bot },
  { to: '/connections', word: 'place.connections', icon: Link2 },
  { to: '/activity', word: 'place.activity', icon: Activity },
  { to: '/usage', word: 'place.usage', icon: ChartColumn },
  { to: '/access', word: 'place.clients', icon: KeyRound },
  { to: '/settings', word: 'place.settings', icon: Settings },
]

/** As many as a thumb finds on 360 pixels, beside the button for the rest. */
export const PHONE_PLACES = 4
