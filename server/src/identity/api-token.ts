import { hash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

/**
 * What an API token looks like: `chv_`, random base62, and a checksum, so that scanners find leaked ones and a mistyped one
 * is refused without a look-up. Only the SHA-256 of it is stored; the randomness makes a slow hash needless.
 */

export const API_TOKEN_PREFIX = 'chv_'
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 62^33 > 2^196: more than the 192 bits that nobody guesses. */
const RANDOM_LENGTH = 33
/** 62^6 > 2^32, the range of CRC-32. */
const CHECKSUM_LENGTH = 6
const SHAPE = new RegExp(`^${API_TOKEN_PREFIX}[0-9A-Za-z]{${RANDOM_LENGTH + CHECKSUM_LENGTH}}$`)
/** Hex characters of a token's hash that name it in the audit log. */
const FINGERPRINT_LENGTH = 8

/** A new token; the only moment at which it exists in readable form. */
export function generateApiToken(): string {
  const random = Array.from({ length: RANDOM_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')
  const body = API_TOKEN_PREFIX + random
  return body + checksumOf(body)
}

/** True where length, alphabet and checksum fit: the token may exist. */
export function isWellFormedApiToken(token: string): boolean {
  if (!SHAPE.test(token)) return false
  return checksumOf(token.slice(0, -CHECKSUM_LENGTH)) === token.slice(-CHECKSUM_LENGTH)
}

/** SHA-256 in hex: how tokens and invitations are stored and looked up. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'hex')
}

/** Names a token in the audit log without being of any use to who reads it. */
export function fingerprintOf(token: string): string {
  return hashToken(token).slice(0, FINGERPRINT_LENGTH)
}

function checksumOf(text: string): string {
  let rest = crc32(text)
  let checksum = ''
  for (let position = 0; position < CHECKSUM_LENGTH; position += 1) {
    checksum = ALPHABET.charAt(rest % ALPHABET.length) + checksum
    rest = Math.floor(rest / ALPHABET.length)
  }
  return checksum
}
