import { createHmac, createSign } from 'node:crypto'
import fc from 'fast-check'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '#db/database.ts'
import {
  createSigner,
  documentsOf,
  TEST_AUDIENCE,
  trusting,
  writtenWeb,
  type Signer,
} from '#test/support/trusted-issuer.ts'
import { createExternalJwtVerifier, type ExternalJwtVerifier } from './external-jwt.ts'

/** Tokens that must not get as far as the database: there is none here. */

const ISSUER = 'https://login.example.com/tenant'
const NOW = new Date('2026-11-22T12:00:00Z')
const SECONDS = NOW.getTime() / 1_000
const REACHED = new Error('the database was reached')

const part = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

describe('a token of a trusted issuer', () => {
  let signer: Signer
  let stranger: Signer
  let verifier: ExternalJwtVerifier
  let documents: () => Record<string, unknown>

  beforeAll(async () => {
    signer = await createSigner(ISSUER, { now: () => NOW })
    stranger = await createSigner(ISSUER, { now: () => NOW })
  })
  beforeEach(() => {
    documents = () => documentsOf(ISSUER, signer)
    const database = {
      asSystem: () => {
        throw REACHED
      },
    } as unknown as Database
    verifier = createExternalJwtVerifier({
      database,
      audit: { record: async () => {} },
      clock: { now: () => NOW },
      log: { warn: () => {} },
      egress: writtenWeb(() => documents()),
      issuers: [trusting(ISSUER)],
    })
  })

  const codeOf = async (token: string) => {
    const verdict = await verifier.verify(token)
    return verdict.ok ? 'ok' : verdict.problem.code
  }
  /** Signs header and payload as they are written, also what the library would refuse to sign. */
  const signed = async (header: unknown, payload: unknown, by: Signer = signer) => {
    const input = `${part(header)}.${part(payload)}`
    const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, by.privateKey(), Buffer.from(input))
    return `${input}.${Buffer.from(signature).toString('base64url')}`
  }
  const HEADER = { alg: 'ES256', kid: 'key-1' }
  const CLAIMS = { iss: ISSUER, aud: TEST_AUDIENCE, sub: 'ana', iat: SECONDS, exp: SECONDS + 600 }

  it('is looked up where everything is right', async () => {
    await expect(verifier.verify(await signer.mint())).rejects.toBe(REACHED)
    await expect(verifier.verify(await signed(HEADER, CLAIMS))).rejects.toBe(REACHED)
    await expect(verifier.verify(await signer.mint({ aud: [TEST_AUDIENCE] }, { typ: 'at+jwt' }))).rejects.toBe(REACHED)
    await expect(verifier.verify(await signer.mint({ nbf: SECONDS + 30 }, { typ: undefined }))).rejects.toBe(REACHED)
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['expired', { exp: SECONDS - 1 }, 'expired_token'],
    ['expired long ago', { exp: SECONDS - 86_400, iat: SECONDS - 90_000 }, 'expired_token'],
    ['ends at this moment', { exp: SECONDS }, 'expired_token'],
    ['without an end', { exp: undefined }, 'invalid_token'],
    ['ending in words', { exp: 'tomorrow' }, 'invalid_token'],
    ['ending in digits of a text', { exp: String(SECONDS + 600) }, 'invalid_token'],
    ['ending never', { exp: null }, 'invalid_token'],
    ['lasting longer than a day', { exp: SECONDS + 86_401 }, 'invalid_token'],
    ['for nobody', { aud: undefined }, 'invalid_token'],
    ['for another audience', { aud: 'https://other.example' }, 'invalid_token'],
    ['for an audience that begins like ours', { aud: `${TEST_AUDIENCE}.evil.example` }, 'invalid_token'],
    ['for us with a slash', { aud: `${TEST_AUDIENCE}/` }, 'invalid_token'],
    ['for us among others', { aud: [TEST_AUDIENCE, 'https://other.example'] }, 'invalid_token'],
    ['for an empty list', { aud: [] }, 'invalid_token'],
    ['for an object', { aud: { [TEST_AUDIENCE]: true } }, 'invalid_token'],
    ['not valid yet', { nbf: SECONDS + 31 }, 'invalid_token'],
    ['valid from words on', { nbf: 'now' }, 'invalid_token'],
    ['issued in the future', { iat: SECONDS + 31 }, 'invalid_token'],
    ['issued in words', { iat: 'now' }, 'invalid_token'],
    ['without a subject', { sub: undefined }, 'invalid_token'],
    ['with an empty subject', { sub: '' }, 'invalid_token'],
    ['with a list of subjects', { sub: ['ana', 'bruno'] }, 'invalid_token'],
    ['with a subject of an object', { sub: { id: 1 } }, 'invalid_token'],
    ['with NUL in its subject', { sub: 'ana\0' }, 'malformed_token'],
    ['with half a character as subject', { sub: '\ud800' }, 'malformed_token'],
    ['with a long subject', { sub: 'x'.repeat(256) }, 'invalid_token'],
    ['bound to a key', { cnf: { jkt: 'x' } }, 'invalid_token'],
  ])('is refused: %s', async (_, claims, code) => {
    const token = await signer.mint(claims)
    expect(verifier.recognises(token)).toBe(true)
    expect(await codeOf(token)).toBe(code)
  })

  it.each<[string, Record<string, unknown>]>([
    ['another key id', { kid: 'key-2' }],
    ['an empty key id', { kid: '' }],
    ['a key id that is a path', { kid: '../../../dev/null' }],
    ['a logout token', { typ: 'logout+jwt' }],
    ['a proof', { typ: 'dpop+jwt' }],
    ['a type that is no text', { typ: 7 }],
    ['an unknown extension', { crit: ['exp-policy'], 'exp-policy': 1 }],
    ['an empty list of extensions', { crit: [] }],
    ['an unencoded payload', { b64: false, crit: ['b64'] }],
  ])('is refused for its header: %s', async (_, header) => {
    expect(await codeOf(await signed({ ...HEADER, ...header }, CLAIMS))).toBe('invalid_token')
  })

  it('is refused with a key of its own, wherever it brings it', async () => {
    const own = await generateKeyPair('ES256', { extractable: true })
    const jwk = await exportJWK(own.publicKey)
    for (const header of [{ jwk }, { jku: 'https://evil.example/keys' }, { x5u: 'https://evil.example/c' }]) {
      const token = await new SignJWT(CLAIMS).setProtectedHeader({ ...HEADER, ...header }).sign(own.privateKey)
      expect(await codeOf(token)).toBe('invalid_token')
    }
  })

  it('is refused with the signature of another key', async () => {
    expect(await codeOf(await stranger.mint())).toBe('invalid_token')
  })

  it('is refused with the signature of another token', async () => {
    const [header, , signature] = (await signer.mint()).split('.')
    expect(await codeOf(`${header}.${part({ ...CLAIMS, sub: 'bruno' })}.${signature}`)).toBe('invalid_token')
  })

  it.each(['none', 'None', 'NONE', ''])('is refused unsigned: alg %j', async (alg) => {
    for (const signature of ['', 'AAAA']) {
      const token = `${part({ alg })}.${part(CLAIMS)}.${signature}`
      expect(await codeOf(token)).toMatch(/^(invalid|malformed)_token$/)
    }
  })

  it.each(['HS256', 'HS384', 'HS512'])('is refused with the public key as a shared secret: %s', async (alg) => {
    const [key] = signer.keySet().keys
    for (const secret of [JSON.stringify(key), Buffer.from(String(key?.x), 'base64url')]) {
      const input = `${part({ ...HEADER, alg })}.${part(CLAIMS)}`
      const signature = createHmac(`sha${alg.slice(2)}`, secret)
        .update(input)
        .digest('base64url')
      expect(await codeOf(`${input}.${signature}`)).toBe('invalid_token')
    }
  })

  it.each(['ES384', 'RS256', 'EdDSA', 'ES256K', 'A256GCM', 'dir'])('is refused as signed by %s', async (alg) => {
    expect(await codeOf(await signed({ ...HEADER, alg }, CLAIMS))).toBe('invalid_token')
  })

  it('is refused with an RSA key that is too short', async () => {
    const { generateKeyPairSync } = await import('node:crypto')
    const pair = generateKeyPairSync('rsa', { modulusLength: 1_024 })
    const kid = 'short'
    documents = () => ({
      ...documentsOf(ISSUER, signer),
      [`${ISSUER}/keys`]: { keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kid }] },
    })
    const input = `${part({ alg: 'RS256', kid })}.${part(CLAIMS)}`
    const signature = createSign('RSA-SHA256').update(input).sign(pair.privateKey, 'base64url')
    expect(await codeOf(`${input}.${signature}`)).toBe('invalid_token')
  })

  it.each<[string, string, string]>([
    ['two subjects', JSON.stringify(HEADER), JSON.stringify(CLAIMS).replace('{', '{"sub":"bruno",')],
    ['two algorithms', '{"alg":"none","alg":"ES256","kid":"key-1"}', JSON.stringify(CLAIMS)],
    ['a prototype', JSON.stringify(HEADER), JSON.stringify(CLAIMS).replace('{', '{"__proto__":{"sub":"bruno"},')],
    ['a number that overflows', JSON.stringify(HEADER), JSON.stringify(CLAIMS).replace('{', '{"x":1e999,')],
    ['a header that is a list', '["ES256"]', JSON.stringify(CLAIMS)],
    ['a header that is null', 'null', JSON.stringify(CLAIMS)],
    ['a header that is empty', '', JSON.stringify(CLAIMS)],
  ])('is refused where it has %s', async (_, header, payload) => {
    expect(await codeOf(await signed(header, payload))).toMatch(/^(malformed|invalid)_token$/)
  })

  it('is not taken for one with another issuer, or another shape', async () => {
    const token = await signer.mint()
    const [header, payload, signature] = token.split('.')
    const foreign = [
      await signer.mint({ iss: 'https://login.example.com' }),
      await signer.mint({ iss: `${ISSUER}/` }),
      await signer.mint({ iss: `${ISSUER}.evil.example` }),
      await signer.mint({ iss: ISSUER.toUpperCase() }),
      await signer.mint({ iss: [ISSUER] }),
      await signer.mint({ iss: undefined }),
      await signer.mint({ iss: null }),
      await signer.mint({ sub: 'x'.repeat(10_000) }),
      `${token}.${signature}`,
      `${header}.${payload}`,
      `${token}.a.b`,
      `${header}.${part('not json')}.${signature}`,
      `${header}.${part([ISSUER])}.${signature}`,
      `${header}.!!!.${signature}`,
      '..',
      '',
    ]
    for (const each of foreign) {
      expect([each.slice(0, 80), verifier.recognises(each)]).toEqual([each.slice(0, 80), false])
      expect(await codeOf(each)).toBe('invalid_token')
    }
    expect(verifier.recognises(token)).toBe(true)
  })

  it('fails well however it is damaged', async () => {
    const token = await signer.mint()
    const codes = new Set<string>()
    for (let position = 0; position < token.length; position += 3) {
      const other = token[position] === 'A' ? 'B' : 'A'
      codes.add(await codeOf(token.slice(0, position) + other + token.slice(position + 1)))
      codes.add(await codeOf(token.slice(0, position)))
    }
    expect([...codes].toSorted()).toEqual(['invalid_token', 'malformed_token'])
  })

  it('never fails in another way than with a problem, whatever is signed', async () => {
    const value = fc.jsonValue({ maxDepth: 2 })
    const members = (names: readonly string[]) =>
      fc.dictionary(fc.constantFrom(...names), value, { maxKeys: names.length })
    const header = members(['alg', 'kid', 'typ', 'crit', 'b64', 'jwk', 'jku', 'zip', 'cty'])
    const payload = members(['aud', 'sub', 'exp', 'nbf', 'iat', 'cnf', 'email', 'name', 'jti'])
    await fc.assert(
      fc.asyncProperty(header, payload, fc.boolean(), async (someHeader, somePayload, isUsual) => {
        const token = await signed(isUsual ? HEADER : { ...HEADER, ...someHeader }, { ...CLAIMS, ...somePayload })
        const outcome = await codeOf(token).catch((error: unknown) => error)
        expect(['invalid_token', 'malformed_token', 'expired_token', REACHED]).toContain(outcome)
      }),
      { numRuns: 300 },
    )
  })

  it('is not blamed while the keys of its issuer cannot be read', async () => {
    documents = () => ({})
    const verdict = await verifier.verify(await signer.mint())
    expect(verdict).toMatchObject({ ok: false, problem: { code: 'unavailable', retryAfterSeconds: 5 } })
  })

  it.each(['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA'])('may be signed by %s', async (algorithm) => {
    const other = await createSigner(ISSUER, { algorithm, now: () => NOW })
    documents = () => documentsOf(ISSUER, other)
    await expect(verifier.verify(await other.mint())).rejects.toBe(REACHED)
  })
})
