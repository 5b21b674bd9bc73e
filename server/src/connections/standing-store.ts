import { sql } from 'kysely'
import type { Transaction } from '#db/database.ts'

/** All SQL of connection_endings, and what of a user decides whether anything is stored for them. */

export async function readEndings(userId: number, tx: Transaction): Promise<number> {
  const row = await tx
    .selectFrom('connection_endings')
    .select('endings')
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row?.endings ?? 0
}

export async function addEnding(userId: number, tx: Transaction): Promise<void> {
  await tx
    .insertInto('connection_endings')
    .values({ user_id: userId, endings: 1 })
    .onConflict((conflict) =>
      conflict.column('user_id').doUpdateSet({ endings: sql<number>`connection_endings.endings + 1` }),
    )
    .execute()
}

/** @returns false where the user is suspended, or gone */
export async function isLetIn(userId: number, tx: Transaction, now: Date): Promise<boolean> {
  const user = await tx
    .selectFrom('users')
    .select(['banned', 'ban_expires'])
    .where('id', '=', userId)
    .executeTakeFirst()
  if (user === undefined) return false
  return !user.banned || (user.ban_expires !== null && user.ban_expires <= now)
}
