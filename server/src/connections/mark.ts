import type { ConnectionStatus } from '#db/connection-tables.ts'
import type { ConnectionDeps, ConnectionRow } from './connection.ts'
import type { Outcome, ProblemCode } from '#kernel/problem.ts'
import { touchConnection, updateConnection, type Touch } from './store.ts'

type MarkDeps = Pick<ConnectionDeps, 'database' | 'cache' | 'audit' | 'clock'>

export interface Refusal {
  readonly requestId?: string | undefined
  /** In words, for the user; that the key was refused where absent. */
  readonly reason?: string
}

/**
 * The provider refused the credential: the connection says so from now on, once, with one event.
 * @returns false where the connection changed meanwhile
 */
export async function markReauthorization(
  deps: MarkDeps,
  row: ConnectionRow,
  { requestId, reason = 'The provider refused the key.' }: Refusal = {},
): Promise<boolean> {
  return mark(deps, row, { status: 'needs_reauthorization', reason, requestId })
}

/** A refused credential works again (the provider had erred, or the key was enabled again). */
export async function markConnected(deps: MarkDeps, row: ConnectionRow, requestId?: string): Promise<void> {
  await mark(deps, row, { status: 'connected', reason: null, requestId })
}

interface Mark {
  readonly status: ConnectionStatus
  readonly reason: string | null
  readonly requestId: string | undefined
}

/** Only the version that was tried is marked: a key that was replaced meanwhile is not blamed. */
async function mark(deps: MarkDeps, row: ConnectionRow, { status, reason, requestId }: Mark): Promise<boolean> {
  if (row.status === status) return false
  const now = deps.clock.now()
  const changed = await deps.database.asUser(row.user_id, (tx) =>
    updateConnection(
      row.user_id,
      tx,
      { id: row.id, version: row.version, status: row.status },
      {
        status,
        status_reason: reason,
        renewal_claim: null,
        ...(reason === null ? { last_success_at: now } : { last_error: reason, last_error_at: now }),
      },
    ),
  )
  deps.cache.drop(row.user_id)
  if (changed === undefined) return false
  await deps.audit.record({
    userId: row.user_id,
    type: status === 'connected' ? 'connection.recovered' : 'connection.needs_reauthorization',
    outcome: status === 'connected' ? 'success' : 'failure',
    actor: { kind: 'system' },
    target: { kind: 'connection', id: row.id, provider: row.provider, label: row.label },
    details: { version: row.version },
    ...(requestId === undefined ? {} : { requestId }),
  })
  return true
}

/** What says that the way to the provider is broken; other failures were the provider's own answers, or ours. */
const BROKEN: ReadonlySet<ProblemCode> = new Set(['provider_unavailable', 'reauthorize'])
/** What says nothing of the connection. */
const SILENT: ReadonlySet<ProblemCode> = new Set(['cancelled', 'internal_error', 'outcome_unknown', 'rate_limited'])

/** Notes that the connection was used, and whether it worked; each written at most once a minute. */
export async function markUsed(
  deps: Pick<MarkDeps, 'database' | 'cache' | 'clock'>,
  row: ConnectionRow,
  outcome: Outcome<unknown>,
): Promise<void> {
  const now = deps.clock.now()
  const news = newsOf(outcome, now)
  if (!deps.cache.shouldTouch(row.id, 'last_error' in news ? 'failed' : 'used')) return
  await deps.database.asUser(row.user_id, (tx) =>
    touchConnection(row.user_id, tx, row.id, { last_used_at: now, ...news }),
  )
}

function newsOf(outcome: Outcome<unknown>, now: Date): Omit<Touch, 'last_used_at'> {
  if (outcome.ok) return { last_success_at: now }
  const { code, detail } = outcome.problem
  if (BROKEN.has(code)) return { last_error_at: now, last_error: detail }
  return SILENT.has(code) ? {} : { last_success_at: now }
}
