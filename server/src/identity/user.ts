import { SCOPES, type Principal, type Scope } from '#kernel/principal.ts'
import { failure } from '#kernel/problem.ts'

/** Users, as the rest of the server and the wire see them. */

export type Role = Principal['role']

export interface User {
  readonly id: number
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly banned: boolean
  readonly ban_reason: string | null
  readonly ban_expires: Date | null
  readonly created_at: Date
}

/** Whether the user is kept out at this moment. A ban without an end lasts. */
export function isBanned(user: Pick<User, 'banned' | 'ban_expires'>, now: Date): boolean {
  return user.banned && (user.ban_expires === null || user.ban_expires > now)
}

/** Everything that a role allows: what a session holds, and the most that a token of that user may hold. */
export function scopesOf(role: Role): ReadonlySet<Scope> {
  return new Set(role === 'user' ? SCOPES.filter((scope) => scope !== 'admin') : SCOPES)
}

/** How e-mail addresses are stored and compared. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase()
}

/** Somebody deleted the user while a request of theirs was on its way. */
export const USER_GONE = failure('not_found', 'This user no longer exists.')
