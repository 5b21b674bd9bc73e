import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import { listFailures, type AuditRow } from './store.ts'

/** What is unusual among what failed or was denied: somebody should look at it. */

export const ALERT_KINDS = [
  'many_from_address',
  'many_of_user',
  'many_failures',
  'token_reused',
  'credential_unreadable',
  'chain_broken',
] as const

export interface Alert {
  readonly kind: (typeof ALERT_KINDS)[number]
  readonly count: number
  /** Where it came from; null where it is about somebody instead. */
  readonly address: string | null
  readonly user_id: number | null
  readonly first_at: string
  readonly last_at: string
}

/** What somebody does who tries to get in, or further than they may. A tool that failed is no such thing. */
const ATTEMPTS = new Set<string>(['user.sign_in_failed', 'token.rejected', 'access.denied'])
/** Attempts from one address: more than an office mistypes in a day. */
const MANY_FROM_ADDRESS = 20
/** Attempts at one account, or by one user: more than a person mistypes. */
const MANY_OF_USER = 10

const HOURS_LOOKED_AT = 24
const MILLISECONDS_PER_HOUR = 3_600_000
/** Of failures. Where there are more in a day, the newest say enough. */
const EVENTS_LOOKED_AT = 2_000

export interface Alerts {
  readonly alerts: readonly Alert[]
  /** Start of the time that was looked at. */
  readonly since: string
}

/** Those of the last day, the newest first. */
export async function recentAlerts(deps: { readonly database: Database; readonly clock: Clock }): Promise<Alerts> {
  const since = new Date(deps.clock.now().getTime() - HOURS_LOOKED_AT * MILLISECONDS_PER_HOUR)
  const rows = await deps.database.asSystem('look for what is unusual', (tx) =>
    listFailures(tx, { limit: EVENTS_LOOKED_AT }),
  )
  return { alerts: alertsOf(rows.filter(({ at }) => at >= since)), since: since.toISOString() }
}

type Failure = Pick<AuditRow, 'type' | 'user_id' | 'actor' | 'details' | 'at'>

/** @param failures newest first */
export function alertsOf(failures: readonly Failure[]): Alert[] {
  const groups = Map.groupBy(failures.flatMap(signsOf), ({ kind, address, userId }) =>
    [kind, address, userId].join(' '),
  )
  return [...groups.values()]
    .flatMap((signs) => alertOf(signs))
    .toSorted((one, other) => other.last_at.localeCompare(one.last_at))
}

interface Sign {
  readonly kind: Alert['kind']
  readonly address: string | null
  readonly userId: number | null
  readonly at: Date
  /** Signs of this kind from which on they are unusual. */
  readonly from: number
}

function signsOf({ type, user_id: userId, actor, details, at }: Failure): Sign[] {
  const address = typeof actor['address'] === 'string' ? actor['address'] : null
  const always = { address, userId, at, from: 1 }
  if (type === 'client.token_reused') return [{ ...always, kind: 'token_reused' }]
  if (type === 'credential.unreadable') return [{ ...always, address: null, kind: 'credential_unreadable' }]
  if (type === 'audit.verified') return [{ ...always, address: null, userId: null, kind: 'chain_broken' }]
  if (details['reason'] === 'many_failures') return [{ ...always, address: null, kind: 'many_failures' }]
  if (!ATTEMPTS.has(type)) return []
  return [
    ...(address === null
      ? []
      : [{ kind: 'many_from_address' as const, address, userId: null, at, from: MANY_FROM_ADDRESS }]),
    ...(userId === null ? [] : [{ kind: 'many_of_user' as const, address: null, userId, at, from: MANY_OF_USER }]),
  ]
}

function alertOf(signs: readonly Sign[]): Alert[] {
  const [newest, oldest] = [signs[0], signs.at(-1)]
  if (newest === undefined || oldest === undefined || signs.length < newest.from) return []
  const { kind, address, userId } = newest
  return [
    {
      kind,
      count: signs.length,
      address,
      user_id: userId,
      first_at: oldest.at.toISOString(),
      last_at: newest.at.toISOString(),
    },
  ]
}
