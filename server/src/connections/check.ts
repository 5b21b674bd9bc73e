import type { AuditEvent } from '#audit/audit.ts'
import type { Outcome, Problem } from '#kernel/problem.ts'
import type { Identity, Provider } from '#providers/contract.ts'
import { metadataOf } from './connection.ts'
import type { ConnectionDeps, ConnectionRow } from './connection.ts'
import { identify } from './identify.ts'
import { markConnected, markReauthorization } from './mark.ts'
import { currentOf, type Current } from './refresh.ts'
import { isDue, refreshTokenOf } from './renewal.ts'
import { touchConnection, updateConnection } from './store.ts'

/** Asks the provider whether a connection still works, and keeps what the answer says. */

export interface Checking {
  readonly userId: number
  readonly provider: Provider
  readonly row: ConnectionRow
  readonly actor: AuditEvent['actor']
  readonly requestId?: string | undefined
}

export type CheckDeps = Pick<
  ConnectionDeps,
  'audit' | 'blocks' | 'cache' | 'clock' | 'database' | 'edges' | 'refresher' | 'vault'
>

/** @returns what is wrong, or null. A provider that is down changes nothing but the note of it. */
export async function checkConnection(deps: CheckDeps, checking: Checking): Promise<Problem | null> {
  const { provider, row, requestId } = checking
  const event = {
    userId: checking.userId,
    actor: checking.actor,
    target: { kind: 'connection', id: row.id, provider: provider.id, label: row.label },
    ...(requestId === undefined ? {} : { requestId }),
  }
  // Recorded before it is used: where that cannot be done, nothing leaves for the provider.
  await deps.audit.record({ ...event, type: 'credential.used', outcome: 'success', details: { purpose: 'check' } })
  const problem = await ask(deps, checking)
  await deps.audit.record({
    ...event,
    type: problem?.code === 'credential_unreadable' ? 'credential.unreadable' : 'connection.checked',
    outcome: problem === null ? 'success' : 'failure',
    details: problem === null ? {} : { code: problem.code },
  })
  return problem
}

async function ask(deps: CheckDeps, checking: Checking): Promise<Problem | null> {
  const { userId, row } = checking
  const opened = isDue(row, deps.clock.now()) ? await deps.refresher.fresh(userId, row) : currentOf(deps, userId, row)
  if (!opened.ok) return opened.problem
  const { identity, current } = await identified(deps, checking, opened.value)
  const now = deps.clock.now()
  if (identity.ok) return works(deps, checking, { current, identity: identity.value, now })
  const { code, detail } = identity.problem
  if (code === 'credential_rejected') await markReauthorization(deps, current.row, { requestId: checking.requestId })
  await deps.database.asUser(userId, (tx) =>
    touchConnection(userId, tx, row.id, { checked_at: now, last_error_at: now, last_error: detail }),
  )
  return identity.problem
}

interface Identified {
  readonly identity: Outcome<Identity>
  readonly current: Current
}

/** A token that is refused before its end is renewed once, as in a call. */
async function identified(deps: CheckDeps, { userId, provider }: Checking, current: Current): Promise<Identified> {
  const identity = await identify(deps, provider, current.credential)
  const isRefused = !identity.ok && identity.problem.code === 'credential_rejected'
  if (!isRefused || refreshTokenOf(current.credential) === null) return { identity, current }
  const renewed = await deps.refresher.fresh(userId, current.row, { rejected: current.credential })
  if (!renewed.ok) return { identity: renewed, current }
  return { identity: await identify(deps, provider, renewed.value.credential), current: renewed.value }
}

async function works(
  deps: CheckDeps,
  { userId, requestId }: Checking,
  { current: { row }, identity, now }: { readonly current: Current; readonly identity: Identity; readonly now: Date },
): Promise<null> {
  await deps.database.asUser(userId, (tx) =>
    updateConnection(
      userId,
      tx,
      { id: row.id, version: row.version },
      { metadata: JSON.stringify(metadataOf(identity)), checked_at: now, last_success_at: now },
    ),
  )
  await markConnected(deps, row, requestId)
  return null
}
