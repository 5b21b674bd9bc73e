import { describe, expect, it } from 'vitest'
import { API_TOKEN_PREFIX, fingerprintOf, generateApiToken, hashToken, isWellFormedApiToken } from './api-token.ts'

// CRC-32 of `chv_000…0` (33 zeros), computed apart from this code with Python's zlib, in base62.
const KNOWN = 'chv_0000000000000000000000000000000004PXdGN'

describe('API token', () => {
  it('has the prefix, base62 and a fixed length', () => {
    expect(generateApiToken()).toMatch(/^chv_[0-9A-Za-z]{39}$/)
  })

  it('agrees with an independent checksum', () => {
    expect(isWellFormedApiToken(KNOWN)).toBe(true)
  })

  it('is well formed whenever it was generated, and never the same', () => {
    const tokens = Array.from({ length: 500 }, generateApiToken)
    expect(tokens.every(isWellFormedApiToken)).toBe(true)
    expect(new Set(tokens).size).toBe(tokens.length)
  })

  it('uses the whole alphabet about evenly', () => {
    const random = Array.from({ length: 2_000 }, () => generateApiToken().slice(4, 37)).join('')
    const counts = new Map<string, number>()
    for (const character of random) counts.set(character, (counts.get(character) ?? 0) + 1)
    // 66,000 characters over 62 letters: about 1,065 each; six standard deviations are 196.
    expect(counts.size).toBe(62)
    for (const count of counts.values()) expect(Math.abs(count - 66_000 / 62)).toBeLessThan(196)
  })

  it('is refused with any one character changed', () => {
    const token = generateApiToken()
    for (let position = API_TOKEN_PREFIX.length; position < token.length; position += 1) {
      const other = token[position] === 'A' ? 'B' : 'A'
      expect(isWellFormedApiToken(token.slice(0, position) + other + token.slice(position + 1))).toBe(false)
    }
  })

  it.each([
    ['empty', ''],
    ['the prefix alone', 'chv_'],
    ['shorter', KNOWN.slice(0, -1)],
    ['longer', `${KNOWN}0`],
    ['another prefix', KNOWN.replace('chv_', 'ghp_')],
    ['a line after it', `${KNOWN}\n`],
    ['not base62', `chv_${'-'.repeat(39)}`],
  ])('is refused when it is %s', (_what, token) => {
    expect(isWellFormedApiToken(token)).toBe(false)
  })
})

describe('hash and fingerprint', () => {
  it('are SHA-256 in hex and its beginning', () => {
    expect(hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(fingerprintOf('abc')).toBe('ba7816bf')
  })
})
