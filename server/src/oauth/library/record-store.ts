import { sql, type Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'

/** All SQL for the records of the library, which are looked up by their secret, under the login role. */

type Login = Kysely<Tables>

export interface RecordKey {
  readonly model: string
  readonly idHash: string
}

export interface NewRecord extends RecordKey {
  readonly payload: string
  readonly grantHash: string | null
  readonly expiresAt: Date
}

/** A single-use record is never written twice: what was consumed stays consumed. Any other is replaced. */
export async function saveRecord(record: NewRecord, isSingleUse: boolean, login: Login): Promise<void> {
  const { model, idHash, payload, grantHash, expiresAt } = record
  await login
    .insertInto('oauth_records')
    .values({ model, id_hash: idHash, payload, grant_hash: grantHash, expires_at: expiresAt })
    .onConflict((conflict) => {
      const same = conflict.columns(['model', 'id_hash'])
      return isSingleUse ? same.doNothing() : same.doUpdateSet({ payload, expires_at: expiresAt })
    })
    .execute()
}

export interface RecordRow {
  readonly payload: string
  readonly consumed_at: Date | null
}

export async function findRecord({ model, idHash }: RecordKey, login: Login): Promise<RecordRow | undefined> {
  return login
    .selectFrom('oauth_records')
    .select(['payload', 'consumed_at'])
    .where('model', '=', model)
    .where('id_hash', '=', idHash)
    .executeTakeFirst()
}

/** True for exactly one caller, however many replicas ask at once. */
export async function consumeRecord({ model, idHash }: RecordKey, login: Login): Promise<boolean> {
  const changed = await login
    .updateTable('oauth_records')
    .set({ consumed_at: sql`clock_timestamp()` })
    .where('model', '=', model)
    .where('id_hash', '=', idHash)
    .where('consumed_at', 'is', null)
    .executeTakeFirst()
  return changed.numUpdatedRows === 1n
}

/** Seconds by the database's clock, so that replicas need not agree on the time. */
export interface Consumption {
  readonly consumedSecondsAgo: number
  /** Since the token that followed was made; null where there is none (yet). */
  readonly followedSecondsAgo: number | null
  readonly successorUsed: boolean
}

/** What happened to a record that was consumed; undefined where it was not, or is gone. */
export async function findConsumption(
  key: RecordKey,
  successor: RecordKey,
  login: Login,
): Promise<Consumption | undefined> {
  return login
    .selectFrom('oauth_records as used')
    .leftJoin('oauth_records as next', (join) =>
      join.on('next.model', '=', successor.model).on('next.id_hash', '=', successor.idHash),
    )
    .select([
      sql<number>`extract(epoch from clock_timestamp() - used.consumed_at)::float8`.as('consumedSecondsAgo'),
      sql<number | null>`extract(epoch from clock_timestamp() - next.created_at)::float8`.as('followedSecondsAgo'),
      sql<boolean>`next.consumed_at is not null`.as('successorUsed'),
    ])
    .where('used.model', '=', key.model)
    .where('used.id_hash', '=', key.idHash)
    .where('used.consumed_at', 'is not', null)
    .executeTakeFirst()
}

export async function deleteRecord({ model, idHash }: RecordKey, login: Login): Promise<void> {
  await login.deleteFrom('oauth_records').where('model', '=', model).where('id_hash', '=', idHash).execute()
}

/** Every token, code and consent of a grant. */
export async function deleteFamily(grantHash: string, login: Login): Promise<void> {
  await login.deleteFrom('oauth_records').where('grant_hash', '=', grantHash).execute()
}

export async function deleteExpiredRecords(now: Date, limit: number, login: Login): Promise<void> {
  const expired = login.selectFrom('oauth_records').select('id_hash').where('expires_at', '<=', now).limit(limit)
  await login.deleteFrom('oauth_records').where('id_hash', 'in', expired).where('expires_at', '<=', now).execute()
}
