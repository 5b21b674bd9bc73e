import { describe, expect, it, test } from 'vitest'
import { createFormTokens, isBrowserId, newBrowserId, type FormBinding } from './form-token.ts'

const SECRET = 'a test secret that is long enough for HMAC-SHA256'
const NOW = new Date('2026-11-22T12:00:00Z')
const BINDING: FormBinding = { uid: 'u1', browserId: 'b1', sessionId: '7', userId: 3 }
const TEN_MINUTES_MS = 600_000
const tokens = createFormTokens(SECRET)
const later = (milliseconds: number) => new Date(NOW.getTime() + milliseconds)

describe('the token of a form', () => {
  const token = tokens.mint(BINDING, NOW)

  it('counts for what it was made for, for ten minutes', () => {
    expect(tokens.isValid(token, BINDING, NOW)).toBe(true)
    expect(tokens.isValid(token, BINDING, later(TEN_MINUTES_MS - 1))).toBe(true)
    expect(tokens.isValid(token, BINDING, later(TEN_MINUTES_MS))).toBe(false)
  })

  it('counts on every replica', () => {
    expect(createFormTokens(SECRET).isValid(token, BINDING, NOW)).toBe(true)
  })

  test.each<[string, Partial<FormBinding>]>([
    ['request', { uid: 'u2' }],
    ['browser', { browserId: 'b2' }],
    ['session', { sessionId: '8' }],
    ['session, which has ended', { sessionId: null }],
    ['user', { userId: 4 }],
    ['user, who has left', { userId: null }],
    ['reading of the same characters', { uid: 'u', browserId: '1b1' }],
  ])('does not count for another %s', (_what, other) => {
    expect(tokens.isValid(token, { ...BINDING, ...other }, NOW)).toBe(false)
  })

  it('does not count under another secret', () => {
    expect(createFormTokens(`${SECRET}!`).isValid(token, BINDING, NOW)).toBe(false)
  })

  it('cannot be made to last longer', () => {
    const [expiresAt = '', signature = ''] = token.split('.')
    expect(tokens.isValid(`${Number(expiresAt) + TEN_MINUTES_MS}.${signature}`, BINDING, NOW)).toBe(false)
    expect(tokens.isValid(`0${expiresAt}.${signature}`, BINDING, NOW)).toBe(false)
  })

  it('does not count with any one character changed', () => {
    for (let index = 0; index < token.length; index += 1) {
      const changed = `${token.slice(0, index)}${token[index] === 'A' ? 'B' : 'A'}${token.slice(index + 1)}`
      expect(tokens.isValid(changed, BINDING, NOW), changed).toBe(false)
    }
  })

  test.each([
    '',
    '.',
    'x',
    '1.2.3',
    `${'9'.repeat(17)}.${'A'.repeat(43)}`,
    `1.${'é'.repeat(43)}`,
    `1.${'A'.repeat(1e6)}`,
  ])('is refused where it is %.20j', (malformed) => {
    expect(tokens.isValid(malformed, BINDING, NOW)).toBe(false)
  })
})

describe('the cookie of a browser', () => {
  it('is 256 bits that nobody can guess', () => {
    const ids = new Set(Array.from({ length: 100 }, newBrowserId))
    expect(ids.size).toBe(100)
    for (const id of ids) expect(isBrowserId(id)).toBe(true)
  })

  test.each([undefined, '', 'short', 'A'.repeat(44), `${'A'.repeat(42)}"`, `${'A'.repeat(42)}\n`])(
    '%j is none of ours',
    (text) => {
      expect(isBrowserId(text)).toBe(false)
    },
  )
})
