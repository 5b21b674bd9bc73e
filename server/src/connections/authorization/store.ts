import type { Insertable, Kysely, Selectable } from 'kysely'
import type { Transaction } from '#db/database.ts'
import type { AuthorizationTransactionsTable, ProviderAppsTable } from '#db/connection-tables.ts'
import type { Tables } from '#db/tables.ts'

/** All SQL of authorization_transactions (a user's own) and provider_apps (the operator's), but for the rotation of keys. */

export type TransactionRow = Selectable<AuthorizationTransactionsTable>
export type AppRow = Selectable<ProviderAppsTable>

type Login = Kysely<Tables>

export async function insertTransaction(
  userId: number,
  tx: Transaction,
  row: Omit<Insertable<AuthorizationTransactionsTable>, 'user_id'>,
): Promise<void> {
  await tx
    .insertInto('authorization_transactions')
    .values({ ...row, user_id: userId })
    .execute()
}

/** One statement, so that of two callbacks with the same state one finds nothing. */
export async function takeTransactionRow(
  userId: number,
  tx: Transaction,
  stateHash: string,
): Promise<TransactionRow | undefined> {
  return tx
    .deleteFrom('authorization_transactions')
    .where('user_id', '=', userId)
    .where('state_hash', '=', stateHash)
    .returningAll()
    .executeTakeFirst()
}

/** Removes what has ended, and of the rest all but the newest `kept`. */
export async function trimTransactions(
  userId: number,
  tx: Transaction,
  { now, kept }: { readonly now: Date; readonly kept: number },
): Promise<void> {
  const newest = tx
    .selectFrom('authorization_transactions')
    .select('id')
    .where('user_id', '=', userId)
    .where('expires_at', '>', now)
    .orderBy('id', 'desc')
    .limit(kept)
  await tx
    .deleteFrom('authorization_transactions')
    .where('user_id', '=', userId)
    .where('id', 'not in', newest)
    .execute()
}

export async function findApp(login: Login, provider: string): Promise<AppRow | undefined> {
  return login.selectFrom('provider_apps').selectAll().where('provider', '=', provider).executeTakeFirst()
}

/** The names of all apps. */
export async function listAppNames(login: Login, limit: number): Promise<string[]> {
  const rows = await login.selectFrom('provider_apps').select('provider').orderBy('provider').limit(limit).execute()
  return rows.map(({ provider }) => provider)
}

/**
 * Writes an app, the first or over one of the version before.
 * @returns false where somebody else wrote it in the meantime
 */
export async function writeApp(
  login: Login,
  app: Omit<Insertable<ProviderAppsTable>, 'version' | 'updated_at'> & {
    readonly version: number
    readonly updated_at: Date
  },
): Promise<boolean> {
  if (app.version === 1) {
    const { numInsertedOrUpdatedRows: rows } = await login
      .insertInto('provider_apps')
      .values(app)
      .onConflict((conflict) => conflict.column('provider').doNothing())
      .executeTakeFirstOrThrow()
    return rows === 1n
  }
  const { provider, ...change } = app
  const { numUpdatedRows: rows } = await login
    .updateTable('provider_apps')
    .set(change)
    .where('provider', '=', provider)
    .where('version', '=', app.version - 1)
    .executeTakeFirstOrThrow()
  return rows === 1n
}

export async function deleteApp(login: Login, provider: string): Promise<boolean> {
  const { numDeletedRows: rows } = await login
    .deleteFrom('provider_apps')
    .where('provider', '=', provider)
    .executeTakeFirstOrThrow()
  return rows === 1n
}
