import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'
import { USER_COLUMNS } from './store.ts'
import type { User } from './user.ts'

/** All SQL for sessions: the login role's own table. */

type Login = Kysely<Tables>

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

/** What a person needs to recognise a session, without the token. */
export interface ListedSession extends Pick<SessionRow, 'session_id' | 'expires_at' | 'session_created_at'> {
  readonly ip_address: string | null
  readonly user_agent: string | null
}

/** Those that have not ended, newest first. */
export async function listSessions(
  userId: number,
  page: { now: Date; limit: number },
  login: Login,
): Promise<ListedSession[]> {
  return login
    .selectFrom('sessions')
    .select(['id as session_id', 'expires_at', 'created_at as session_created_at', 'ip_address', 'user_agent'])
    .where('user_id', '=', userId)
    .where('expires_at', '>', page.now)
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute()
}

/** False where the user has no such session. */
export async function deleteSessionById(userId: number, id: number, login: Login): Promise<boolean> {
  const deleted = await login
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .executeTakeFirst()
  return deleted.numDeletedRows > 0n
}

/** Ends all sessions of a user but one. Gives how many there were. */
export async function deleteOtherSessions(userId: number, kept: number | null, login: Login): Promise<number> {
  const others = login.deleteFrom('sessions').where('user_id', '=', userId)
  const deleted = await (kept === null ? others : others.where('id', '!=', kept)).executeTakeFirst()
  return Number(deleted.numDeletedRows)
}

/** Deletes a user's sessions that have ended, and those beyond the newest ones. */
export async function forgetSessions(userId: number, keep: { now: Date; newest: number }, login: Login): Promise<void> {
  await login
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .where((builder) =>
      builder.or([
        builder('expires_at', '<=', keep.now),
        builder(
          'id',
          'not in',
          builder
            .selectFrom('sessions')
            .select('id')
            .where('user_id', '=', userId)
            .orderBy('id', 'desc')
            .limit(keep.newest),
        ),
      ]),
    )
    .execute()
}

export async function deleteSessionsOf(userId: number, login: Login): Promise<void> {
  await login.deleteFrom('sessions').where('user_id', '=', userId).execute()
}
