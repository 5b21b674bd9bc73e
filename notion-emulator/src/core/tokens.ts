import { createHash } from 'node:crypto'

const TOKEN_PREFIX = 'ntn_'
/** Length of the part after the prefix, as Notion's own tokens have it. */
const TOKEN_BODY_LENGTH = 46
const FINGERPRINT_LENGTH = 12
const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** The same well-formed token for the same text: a demo keeps its keys from run to run. */
export function derivedToken(text: string): string {
  const bytes = createHash('sha512').update(`token\u0000${text}`).digest()
  let body = ''
  for (let index = 0; index < TOKEN_BODY_LENGTH; index += 1) {
    body += ALPHANUMERIC.charAt((bytes[index] ?? 0) % ALPHANUMERIC.length)
  }
  return TOKEN_PREFIX + body
}

/** What is stored instead of the token. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** A short name for a token that tells nothing about it; the only form that logs hold. */
export function tokenFingerprint(token: string): string {
  return tokenHash(token).slice(0, FINGERPRINT_LENGTH)
}
