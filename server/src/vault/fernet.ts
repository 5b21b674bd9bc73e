import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto'
import { MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'

/**
 * Fernet as its specification and Python's `cryptography` have it:
 * `base64url(0x80 || uint64be(unix seconds) || iv || AES-128-CBC-PKCS7 || HMAC-SHA256)`, padded.
 * Stricter than Python in one point: a token with characters that its decoder would skip is refused.
 */

const VERSION = 0x80
const TIME_OFFSET = 1
const IV_OFFSET = 9 // after the version and eight bytes of time
const IV_BYTES = 16
const CIPHERTEXT_OFFSET = IV_OFFSET + IV_BYTES
const BLOCK_BYTES = 16 // AES; padding always leaves at least one block
const TAG_BYTES = 32
const SMALLEST_TOKEN_BYTES = CIPHERTEXT_OFFSET + BLOCK_BYTES + TAG_BYTES
const HALF_KEY_BYTES = 16 // the specification: first half signs, second half encrypts
/** Seconds by which another machine's clock may be ahead; the value of Python's `cryptography`. */
const CLOCK_SKEW_SECONDS = 60

export const FERNET_KEY_BYTES = 32

export interface FernetKey {
  readonly signing: KeyObject
  readonly encryption: KeyObject
}

/** Splits 32 raw bytes into the two halves. The caller wipes `raw`. */
export function fernetKey(raw: Buffer): FernetKey {
  if (raw.length !== FERNET_KEY_BYTES) throw new TypeError('A Fernet key has 32 bytes')
  return {
    signing: createSecretKey(raw.subarray(0, HALF_KEY_BYTES)),
    encryption: createSecretKey(raw.subarray(HALF_KEY_BYTES)),
  }
}

/** Strict base64url with padding: what encoding the result again gives back to the letter, or undefined. */
export function decodeBase64Url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return encodeBase64Url(bytes) === text ? bytes : undefined
}

/** With padding, as the specification of Fernet has it; Node writes none. */
export function encodeBase64Url(bytes: Buffer): string {
  const text = bytes.toString('base64url')
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

function sign(key: FernetKey, signed: Uint8Array): Buffer {
  return createHmac('sha256', key.signing).update(signed).digest()
}

/** A new token. `at` and `iv` are given by tests of known answers only; an initialisation vector must never repeat. */
export function encryptFernet(
  key: FernetKey,
  plaintext: Uint8Array,
  at: Date = new Date(),
  iv: Buffer = randomBytes(IV_BYTES),
): string {
  const head = Buffer.alloc(IV_OFFSET)
  head[0] = VERSION
  head.writeBigUInt64BE(BigInt(Math.floor(at.getTime() / MILLISECONDS_PER_SECOND)), TIME_OFFSET)
  const cipher = createCipheriv('aes-128-cbc', key.encryption, iv)
  const signed = Buffer.concat([head, iv, cipher.update(plaintext), cipher.final()])
  return encodeBase64Url(Buffer.concat([signed, sign(key, signed)]))
}

/** Refuses a token older than `ttlSeconds`, or from the future. Never used for what lies in a row. */
export interface AgeLimit {
  readonly ttlSeconds: number
  readonly now: Date
}

function tooOldOrTooNew(bytes: Buffer, age: AgeLimit): boolean {
  const createdSeconds = Number(bytes.readBigUInt64BE(TIME_OFFSET))
  const nowSeconds = Math.floor(age.now.getTime() / MILLISECONDS_PER_SECOND)
  return createdSeconds + age.ttlSeconds < nowSeconds || nowSeconds + CLOCK_SKEW_SECONDS < createdSeconds
}

/**
 * The plaintext in memory of its own (not pooled), for the caller to wipe with `fill(0)`; or undefined, for whatever
 * is wrong: what exactly is nobody's business, so that no answer tells padding from authenticity.
 */
export function decryptFernet(key: FernetKey, token: string, age?: AgeLimit): Buffer | undefined {
  const bytes = decodeBase64Url(token)
  if (bytes === undefined || bytes.length < SMALLEST_TOKEN_BYTES || bytes[0] !== VERSION) return undefined
  const tagOffset = bytes.length - TAG_BYTES
  if (!timingSafeEqual(sign(key, bytes.subarray(0, tagOffset)), bytes.subarray(tagOffset))) return undefined
  if (age !== undefined && tooOldOrTooNew(bytes, age)) return undefined
  return decryptBlocks(key, bytes.subarray(IV_OFFSET, CIPHERTEXT_OFFSET), bytes.subarray(CIPHERTEXT_OFFSET, tagOffset))
}

function decryptBlocks(key: FernetKey, iv: Buffer, ciphertext: Buffer): Buffer | undefined {
  const decipher = createDecipheriv('aes-128-cbc', key.encryption, iv)
  const first = decipher.update(ciphertext)
  try {
    const last = decipher.final()
    const plaintext = Buffer.allocUnsafeSlow(first.length + last.length)
    plaintext.set(first)
    plaintext.set(last, first.length)
    last.fill(0)
    return plaintext
  } catch {
    return undefined // padding or a broken block: only who holds the key can have made such a token
  } finally {
    first.fill(0)
  }
}
