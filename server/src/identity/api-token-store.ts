import type { Transaction } from '#db/database.ts'
import type { Role } from './user.ts'

/** All SQL for API tokens. */

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
