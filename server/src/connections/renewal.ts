import { createHash } from 'node:crypto'
import { MILLISECONDS_PER_MINUTE } from '#kernel/clock.ts'
import type { Credential } from '#providers/contract.ts'
import type { ConnectionRow } from './connection.ts'

/** Access that ends, and the rules by which it is renewed. */

/** What a token endpoint gave: the members that a credential won by OAuth has, and those that the provider keeps. */
export interface Tokens extends Credential {
  readonly access_token: string
  readonly refresh_token?: string
  /** ISO 8601 */
  readonly expires_at?: string
  readonly scope?: string
}

/** How one attempt to renew ended. Reasons are for people: they never quote a token. */
export type Renewal =
  | { readonly kind: 'renewed'; readonly tokens: Tokens }
  /** `invalid_grant` or the provider's equivalent: no further attempt can succeed. */
  | { readonly kind: 'ended'; readonly reason: string }
  /** Anything else, an answer that makes no sense included: the grant may be as good as before. */
  | { readonly kind: 'failed'; readonly reason: string }

/** Asks the provider once for new tokens. May throw: that counts as failed. */
export type RenewGrant = (row: ConnectionRow, credential: Credential, signal: AbortSignal) => Promise<Renewal>

/** A token that ends within this time may end on its way to the provider. */
const EXPIRY_MARGIN_MS = MILLISECONDS_PER_MINUTE

/** Parts of the lifetime of a token between which it is renewed in the background: spread, so that no hour brings all at once. */
const RENEWED_FROM = 0.6
const RENEWED_UNTIL = 0.85

export interface Expiry {
  readonly expires_at: Date | null
  readonly refresh_at: Date | null
}

/** The columns of a connection that say when its access ends, and when it is renewed ahead of that. */
export function expiryOf(credential: Credential, now: Date, random: () => number = Math.random): Expiry {
  const ends = Date.parse(textOf(credential['expires_at']) ?? '')
  if (Number.isNaN(ends)) return { expires_at: null, refresh_at: null }
  const part = RENEWED_FROM + random() * (RENEWED_UNTIL - RENEWED_FROM)
  const renewed = now.getTime() + Math.max(ends - now.getTime(), 0) * part
  return { expires_at: new Date(ends), refresh_at: refreshTokenOf(credential) === null ? null : new Date(renewed) }
}

/**
 * True where a call must not go out with the token as it is. Known from the row alone, so that a connection without an end
 * costs a call nothing. A token that lives for less than the margin counts as fresh until it is due in the background.
 */
export function isDue(
  { expires_at, refresh_at }: Pick<ConnectionRow, 'expires_at' | 'refresh_at'>,
  now: Date,
): boolean {
  if (expires_at === null) return false
  const ends = expires_at.getTime()
  const ahead = Math.max(ends - EXPIRY_MARGIN_MS, refresh_at?.getTime() ?? 0)
  return now.getTime() >= Math.min(ends, ahead)
}

/** The credential with its new tokens. An answer without a refresh token leaves the one that there was. */
export function renewedCredential(before: Credential, tokens: Tokens): Credential {
  const { expires_at: _ended, ...kept } = before
  return { ...kept, ...Object.fromEntries(Object.entries(tokens).filter(([, value]) => value !== undefined)) }
}

/** Null where the grant ends with its access token. */
export function refreshTokenOf(credential: Credential): string | null {
  return textOf(credential['refresh_token'])
}

/** Tells one grant's tokens from another's without keeping them. */
export function digestOfGrant(credential: Credential): string {
  const token = refreshTokenOf(credential) ?? textOf(credential['access_token']) ?? ''
  return createHash('sha256').update(token).digest('hex')
}

/** Null for what is no text, and for the empty one. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
