import { createHash, randomUUID } from 'node:crypto'

/** Makes lower-case hyphenated version 4 UUIDs. */
export type IdGenerator = () => string

/** Ids that cannot be guessed, for a server that lives for a while. */
export const randomIds: IdGenerator = () => randomUUID()

const UUID_HEX_DIGITS = 32
const UUID_PATTERN = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i
const NIL_UUID = '0'.repeat(UUID_HEX_DIGITS)
/** Position, among the hex digits, of the RFC 4122 variant: real Notion refuses ids where it is not 8, 9, a or b. */
const VARIANT_POSITION = 16

/** The same UUID for the same text, so that seeds and demos are stable from run to run. */
export function derivedId(...parts: string[]): string {
  const digest = createHash('sha256').update(parts.join('\u0000')).digest('hex')
  const variant = '89ab'[Number.parseInt(digest.charAt(VARIANT_POSITION), 16) % 4]
  const hex = `${digest.slice(0, 12)}4${digest.slice(13, 16)}${variant}${digest.slice(17, UUID_HEX_DIGITS)}`
  return hyphenated(hex)
}

/** A generator whose nth id depends only on the seed and n. */
export function derivedIds(seed: string): IdGenerator {
  let count = 0
  return () => {
    count += 1
    return derivedId(seed, String(count))
  }
}

/** The canonical form of an id with or without hyphens, or null when Notion would refuse it. */
export function parseId(text: unknown): string | null {
  if (typeof text !== 'string' || !UUID_PATTERN.test(text)) return null
  const hex = text.replaceAll('-', '').toLowerCase()
  const variant = hex.charAt(VARIANT_POSITION)
  return '89ab'.includes(variant) || hex === NIL_UUID ? hyphenated(hex) : null
}

/** 32 hex digits without hyphens, as page addresses end. */
export function compactId(id: string): string {
  return id.replaceAll('-', '')
}

function hyphenated(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
