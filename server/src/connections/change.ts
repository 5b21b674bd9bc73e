import { actorOf } from '#audit/audit.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import { unknownConnection, viewOf } from './connection.ts'
import type { ConnectionDeps, ConnectionView } from './connection.ts'
import { findConnection, lockConnections, setDefault, updateConnection } from './store.ts'

export interface ConnectionChange {
  readonly label?: string
  /** Only true: a provider with connections always has a default. */
  readonly is_default?: true
}

/** Renames a connection, or makes it the default of its provider. */
export async function changeConnection(
  deps: ConnectionDeps,
  principal: Principal,
  id: number,
  change: ConnectionChange & { readonly requestId?: string },
): Promise<Outcome<ConnectionView>> {
  const { userId } = principal
  const row = await deps.database.asUser(userId, async (tx) => {
    await lockConnections(userId, tx)
    const found = await findConnection(userId, tx, id)
    if (found === undefined) return undefined
    if (change.label !== undefined) await updateConnection(userId, tx, { id }, { label: change.label })
    if (change.is_default === true) await setDefault(userId, tx, found.provider, id)
    return findConnection(userId, tx, id)
  })
  if (row === undefined) return unknownConnection()
  deps.cache.drop(userId)
  await deps.audit.record({
    userId,
    type: 'connection.changed',
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'connection', id, provider: row.provider, label: row.label },
    ...(change.requestId === undefined ? {} : { requestId: change.requestId }),
  })
  return success(viewOf(deps, row))
}
