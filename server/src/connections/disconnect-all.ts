import type { Principal } from '#kernel/principal.ts'
import { dropTransactions } from './authorization/transactions.ts'
import { dropSessions } from './sessions/open.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { ConnectionDeps, ConnectionRow } from './connection.ts'
import { finishDisconnect, type Receipt } from './disconnect.ts'
import { addEnding, isOfNobody } from './standing-store.ts'
import { deleteConnection, listConnections, lockConnections } from './store.ts'

/** Grants that are ended at providers at the same time. */
const REVOCATIONS_AT_ONCE = 5

type EndingDeps = Pick<ConnectionDeps, 'audit' | 'cache' | 'clock' | 'database' | 'registry' | 'revokeGrant' | 'vault'>

/**
 * Ends every connection of a user, and every way to a new one that is open or under way: all rows are gone at once, then
 * their grants are ended, a few at a time.
 * @param principal who does it, for the record
 * @returns one receipt for each; `not_found` where there is no such user
 * @throws where one of them could not be recorded, after all others were ended
 */
export async function disconnectAll(
  deps: EndingDeps,
  principal: Principal,
  userId: number,
  requestId: string,
): Promise<Outcome<Receipt[]>> {
  const ended = await deleteAll(deps, userId)
  if (ended === undefined) return failure('not_found', 'There is no such user.')
  deps.cache.drop(userId)
  const finished: Promise<Receipt>[] = []
  for (let from = 0; from < ended.length; from += REVOCATIONS_AT_ONCE) {
    const rows = ended.slice(from, from + REVOCATIONS_AT_ONCE)
    const batch = rows.map((row) => finishDisconnect(deps, principal, row, requestId))
    // Their rows are gone: one that fails must not keep the others from being ended at their providers.
    await Promise.allSettled(batch)
    finished.push(...batch)
  }
  return success(await Promise.all(finished))
}

/** Undefined where the user was deleted before it could begin. */
async function deleteAll({ clock, database }: EndingDeps, userId: number): Promise<ConnectionRow[] | undefined> {
  try {
    return await database.asUser(userId, async (tx) => {
      await lockConnections(userId, tx)
      await addEnding(userId, tx)
      const rows = await listConnections(userId, tx)
      for (const row of rows) await deleteConnection(userId, tx, row.id)
      await dropTransactions(userId, tx, clock.now())
      await dropSessions(userId, tx)
      return rows
    })
  } catch (error) {
    if (isOfNobody(error)) return undefined
    throw error
  }
}
