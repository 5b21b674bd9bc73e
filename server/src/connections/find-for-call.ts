import type { Principal } from '#kernel/principal.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Provider } from '#providers/contract.ts'
import { needsReauthorization, notConnected, unknownConnection } from './connection.ts'
import type { ConnectionDeps, ConnectionRow } from './connection.ts'

/**
 * The caller's connection for a tool of this provider: the named one, else their default. There is no other source: no
 * connection means `not_connected`, and nothing is sent. Nor is it where the owner has cut the provider off.
 */
export async function findForCall(
  deps: Pick<ConnectionDeps, 'cache' | 'publicUrl' | 'blocks'>,
  { userId, connectionIds }: Pick<Principal, 'userId' | 'connectionIds'>,
  provider: Provider,
  connectionId?: number,
): Promise<Outcome<ConnectionRow>> {
  const allowed = deps.blocks.check(provider.id)
  if (!allowed.ok) return allowed
  const rows = await deps.cache.connectionsOf(userId)
  const own = rows.filter((row) => row.provider === provider.id)
  const candidates = connectionIds === undefined ? own : own.filter((row) => connectionIds.has(row.id))
  if (candidates.length === 0 && own.length > 0) {
    return failure('forbidden', `You did not give this client any of your ${provider.name} connections.`)
  }
  if (connectionId === undefined) {
    const row = candidates.find((candidate) => candidate.is_default) ?? candidates[0]
    return row === undefined ? notConnected(provider, deps.publicUrl) : usable(deps, provider, row)
  }
  const row = candidates.find((candidate) => candidate.id === connectionId)
  return row === undefined ? unknownConnection() : usable(deps, provider, row)
}

function usable(
  deps: Pick<ConnectionDeps, 'publicUrl'>,
  provider: Provider,
  row: ConnectionRow,
): Outcome<ConnectionRow> {
  if (row.status === 'connected' && row.is_active) return success(row)
  return needsReauthorization(provider, row, deps.publicUrl)
}
