import { sql, type Kysely } from 'kysely'
import type { Transaction } from '#db/database.ts'
import type { Tables } from '#db/tables.ts'
import type { Role, User } from './user.ts'

/** All SQL for users, sessions, invitations and API tokens. Users and sessions are the login role's own tables. */

type Login = Kysely<Tables>

const USER_COLUMNS = ['id', 'name', 'email', 'role', 'banned', 'ban_reason', 'ban_expires', 'created_at'] as const

/** Whether anybody is here whom no trusted issuer brought. */
export async function anyLocalUserExists(login: Login): Promise<boolean> {
  const found = await login
    .selectFrom('users')
    .select('users.id')
    .leftJoin('external_identities', 'external_identities.user_id', 'users.id')
    .where('external_identities.user_id', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

export async function findUser(userId: number, login: Login): Promise<User | undefined> {
  return login.selectFrom('users').select(USER_COLUMNS).where('id', '=', userId).executeTakeFirst()
}

export async function findUserIdByEmail(email: string, login: Login): Promise<number | undefined> {
  return (await login.selectFrom('users').select('id').where('email', '=', email).executeTakeFirst())?.id
}

export async function findLoginsOf(userId: number, login: Login): Promise<unknown[]> {
  return login.selectFrom('user_logins').selectAll().where('user_id', '=', userId).limit(PAGE_OF_LOGINS).execute()
}

/** As many as the login library asks for. */
const PAGE_OF_LOGINS = 100

export interface NewUser {
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly passwordHash: string
}

/** The user and the login that opens it, as the login library reads them. Call it inside a transaction. */
export async function insertUser(user: NewUser, login: Login): Promise<User> {
  const row = await login
    .insertInto('users')
    .values({ name: user.name, email: user.email, role: user.role })
    .returning(USER_COLUMNS)
    .executeTakeFirstOrThrow()
  await login
    .insertInto('user_logins')
    .values({ user_id: row.id, account_id: String(row.id), provider_id: 'credential', password: user.passwordHash })
    .execute()
  return row
}

export interface SessionRow extends User {
  readonly session_id: number
  readonly expires_at: Date
  readonly session_created_at: Date
}

/** A session by its stored token, expired or not, with its user. */
export async function findSession(token: string, login: Login): Promise<SessionRow | undefined> {
  return login
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select(USER_COLUMNS.map((column) => `users.${column}` as const))
    .select(['sessions.id as session_id', 'sessions.expires_at', 'sessions.created_at as session_created_at'])
    .where('sessions.token', '=', token)
    .executeTakeFirst()
}

export async function hasSession(
  { userId, id }: { readonly userId: number; readonly id: number },
  now: Date,
  login: Login,
): Promise<boolean> {
  const row = await login
    .selectFrom('sessions')
    .select('id')
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row !== undefined
}

export async function deleteSession(token: string, login: Login): Promise<void> {
  await login.deleteFrom('sessions').where('token', '=', token).execute()
}

export interface ApiTokenRow {
  readonly id: number
  readonly name: string
  readonly scopes: string[]
  readonly expires_at: Date | null
  readonly last_used_at: Date | null
  readonly revoked_at: Date | null
  readonly created_at: Date
}

const TOKEN_COLUMNS = ['id', 'name', 'scopes', 'expires_at', 'last_used_at', 'revoked_at', 'created_at'] as const

export interface ApiTokenOwner extends Omit<ApiTokenRow, 'last_used_at'> {
  /** Moved on where the use is noted, so that a kept row is not noted again. */
  last_used_at: Date | null
  readonly user_id: number
  readonly token_hash: string
  readonly role: Role
  readonly banned: boolean
  readonly ban_expires: Date | null
}

/** A token by its hash, whoever owns it, revoked or not. Needs the system role: no user is known yet. */
export async function findApiToken(hash: string, tx: Transaction): Promise<ApiTokenOwner | undefined> {
  return tokensWithOwners(tx).where('api_tokens.token_hash', '=', hash).executeTakeFirst()
}

/** A user's token, revoked or not, with its user. Needs the system role, which may read both. */
export async function findApiTokenById(
  token: { readonly userId: number; readonly id: number },
  tx: Transaction,
): Promise<ApiTokenOwner | undefined> {
  return tokensWithOwners(tx)
    .where('api_tokens.user_id', '=', token.userId)
    .where('api_tokens.id', '=', token.id)
    .executeTakeFirst()
}

function tokensWithOwners(tx: Transaction) {
  return tx
    .selectFrom('api_tokens')
    .innerJoin('users', 'users.id', 'api_tokens.user_id')
    .select(TOKEN_COLUMNS.map((column) => `api_tokens.${column}` as const))
    .select(['api_tokens.user_id', 'api_tokens.token_hash', 'users.role', 'users.banned', 'users.ban_expires'])
}

export async function touchApiToken(userId: number, id: number, at: Date, tx: Transaction): Promise<void> {
  await tx
    .updateTable('api_tokens')
    .set({ last_used_at: at })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .execute()
}

export interface NewApiToken {
  readonly name: string
  readonly tokenHash: string
  readonly scopes: readonly string[]
  readonly expiresAt: Date | null
}

export async function insertApiToken(userId: number, token: NewApiToken, tx: Transaction): Promise<ApiTokenRow> {
  return tx
    .insertInto('api_tokens')
    .values({
      user_id: userId,
      name: token.name,
      token_hash: token.tokenHash,
      scopes: [...token.scopes],
      expires_at: token.expiresAt,
    })
    .returning(TOKEN_COLUMNS)
    .executeTakeFirstOrThrow()
}

/** A user's own token, revoked or not. */
export async function findOwnApiToken(userId: number, id: number, tx: Transaction): Promise<ApiTokenRow | undefined> {
  return tx
    .selectFrom('api_tokens')
    .select(TOKEN_COLUMNS)
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Those that were not revoked, newest first. */
export async function listApiTokens(userId: number, tx: Transaction): Promise<ApiTokenRow[]> {
  return tx
    .selectFrom('api_tokens')
    .select(TOKEN_COLUMNS)
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .orderBy('id', 'desc')
    .execute()
}

/** False where the user has no such token, or it was revoked before. */
export async function markApiTokenRevoked(userId: number, id: number, at: Date, tx: Transaction): Promise<boolean> {
  const changed = await tx
    .updateTable('api_tokens')
    .set({ revoked_at: at })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return changed.numUpdatedRows > 0n
}

/** Keeps the newest revoked tokens, so that their use is answered with the true reason, and forgets the rest. */
export async function forgetRevokedApiTokens(userId: number, kept: number, tx: Transaction): Promise<void> {
  await tx
    .deleteFrom('api_tokens')
    .where('user_id', '=', userId)
    .where('revoked_at', 'is not', null)
    .where('id', 'not in', (builder) =>
      builder
        .selectFrom('api_tokens')
        .select('id')
        .where('user_id', '=', userId)
        .where('revoked_at', 'is not', null)
        .orderBy('id', 'desc')
        .limit(kept),
    )
    .execute()
}

/** Uses an invitation up: true once, for the address that it was made for, before it expires. */
export async function claimInvitation(
  invitation: { readonly tokenHash: string; readonly email: string },
  now: Date,
  login: Login,
): Promise<boolean> {
  const changed = await login
    .updateTable('invitations')
    .set({ accepted_at: now })
    .where('token_hash', '=', invitation.tokenHash)
    .where('email', '=', invitation.email)
    .where('accepted_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return changed.numUpdatedRows > 0n
}

export async function renameUser(userId: number, name: string, login: Login): Promise<User | undefined> {
  return login
    .updateTable('users')
    .set({ name, updated_at: new Date() })
    .where('id', '=', userId)
    .returning(USER_COLUMNS)
    .executeTakeFirst()
}

/** Undefined where there is no such user. Throws the engine's unique violation where another one has the address. */
export async function readdressUser(userId: number, email: string, login: Login): Promise<User | undefined> {
  return login
    .updateTable('users')
    .set({ email, updated_at: new Date() })
    .where('id', '=', userId)
    .returning(USER_COLUMNS)
    .executeTakeFirst()
}

/** Undefined for users whom another service signs in. */
export async function findPasswordHash(userId: number, login: Login): Promise<string | undefined> {
  const row = await login
    .selectFrom('user_logins')
    .select('password')
    .where('user_id', '=', userId)
    .where('provider_id', '=', 'credential')
    .executeTakeFirst()
  return row?.password ?? undefined
}

export interface UsersPage {
  readonly after: number
  readonly limit: number
  /** Part of a name or an address, in any case; or an id. */
  readonly search?: string | undefined
}

/** A page of users by id. */
export async function listUsers({ after, limit, search = '' }: UsersPage, login: Login): Promise<User[]> {
  const users = login.selectFrom('users').select(USER_COLUMNS).where('id', '>', after).orderBy('id').limit(limit)
  if (search === '') return users.execute()
  const part = `%${search.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`
  return users
    .where((builder) =>
      builder.or([
        builder('name', 'ilike', part),
        builder('email', 'ilike', part),
        builder(sql<string>`id::text`, '=', search),
      ]),
    )
    .execute()
}

export async function listNames(
  ids: readonly number[],
  login: Login,
): Promise<{ readonly id: number; readonly name: string }[]> {
  if (ids.length === 0) return []
  return login.selectFrom('users').select(['id', 'name']).where('id', 'in', ids).execute()
}

export async function lockUser(userId: number, tx: Login): Promise<User | undefined> {
  return tx.selectFrom('users').select(USER_COLUMNS).where('id', '=', userId).forUpdate().executeTakeFirst()
}

export async function updateUser(
  userId: number,
  columns: Partial<Pick<User, 'role' | 'banned' | 'ban_reason' | 'ban_expires'>>,
  login: Login,
): Promise<User> {
  return login
    .updateTable('users')
    .set({ ...columns, updated_at: new Date() })
    .where('id', '=', userId)
    .returning(USER_COLUMNS)
    .executeTakeFirstOrThrow()
}

export async function deleteUserRow(userId: number, login: Login): Promise<void> {
  await login.deleteFrom('users').where('id', '=', userId).execute()
}

export async function deleteSessionsOf(userId: number, login: Login): Promise<void> {
  await login.deleteFrom('sessions').where('user_id', '=', userId).execute()
}

export interface InvitationRow {
  readonly id: number
  readonly email: string
  readonly expires_at: Date
  readonly created_at: Date
}

const INVITATION_COLUMNS = ['id', 'email', 'expires_at', 'created_at'] as const

/** The new invitation, after those of the same address and those that have expired are gone. */
export async function replaceInvitation(
  invitation: { email: string; tokenHash: string; invitedBy: number; expiresAt: Date },
  now: Date,
  tx: Login,
): Promise<InvitationRow> {
  await tx
    .deleteFrom('invitations')
    .where('accepted_at', 'is', null)
    .where((builder) => builder.or([builder('email', '=', invitation.email), builder('expires_at', '<=', now)]))
    .execute()
  return tx
    .insertInto('invitations')
    .values({
      email: invitation.email,
      token_hash: invitation.tokenHash,
      invited_by: invitation.invitedBy,
      expires_at: invitation.expiresAt,
    })
    .returning(INVITATION_COLUMNS)
    .executeTakeFirstOrThrow()
}

/** Those that can still be used, newest first. */
export async function listInvitations(now: Date, limit: number, login: Login): Promise<InvitationRow[]> {
  return login
    .selectFrom('invitations')
    .select(INVITATION_COLUMNS)
    .where('accepted_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** False where there is none that could still be used. */
export async function deleteInvitation(id: number, login: Login): Promise<boolean> {
  const deleted = await login
    .deleteFrom('invitations')
    .where('id', '=', id)
    .where('accepted_at', 'is', null)
    .executeTakeFirst()
  return deleted.numDeletedRows > 0n
}

/** Whether an invitation for the address can still be used. */
export async function isInvited(email: string, now: Date, login: Login): Promise<boolean> {
  const found = await login
    .selectFrom('invitations')
    .select('id')
    .where('email', '=', email)
    .where('accepted_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return found !== undefined
}

export async function deleteInvitationsOf(email: string, login: Login): Promise<void> {
  await login.deleteFrom('invitations').where('email', '=', email).execute()
}
