import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'

/**
 * How the library's records lie in the database. Their identifier is the secret itself (a code, a refresh token, the cookie of an
 * interaction), so a row is found by its hash, and its payload is encrypted under a key that only the identifier gives.
 * Identifiers hold at least 126 random bits, so one HMAC is derivation enough.
 */

const CIPHER = 'aes-256-gcm'
/** Bytes; NIST SP 800-38D 8.2. Each key seals a handful of payloads. */
const NONCE_BYTES = 12
const TAG_BYTES = 16
const KEY_LABEL = 'chaveiro/oauth-record/v1'

/** SHA-256, hex. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function keyOf(model: string, id: string): Buffer {
  return createHmac('sha256', id).update(`${KEY_LABEL}/${model}`).digest()
}

export function sealPayload(model: string, id: string, payload: object): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, keyOf(model, id), nonce)
  const text = Buffer.concat([cipher.update(JSON.stringify(payload), 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')
}

/** The payload; undefined where the row was tampered with or belongs to another identifier. */
export function openPayload(model: string, id: string, sealed: string): Record<string, unknown> | undefined {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined
  const decipher = createDecipheriv(CIPHER, keyOf(model, id), bytes.subarray(0, NONCE_BYTES))
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
    return JSON.parse(text.toString('utf8')) as Record<string, unknown>
  } catch {
    return undefined
  }
}
