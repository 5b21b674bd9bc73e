import { useQuery } from '@tanstack/react-query'
import {
  Activity,
  Bot,
  ChartColumn,
  Link2,
  KeyRound,
  MessageSquare,
  Settings,
  ShieldCheck,
  type LucideIcon,
} from 'lucide-react'
import { sessionQuery } from '../api.ts'
import type { WordKey } from '../language.ts'

export interface Place {
  readonly to:
    | '/chat'
    | '/agents'
    | '/connections'
    | '/activity'
    | '/usage'
    | '/access'
    | '/administration'
    | '/settings'
  readonly word: WordKey
  readonly icon: LucideIcon
  /** Not shown to users who do not administer the server. */
  readonly isForAdministrators?: boolean
}

const PLACES: readonly Place[] = [
  { to: '/chat', word: 'place.chat', icon: MessageSquare },
  { to: '/agents', word: 'place.agents', icon: Bot },
  { to: '/connections', word: 'place.connections', icon: Link2 },
  { to: '/activity', word: 'place.activity', icon: Activity },
  { to: '/usage', word: 'place.usage', icon: ChartColumn },
  { to: '/access', word: 'place.clients', icon: KeyRound },
  { to: '/administration', word: 'place.administration', icon: ShieldCheck, isForAdministrators: true },
  { to: '/settings', word: 'place.settings', icon: Settings },
]

/** Where one can go, in the order of the rail. The first of them stand on a phone's bar, the rest behind its last button. */
export function usePlaces(): readonly Place[] {
  const role = useQuery(sessionQuery).data?.user.role
  const administers = role === 'owner' || role === 'admin'
  return administers ? PLACES : PLACES.filter(({ isForAdministrators }) => isForAdministrators !== true)
}

/** As many as a thumb finds on 360 pixels, beside the button for the rest. */
export const PHONE_PLACES = 4
