import type { Transaction } from '#db/database.ts'
import { isBanned } from '#identity/user.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { blockedProblem } from './blocks.ts'
import { findBlock } from './blocks-store.ts'
import { CONNECT_ERROR, type ConnectionDeps } from './connection.ts'
import { findBan, readEndings } from './standing-store.ts'

/**
 * Whether what has been under way for seconds, at a provider that checks a key or exchanges a code, may still be stored.
 * Asked of the database and not of this process, for the one that ended it may be another.
 */

/**
 * What a way to a connection begins under. To be read before anything is sent.
 * @returns how often all connections of the user have been ended
 */
export async function endingsOf({ database }: Pick<ConnectionDeps, 'database'>, userId: number): Promise<number> {
  return database.asUser(userId, (tx) => readEndings(userId, tx))
}

/** A way to a connection, from its beginning to what would be stored. */
export interface Way {
  readonly provider: { readonly id: string; readonly name: string }
  /** {@link endingsOf} the user when it began. */
  readonly begunAfter: number
}

/** To be asked in the transaction that stores, under the user's lock: whoever ends connections takes the same. */
export async function checkStanding(
  { clock }: Pick<ConnectionDeps, 'clock'>,
  userId: number,
  tx: Transaction,
  { provider, begunAfter }: Way,
): Promise<Outcome<null>> {
  if ((await readEndings(userId, tx)) !== begunAfter) {
    const detail =
      'All of your connections were ended while this one was under way, so nothing was stored. Begin again to connect.'
    return failure('conflict', detail, ENDED)
  }
  const user = await findBan(userId, tx)
  if (user === undefined || isBanned(user, clock.now())) {
    const detail = 'The account was suspended meanwhile, so nothing was stored. Ask the administrator of this instance.'
    return failure('forbidden', detail, ENDED)
  }
  const block = await findBlock(tx, provider.id)
  return block === undefined ? success(null) : blockedProblem(block, provider.name)
}

const ENDED = { extra: { [CONNECT_ERROR]: 'ended' } }
