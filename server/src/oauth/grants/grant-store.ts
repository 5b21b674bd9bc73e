import type { Kysely } from 'kysely'
import type { Transaction } from '#db/database.ts'
import type { Tables } from '#db/tables.ts'

/** All SQL for the grants of users, and for the users behind them. */

type Login = Kysely<Tables>

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

/** Notes that a grant is in use; nothing is written where that was noted after `notedBefore`. */
export async function noteGrantUse(
  { userId, id }: { readonly userId: number; readonly id: number },
  { now, notedBefore }: { readonly now: Date; readonly notedBefore: Date },
  tx: Transaction,
): Promise<void> {
  await tx
    .updateTable('oauth_grants')
    .set({ last_used_at: now })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where((where) => where.or([where('last_used_at', 'is', null), where('last_used_at', '<', notedBefore)]))
    .execute()
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
