import type { Insertable } from 'kysely'
import type { ConnectSessionsTable } from '#db/connection-tables.ts'
import type { Transaction } from '#db/database.ts'
import type { ConnectSessionRow } from './session.ts'

/** All SQL of connect_sessions. */

export async function insertSession(
  userId: number,
  tx: Transaction,
  row: Omit<Insertable<ConnectSessionsTable>, 'user_id'>,
): Promise<void> {
  await tx
    .insertInto('connect_sessions')
    .values({ ...row, user_id: userId })
    .execute()
}

export async function findSession(
  userId: number,
  tx: Transaction,
  tokenHash: string,
): Promise<ConnectSessionRow | undefined> {
  return tx
    .selectFrom('connect_sessions')
    .selectAll()
    .where('user_id', '=', userId)
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst()
}

/**
 * Uses a link up. One statement, so that of two who use it at once, one finds nothing.
 * @returns whether it was open until now
 */
export async function useSession(
  userId: number,
  tx: Transaction,
  { id, now }: { readonly id: number; readonly now: Date },
): Promise<boolean> {
  const { numUpdatedRows: rows } = await tx
    .updateTable('connect_sessions')
    .set({ used_at: now })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow()
  return rows === 1n
}

/** Removes all but the newest `kept`. */
export async function trimSessions(userId: number, tx: Transaction, kept: number): Promise<void> {
  const newest = tx
    .selectFrom('connect_sessions')
    .select('id')
    .where('user_id', '=', userId)
    .orderBy('id', 'desc')
    .limit(kept)
  await tx.deleteFrom('connect_sessions').where('user_id', '=', userId).where('id', 'not in', newest).execute()
}
