import { describe, expect, it } from 'vitest'
import { DEFAULT_TOKEN_SCOPES } from '#kernel/principal.ts'
import { trusting } from '#test/support/trusted-issuer.ts'
import { readClaims } from './claims.ts'

const NOW = new Date('2026-11-22T12:00:00Z')
const SECONDS = NOW.getTime() / 1_000
const ISSUER = trusting('https://login.example.com')

const read = (claims: Record<string, unknown>, issuer = ISSUER) =>
  readClaims({ sub: 'ana', iat: SECONDS, exp: SECONDS + 600, ...claims }, issuer, NOW)
const valueOf = (claims: Record<string, unknown>, issuer = ISSUER) => {
  const outcome = read(claims, issuer)
  if (!outcome.ok) throw new Error(outcome.problem.detail)
  return outcome.value
}

describe('the claims of a token', () => {
  it('name the subject, the person and the end', () => {
    expect(valueOf({ email: ' Ana@Example.com ', name: 'Ana' })).toEqual({
      subject: 'ana',
      email: 'ana@example.com',
      name: 'Ana',
      scopes: new Set(DEFAULT_TOKEN_SCOPES),
      expiresAt: new Date('2026-11-22T12:10:00Z'),
    })
  })

  it.each([
    [0, '0'],
    [42, '42'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    ['auth0|65f0', 'auth0|65f0'],
    ['José', 'José'],
    ['x'.repeat(255), 'x'.repeat(255)],
  ])('take the subject %j', (sub, expected) => expect(valueOf({ sub }).subject).toBe(expected))

  it.each([
    [undefined],
    [null],
    [''],
    ['  '],
    [['ana']],
    [{ id: 'ana' }],
    [true],
    [1.5],
    [-1],
    [2 ** 53],
    ['x'.repeat(256)],
    ['x'.repeat(10_000)],
    ['ana\0'],
    ['ana\n'],
    ['ana\u200b'],
    ['ana\u202e'],
    ['\ud800'],
  ])('refuse the subject %j', (sub) => {
    expect(read({ sub })).toMatchObject({ ok: false, problem: { code: 'invalid_token' } })
  })

  it('may keep the user elsewhere, and are not asked of what every object has', () => {
    const issuer = trusting('https://login.example.com', { userClaim: 'https://example.com/uid' })
    expect(valueOf({ 'https://example.com/uid': 7 }, issuer).subject).toBe('7')
    expect(read({}, issuer).ok).toBe(false)
    expect(read({}, trusting('https://a.example', { userClaim: 'constructor' })).ok).toBe(false)
  })

  it.each([
    [{ exp: SECONDS }, 'expired_token'],
    [{ exp: SECONDS - 20 }, 'expired_token'],
    [{ exp: SECONDS + 86_401 }, 'invalid_token'],
    [{ exp: SECONDS + 600, iat: SECONDS - 86_000 }, 'invalid_token'],
    [{ exp: SECONDS + 86_401, iat: undefined }, 'invalid_token'],
    [{ exp: 1e300, iat: undefined }, 'invalid_token'],
    // From the future, its life is still counted from now.
    [{ exp: SECONDS + 86_410, iat: SECONDS + 20 }, 'invalid_token'],
    [{ iat: SECONDS + 31 }, 'invalid_token'],
    [{ aud: ['chaveiro', 'other'] }, 'invalid_token'],
    [{ cnf: { jkt: 'thumbprint' } }, 'invalid_token'],
  ])('refuse %o', (claims, code) => expect(read(claims)).toMatchObject({ ok: false, problem: { code } }))

  it.each([
    [{ exp: SECONDS + 86_400 }],
    [{ exp: SECONDS + 0.5 }],
    [{ iat: SECONDS + 30 }],
    [{ iat: undefined }],
    [{ aud: ['one'] }],
  ])('take %o', (claims) => expect(read(claims).ok).toBe(true))

  it.each([
    [undefined],
    [''],
    ['not an address'],
    [['ana@example.com']],
    [`${'x'.repeat(250)}@example.com`],
    ['a\0@example.com'],
    ['ana@external.invalid'],
    ['Ana@EXTERNAL.invalid'],
  ])('have no e-mail address where it is %j', (email) => {
    expect(valueOf({ email }).email).toBeUndefined()
  })

  it('have no e-mail address that the issuer did not verify', () => {
    expect(valueOf({ email: 'ana@example.com', email_verified: false }).email).toBeUndefined()
    expect(valueOf({ email: 'ana@example.com', email_verified: true }).email).toBe('ana@example.com')
  })

  it.each([[undefined], [''], [7], ['x'.repeat(101)], ['a\0b'], ['\u202egnp.exe'], ['\udc00']])(
    'have no name where it is %j',
    (name) => expect(valueOf({ name }).name).toBeUndefined(),
  )

  describe('with a claim of scopes', () => {
    const issuer = trusting('https://a.example', { scopesClaim: 'scope', scopes: ['tools:read', 'chat'] })

    it.each([
      ['tools:read chat', ['tools:read', 'chat']],
      [['chat'], ['chat']],
      ['tools:read tools:write admin account', ['tools:read']],
      ['openid', []],
      ['', []],
      [undefined, []],
      [null, []],
      [{ chat: true }, []],
      [['tools:read chat'], []],
    ])('%j gives %j', (scope, expected) => {
      expect([...valueOf({ scope }, issuer).scopes]).toEqual(expected)
    })
  })
})
