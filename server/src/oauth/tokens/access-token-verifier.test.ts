import { generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Principal } from '#kernel/principal.ts'
import { createAccessTokenVerifier } from './access-token-verifier.ts'
import type { RunningProvider } from '#oauth/library/running-provider.ts'
import type { GrantOwner } from '#oauth/grants/grant-store.ts'

const PUBLIC_URL = 'https://chaveiro.example'
const NOW = new Date('2026-11-22T12:00:00Z')
const SECONDS = NOW.getTime() / 1_000
const CLAIMS = {
  iss: PUBLIC_URL,
  aud: `${PUBLIC_URL}/mcp`,
  sub: '7',
  client_id: 'one',
  scope: 'tools:read tools:write',
  grant_id: 3,
  iat: SECONDS,
  exp: SECONDS + 600,
}
const GRANT: GrantOwner = {
  user_id: 7,
  id: 3,
  client_id: 'one',
  scopes: ['tools:read', 'tools:write'],
  connection_ids: null,
  expires_at: new Date('2026-12-22T12:00:00Z'),
  revoked_at: null,
  role: 'user',
  banned: false,
  ban_expires: null,
}

describe('an access token', () => {
  let now = NOW
  let grant: GrantOwner | undefined
  let asked: number[][] = []
  let looks = 0
  let keys: Awaited<ReturnType<typeof generateKeyPair>>
  beforeAll(async () => {
    keys = await generateKeyPair('ES256')
  })
  beforeEach(() => {
    now = NOW
    grant = GRANT
    asked = []
    looks = 0
  })

  const verifierOf = () =>
    createAccessTokenVerifier({
      publicUrl: PUBLIC_URL,
      clock: { now: () => now },
      running: {
        keys: () => {
          looks += 1
          return { verifying: new Map([['k1', keys.publicKey]]) }
        },
      } as unknown as RunningProvider,
      grants: {
        get: async (...who) => {
          asked.push(who)
          return grant
        },
        forget: () => {},
      },
    })
  const mint = (claims: JWTPayload = {}, header: object = {}) =>
    new SignJWT({ ...CLAIMS, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1', ...header })
      .sign(keys.privateKey)
  const verify = async (claims: JWTPayload = {}, header: object = {}) =>
    verifierOf().verify(await mint(claims, header), '/mcp')

  test('is its user, with the scopes and the grant of the client', async () => {
    expect(await verify()).toEqual({
      ok: true,
      value: {
        userId: 7,
        role: 'user',
        scopes: new Set(['tools:read', 'tools:write']),
        via: { kind: 'oauth_client', id: '3' },
      } satisfies Principal,
    })
    expect(asked).toEqual([[7, 3]])
  })

  test('holds no more than the token, the grant and what clients can be let do', async () => {
    expect(await verify({ scope: 'tools:read admin account' })).toMatchObject({
      value: { scopes: new Set(['tools:read']) },
    })
    grant = { ...GRANT, scopes: ['tools:write'], connection_ids: [5] }
    expect(await verify()).toMatchObject({
      value: { scopes: new Set(['tools:write']), connectionIds: new Set([5]) },
    })
    expect(await verify({ scope: '' })).toMatchObject({ ok: true, value: { scopes: new Set() } })
  })

  test.each([
    ['of another issuer', { iss: 'https://other.example' }, {}, 'invalid_token'],
    ['for another audience', { aud: 'https://other.example/mcp' }, {}, 'invalid_token'],
    ['for the API', { aud: PUBLIC_URL }, {}, 'invalid_token'],
    ['for nobody', { aud: undefined }, {}, 'invalid_token'],
    ['of no user', { sub: undefined }, {}, 'invalid_token'],
    ['of a user that is none', { sub: 'ana' }, {}, 'invalid_token'],
    ['of no client', { client_id: undefined }, {}, 'invalid_token'],
    ['of no grant', { grant_id: undefined }, {}, 'invalid_token'],
    ['of a grant that is none', { grant_id: '3' }, {}, 'invalid_token'],
    ['without an end', { exp: undefined }, {}, 'invalid_token'],
    ['before its time', { nbf: SECONDS + 60 }, {}, 'invalid_token'],
    ['of another type', {}, { typ: 'JWT' }, 'invalid_token'],
    ['of no type', {}, { typ: undefined }, 'invalid_token'],
    ['of an unknown key', {}, { kid: 'k2' }, 'invalid_token'],
    ['that has expired', { exp: SECONDS - 1 }, {}, 'expired_token'],
  ])('%s is refused before its grant is looked at', async (_, claims, header, code) => {
    expect(await verify(claims as JWTPayload, header)).toMatchObject({ ok: false, problem: { code } })
    expect(asked).toEqual([])
  })

  test.each([
    ['revoked', { revoked_at: NOW }],
    ['expired', { expires_at: NOW }],
    ["another client's", { client_id: 'two' }],
    ["a suspended user's", { banned: true }],
    ["a suspended user's, for a while", { banned: true, ban_expires: new Date(NOW.getTime() + 1) }],
  ])('whose grant is %s is revoked, and says whose it was', async (_, change) => {
    grant = { ...GRANT, ...change }
    expect(await verify()).toMatchObject({ ok: false, problem: { code: 'revoked_token' }, userId: 7 })
  })

  test('whose grant is gone is revoked; after a suspension it works again', async () => {
    grant = undefined
    expect(await verify()).toMatchObject({ ok: false, problem: { code: 'revoked_token' } })
    grant = { ...GRANT, banned: true, ban_expires: NOW }
    expect(await verify()).toMatchObject({ ok: true })
  })

  test('has its signature checked once, and its grant and its end each time', async () => {
    const [verifier, token] = [verifierOf(), await mint()]
    for (let count = 0; count < 3; count += 1) expect(await verifier.verify(token, '/mcp')).toMatchObject({ ok: true })
    expect([looks, asked.length]).toEqual([1, 3])
    grant = { ...GRANT, revoked_at: NOW }
    expect(await verifier.verify(token, '/mcp')).toMatchObject({ problem: { code: 'revoked_token' } })
    now = new Date(CLAIMS.exp * 1_000)
    expect(await verifier.verify(token, '/mcp')).toMatchObject({ problem: { code: 'expired_token' }, userId: 7 })
    expect(await verifier.verify(token, '/mcp')).toMatchObject({ problem: { code: 'expired_token' }, userId: 7 })
    expect(looks).toBe(2)
  })
})
