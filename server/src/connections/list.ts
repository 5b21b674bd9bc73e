import { success, type Outcome } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import { unknownConnection, viewOf } from './connection.ts'
import type { ConnectionDeps, ConnectionRow, ConnectionView } from './connection.ts'
import { findConnection, listConnections } from './store.ts'

/** All connections of the caller, oldest first. Their number is bounded when they are made, so there is one page. */
export async function connections(
  deps: ConnectionDeps,
  principal: Principal,
): Promise<Outcome<{ connections: ConnectionView[]; next_cursor: null }>> {
  const rows = await loadConnections(deps, principal.userId)
  const views = rows.map((row) => viewOf(deps, row))
  return success({ connections: views, next_cursor: null })
}

export async function connection(
  deps: ConnectionDeps,
  principal: Principal,
  id: number,
): Promise<Outcome<ConnectionView>> {
  const row = await deps.database.asUser(principal.userId, (tx) => findConnection(principal.userId, tx, id))
  if (row === undefined) return unknownConnection()
  return success(viewOf(deps, row))
}

/** What the cache holds for one user. */
export async function loadConnections(
  deps: Pick<ConnectionDeps, 'database'>,
  userId: number,
): Promise<ConnectionRow[]> {
  return deps.database.asUser(userId, (tx) => listConnections(userId, tx))
}
