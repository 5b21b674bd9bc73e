import { createHash, randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { ConnectSessionsTable } from '#db/connection-tables.ts'
import { LARGEST_ID } from '#kernel/http.ts'
import type { Principal } from '#kernel/principal.ts'

/**
 * A link by which somebody connects one provider for one user, without a session here: a program made it with that
 * user's token and sends them through. It lasts ten minutes, counts once, and is kept as a hash.
 */

export type ConnectSessionRow = Selectable<ConnectSessionsTable>

/** Minutes for a person to find a key, or to sign in at the provider and to decide. */
export const SESSION_MINUTES = 10

/** Name of the query parameter that holds the token of a link. */
export const SESSION_PARAMETER = 'session'

/** 256 bits: nobody guesses it. */
const SECRET_BYTES = 32
/** The user's id leads to their own rows; only the whole, by its hash, leads to one of them. */
const TOKEN = /^chs_(\d{1,10})_[\w-]{43}$/

export function newSessionToken(userId: number): string {
  return `chs_${userId}_${randomBytes(SECRET_BYTES).toString('base64url')}`
}

/** @returns null where it cannot be a token of ours */
export function readSessionToken(text: string): { readonly userId: number; readonly hash: string } | null {
  const userId = Number(TOKEN.exec(text)?.[1] ?? 0)
  if (userId < 1 || userId > LARGEST_ID) return null
  return { userId, hash: createHash('sha256').update(text).digest('hex') }
}

/** How a link stands at a time. */
export function standingOf(row: Pick<ConnectSessionRow, 'used_at' | 'expires_at'>, now: Date) {
  if (row.used_at !== null) return 'used'
  return row.expires_at <= now ? 'expired' : 'open'
}

/** Whoever follows the link, as far as it reaches: it changes connections of its user, and nothing else. */
export function principalOf(row: ConnectSessionRow): Principal {
  return {
    userId: row.user_id,
    role: 'user',
    scopes: new Set(['connections:write']),
    via: { kind: row.made_by, id: row.made_by_id },
    connectSessionId: row.id,
  }
}
