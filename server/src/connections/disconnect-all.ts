import type { Principal } from '#kernel/principal.ts'
import { dropTransactions } from './authorization/transactions.ts'
import { dropSessions } from './sessions/open.ts'
import type { ConnectionDeps, ConnectionRow } from './connection.ts'
import { finishDisconnect, type Receipt } from './disconnect.ts'
import { addEnding } from './standing-store.ts'
import { deleteConnection, listConnections, lockConnections } from './store.ts'

/** Grants that are ended at providers at the same time. */
const REVOCATIONS_AT_ONCE = 5

/**
 * Ends every connection of a user, and every way to a new one that is open or under way: all rows are gone at once, then
 * their grants are ended, a few at a time.
 * @param principal who does it, for the record
 * @returns one receipt for each
 */
export async function disconnectAll(
  deps: Pick<ConnectionDeps, 'audit' | 'cache' | 'clock' | 'database' | 'registry' | 'revokeGrant' | 'vault'>,
  principal: Principal,
  userId: number,
  requestId: string,
): Promise<Receipt[]> {
  const ended = await deps.database.asUser(userId, async (tx) => {
    await lockConnections(userId, tx)
    await addEnding(userId, tx)
    const rows = await listConnections(userId, tx)
    for (const row of rows) await deleteConnection(userId, tx, row.id)
    await dropTransactions(userId, tx, deps.clock.now())
    await dropSessions(userId, tx)
    return rows
  })
  deps.cache.drop(userId)
  const receipts: Receipt[] = []
  for (let from = 0; from < ended.length; from += REVOCATIONS_AT_ONCE) {
    const finish = (row: ConnectionRow) => finishDisconnect(deps, principal, row, requestId)
    receipts.push(...(await Promise.all(ended.slice(from, from + REVOCATIONS_AT_ONCE).map(finish))))
  }
  return receipts
}
