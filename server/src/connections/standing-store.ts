import { sql } from 'kysely'
import { codeOf } from '#db/connection-error.ts'
import type { Transaction } from '#db/database.ts'
import type { User } from '#identity/user.ts'

/** All SQL of connection_endings, and what of a user decides whether anything is stored for them. */

/** How often all connections of the user were ended at once. */
export async function readEndings(userId: number, tx: Transaction): Promise<number> {
  const row = await tx
    .selectFrom('connection_endings')
    .select('endings')
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row?.endings ?? 0
}

/** Counts one more, under the user's lock. Throws what {@link isOfNobody} knows where there is no such user. */
export async function addEnding(userId: number, tx: Transaction): Promise<void> {
  await tx
    .insertInto('connection_endings')
    .values({ user_id: userId, endings: 1 })
    .onConflict((conflict) =>
      conflict.column('user_id').doUpdateSet({ endings: sql<number>`connection_endings.endings + 1` }),
    )
    .execute()
}

/** SQLSTATE of a row that refers to another one which is not there. */
const FOREIGN_KEY_VIOLATION = '23503'

/** Whether an ending could not be counted because its user is gone. */
export function isOfNobody(error: unknown): boolean {
  return codeOf(error) === FOREIGN_KEY_VIOLATION
}

/** Undefined where the user is gone. */
export async function findBan(
  userId: number,
  tx: Transaction,
): Promise<Pick<User, 'banned' | 'ban_expires'> | undefined> {
  return tx.selectFrom('users').select(['banned', 'ban_expires']).where('id', '=', userId).executeTakeFirst()
}
