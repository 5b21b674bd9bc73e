import { sql, type Kysely } from 'kysely'
import type { Transaction } from '#db/database.ts'
import type { Tables } from '#db/tables.ts'

/** All SQL of the authorization server. Records and clients are looked up by secret or public name, under the login role. */

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

export interface ClientRow {
  readonly metadata: Record<string, unknown>
}

export async function findClient(clientId: string, now: Date, login: Login): Promise<ClientRow | undefined> {
  return login
    .selectFrom('oauth_clients')
    .select('metadata')
    .where('client_id', '=', clientId)
    .where('expires_at', '>', now)
    .executeTakeFirst()
}

export async function insertClient(
  client: { clientId: string; metadata: object; expiresAt: Date },
  login: Login,
): Promise<void> {
  await login
    .insertInto('oauth_clients')
    .values({ client_id: client.clientId, metadata: JSON.stringify(client.metadata), expires_at: client.expiresAt })
    .execute()
}

export async function countClients(login: Login): Promise<number> {
  const { rows } = await login
    .selectFrom('oauth_clients')
    .select((count) => count.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow()
  return rows
}

export async function touchClient(clientId: string, use: { at: Date; expiresAt: Date }, login: Login): Promise<void> {
  await login
    .updateTable('oauth_clients')
    .set({ last_used_at: use.at, expires_at: use.expiresAt })
    .where('client_id', '=', clientId)
    .execute()
}

export interface GrantRow {
  readonly id: number
  readonly client_id: string
  readonly client_name: string
  readonly client_host: string
  readonly scopes: string[]
  readonly connection_ids: number[] | null
  readonly created_at: Date
  readonly last_used_at: Date | null
  readonly expires_at: Date
}

const GRANT_COLUMNS = [
  'id',
  'client_id',
  'client_name',
  'client_host',
  'scopes',
  'connection_ids',
  'created_at',
  'last_used_at',
  'expires_at',
] as const

export interface NewGrant {
  readonly clientId: string
  readonly clientName: string
  readonly clientHost: string
  readonly scopes: readonly string[]
  readonly connectionIds: readonly number[] | null
  readonly grantHash: string
  readonly expiresAt: Date
}

export async function insertGrant(userId: number, grant: NewGrant, tx: Transaction): Promise<number> {
  const { id } = await tx
    .insertInto('oauth_grants')
    .values({
      user_id: userId,
      client_id: grant.clientId,
      client_name: grant.clientName,
      client_host: grant.clientHost,
      scopes: [...grant.scopes],
      connection_ids: grant.connectionIds === null ? null : [...grant.connectionIds],
      grant_hash: grant.grantHash,
      expires_at: grant.expiresAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Ends the oldest of a user's living grants beyond the newest ones. */
export async function endOldestGrants(
  userId: number,
  keep: { now: Date; newest: number },
  tx: Transaction,
): Promise<void> {
  await tx
    .updateTable('oauth_grants')
    .set({ revoked_at: keep.now })
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .where('id', 'not in', (newest) =>
      newest
        .selectFrom('oauth_grants')
        .select('id')
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', keep.now)
        .orderBy('id', 'desc')
        .limit(keep.newest),
    )
    .execute()
}

/** A user's living grants, newest first. */
export async function listGrants(
  userId: number,
  page: { now: Date; limit: number },
  tx: Transaction,
): Promise<GrantRow[]> {
  return tx
    .selectFrom('oauth_grants')
    .select(GRANT_COLUMNS)
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', page.now)
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute()
}

export interface EndedGrant {
  readonly user_id: number
  readonly id: number
  readonly client_id: string
  readonly client_name: string
  readonly grant_hash: string
}

const ENDED_COLUMNS = ['user_id', 'id', 'client_id', 'client_name', 'grant_hash'] as const

/** The grant, if this very call ended it. */
export async function endGrant(userId: number, id: number, at: Date, tx: Transaction): Promise<EndedGrant | undefined> {
  return tx
    .updateTable('oauth_grants')
    .set({ revoked_at: at })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning(ENDED_COLUMNS)
    .executeTakeFirst()
}

/** The same by the library's own secret name of the consent. Needs the system role: no user is known. */
export async function endGrantByHash(grantHash: string, at: Date, tx: Transaction): Promise<EndedGrant | undefined> {
  return tx
    .updateTable('oauth_grants')
    .set({ revoked_at: at })
    .where('grant_hash', '=', grantHash)
    .where('revoked_at', 'is', null)
    .returning(ENDED_COLUMNS)
    .executeTakeFirst()
}

/** Notes a use of a living grant and gives its id; undefined where it has ended. Needs the system role. */
export async function touchGrant(grantHash: string, now: Date, tx: Transaction): Promise<number | undefined> {
  const row = await tx
    .updateTable('oauth_grants')
    .set({ last_used_at: now })
    .where('grant_hash', '=', grantHash)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

export interface GrantOwner {
  readonly user_id: number
  readonly id: number
  readonly client_id: string
  readonly scopes: string[]
  readonly connection_ids: number[] | null
  readonly expires_at: Date
  readonly revoked_at: Date | null
  readonly role: 'owner' | 'admin' | 'user'
  readonly banned: boolean
  readonly ban_expires: Date | null
}

/** A grant with its user, living or not. Needs the system role, which may read both. */
export async function findGrantOwner(userId: number, id: number, tx: Transaction): Promise<GrantOwner | undefined> {
  return tx
    .selectFrom('oauth_grants')
    .innerJoin('users', 'users.id', 'oauth_grants.user_id')
    .select(['oauth_grants.user_id', 'oauth_grants.id', 'oauth_grants.client_id', 'oauth_grants.scopes'])
    .select(['oauth_grants.connection_ids', 'oauth_grants.expires_at', 'oauth_grants.revoked_at'])
    .select(['users.role', 'users.banned', 'users.ban_expires'])
    .where('oauth_grants.user_id', '=', userId)
    .where('oauth_grants.id', '=', id)
    .executeTakeFirst()
}

export interface Account {
  readonly id: number
  readonly banned: boolean
  readonly ban_expires: Date | null
}

export async function findAccount(userId: number, login: Login): Promise<Account | undefined> {
  return login.selectFrom('users').select(['id', 'banned', 'ban_expires']).where('id', '=', userId).executeTakeFirst()
}

export interface SigningKeyRow {
  readonly id: number
  readonly kid: string
  readonly public_key: Record<string, string>
  readonly encrypted_key: string
  readonly version: number
  readonly binding_tag: string
  readonly key_id: string
  readonly created_at: Date
  readonly retired_at: Date | null
}

/** The newest first. */
export async function listSigningKeys(tx: Transaction): Promise<SigningKeyRow[]> {
  return tx.selectFrom('oauth_signing_keys').selectAll().orderBy('id', 'desc').execute()
}

export interface NewSigningKey {
  readonly kid: string
  readonly version: number
  readonly createdAt: Date
  readonly publicKey: object
  readonly sealed: { readonly token: string; readonly bindingTag: string; readonly keyId: string }
}

/** Nothing where another replica made one meanwhile: only one can be active. */
export async function insertSigningKey(key: NewSigningKey, tx: Transaction): Promise<void> {
  await tx
    .insertInto('oauth_signing_keys')
    .values({
      kid: key.kid,
      version: key.version,
      created_at: key.createdAt,
      public_key: JSON.stringify(key.publicKey),
      encrypted_key: key.sealed.token,
      binding_tag: key.sealed.bindingTag,
      key_id: key.sealed.keyId,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function retireSigningKey(id: number, at: Date, tx: Transaction): Promise<void> {
  await tx
    .updateTable('oauth_signing_keys')
    .set({ retired_at: at })
    .where('id', '=', id)
    .where('retired_at', 'is', null)
    .execute()
}

/** Those that were retired before then. */
export async function deleteSigningKeys(retiredBefore: Date, tx: Transaction): Promise<void> {
  await tx.deleteFrom('oauth_signing_keys').where('retired_at', '<', retiredBefore).execute()
}

export async function deleteExpiredClients(now: Date, login: Login): Promise<void> {
  await login.deleteFrom('oauth_clients').where('expires_at', '<=', now).execute()
}

/** Makes place among those that nobody ever let in. */
export async function deleteOldestUnusedClients(limit: number, login: Login): Promise<void> {
  await login
    .deleteFrom('oauth_clients')
    .where('client_id', 'in', (oldest) =>
      oldest
        .selectFrom('oauth_clients')
        .select('client_id')
        .where('last_used_at', 'is', null)
        .orderBy('created_at')
        .limit(limit),
    )
    .execute()
}

export async function deleteExpiredRecords(now: Date, limit: number, login: Login): Promise<void> {
  const expired = login.selectFrom('oauth_records').select('id_hash').where('expires_at', '<=', now).limit(limit)
  await login.deleteFrom('oauth_records').where('id_hash', 'in', expired).where('expires_at', '<=', now).execute()
}

/** Grants that ended before then. */
export async function deleteExpiredGrants(endedBefore: Date, limit: number, tx: Transaction): Promise<void> {
  await tx
    .deleteFrom('oauth_grants')
    .where('id', 'in', (ended) =>
      ended
        .selectFrom('oauth_grants')
        .select('id')
        .where((either) => either.or([either('expires_at', '<', endedBefore), either('revoked_at', '<', endedBefore)]))
        .limit(limit),
    )
    .execute()
}
