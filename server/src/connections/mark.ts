import type { ConnectionStatus } from '#db/tables.ts'
import type { ConnectionDeps, ConnectionRow } from './connection.ts'
import { touchConnection, updateConnection } from './store.ts'

type MarkDeps = Pick<ConnectionDeps, 'database' | 'cache' | 'audit' | 'clock'>

/** The provider refused the credential: the connection says so from now on, once, with one event. */
export async function markReauthorization(deps: MarkDeps, row: ConnectionRow, requestId?: string): Promise<void> {
  await mark(deps, row, { status: 'needs_reauthorization', reason: 'The provider refused the key.', requestId })
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
async function mark(deps: MarkDeps, row: ConnectionRow, { status, reason, requestId }: Mark): Promise<void> {
  if (row.status === status) return
  const changed = await deps.database.asUser(row.user_id, (tx) =>
    updateConnection(
      row.user_id,
      tx,
      { id: row.id, version: row.version, status: row.status },
      { status, status_reason: reason },
    ),
  )
  deps.cache.drop(row.user_id)
  if (changed === undefined) return
  await deps.audit.record({
    userId: row.user_id,
    type: status === 'connected' ? 'connection.recovered' : 'connection.needs_reauthorization',
    outcome: status === 'connected' ? 'success' : 'failure',
    actor: { kind: 'system' },
    target: { kind: 'connection', id: row.id, provider: row.provider, label: row.label },
    details: { version: row.version },
    ...(requestId === undefined ? {} : { requestId }),
  })
}

/** Notes that the connection was used; written at most once a minute. */
export async function markUsed(deps: MarkDeps, row: ConnectionRow): Promise<void> {
  if (!deps.cache.shouldTouch(row.id)) return
  await deps.database.asUser(row.user_id, (tx) => touchConnection(row.user_id, tx, row.id, deps.clock.now()))
}
