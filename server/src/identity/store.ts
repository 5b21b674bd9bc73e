import { sql, type Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'
import type { Role, User } from './user.ts'

/** All SQL for users and what they sign in with: the login role's own tables. */

type Login = Kysely<Tables>

/** Of {@link User}. */
export const USER_COLUMNS = [
  'id',
  'name',
  'email',
  'role',
  'banned',
  'ban_reason',
  'ban_expires',
  'created_at',
] as const

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

/** Undefined where there is no such user. */
export async function updateUser(
  userId: number,
  columns: Partial<Pick<User, 'role' | 'banned' | 'ban_reason' | 'ban_expires'>>,
  login: Login,
): Promise<User | undefined> {
  return login
    .updateTable('users')
    .set({ ...columns, updated_at: new Date() })
    .where('id', '=', userId)
    .returning(USER_COLUMNS)
    .executeTakeFirst()
}

/** Suspends a user, whatever they are; the answer is what they were. Undefined where there is no such user. */
export async function suspendUser(userId: number, reason: string, login: Login): Promise<User | undefined> {
  return login.transaction().execute(async (tx) => {
    const user = await lockUser(userId, tx)
    await updateUser(userId, { banned: true, ban_reason: reason, ban_expires: null }, tx)
    return user
  })
}

/** Puts back what stood before a suspension, unless somebody has decided otherwise since: then its reason is another. */
export async function undoSuspension(
  { id, banned, ban_reason, ban_expires }: User,
  reason: string,
  login: Login,
): Promise<void> {
  await login
    .updateTable('users')
    .set({ banned, ban_reason, ban_expires, updated_at: new Date() })
    .where('id', '=', id)
    .where('ban_reason', '=', reason)
    .execute()
}

export async function deleteUserRow(userId: number, login: Login): Promise<void> {
  await login.deleteFrom('users').where('id', '=', userId).execute()
}
