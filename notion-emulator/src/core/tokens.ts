import { createHash } from 'node:crypto'
import type { Token } from '../state/model.ts'

const TOKEN_PREFIX = 'ntn_'
const CLIENT_SECRET_PREFIX = 'secret_'
/** Length of the part after the prefix, as Notion's own tokens and client secrets have it. */
const TOKEN_BODY_LENGTH = 46
const CLIENT_SECRET_BODY_LENGTH = 43
const FINGERPRINT_LENGTH = 12
const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** The same well-formed token for the same text: a demo keeps its keys from run to run. */
export function derivedToken(text: string, prefix = TOKEN_PREFIX): string {
  return prefix + letters(`token\u0000${text}`, TOKEN_BODY_LENGTH)
}

/** The same client secret for the same integration. */
export function derivedSecret(integrationId: string): string {
  return CLIENT_SECRET_PREFIX + letters(`client secret\u0000${integrationId}`, CLIENT_SECRET_BODY_LENGTH)
}

/** Letters and digits that follow from a text; at most 64 of them. */
function letters(text: string, length: number): string {
  const bytes = createHash('sha512').update(text).digest().subarray(0, length)
  return [...bytes].map((byte) => ALPHANUMERIC.charAt(byte % ALPHANUMERIC.length)).join('')
}

/** Whether a token is neither revoked, replaced nor expired. */
export function isUsable(token: Token, now: number): boolean {
  return !token.revoked && token.replacedBy === null && (token.expiresAt === null || token.expiresAt > now)
}

/** What is stored instead of the token. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** A short name for a token that tells nothing about it; the only form that logs hold. */
export function tokenFingerprint(token: string): string {
  return tokenHash(token).slice(0, FINGERPRINT_LENGTH)
}
