import { timingSafeEqual } from 'node:crypto'
import { hashOf } from '#oauth/library/record-seal.ts'

/** Client secrets as they lie in the database and in memory. Ours are 256 random bits, so a plain hash is enough. */

const PREFIX = 'sha256:'

export function hashSecret(secret: string): string {
  return PREFIX + hashOf(secret)
}

export function isSecret(presented: string, hashed: string): boolean {
  const [actual, expected] = [Buffer.from(hashSecret(presented)), Buffer.from(hashed)]
  return actual.length === expected.length && timingSafeEqual(actual, expected)
}
