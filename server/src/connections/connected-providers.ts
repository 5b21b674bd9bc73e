import type { Principal } from '#kernel/principal.ts'
import type { ConnectionDeps } from './connection.ts'

/** Providers that the caller has a connection with, as far as this client was given it; also where it needs attention. */
export async function connectedProviders(
  { cache }: Pick<ConnectionDeps, 'cache'>,
  { userId, connectionIds }: Pick<Principal, 'userId' | 'connectionIds'>,
): Promise<ReadonlySet<string>> {
  const rows = await cache.connectionsOf(userId)
  return new Set(rows.filter(({ id }) => connectionIds?.has(id) ?? true).map(({ provider }) => provider))
}
