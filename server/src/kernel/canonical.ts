import { createHash } from 'node:crypto'

/** One text for one value, whatever the order of its keys: what hashes and digests are taken over. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value))
}

/** SHA-256 of the canonical text, hex. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, member]) => [key, sortKeys(member)]))
}
