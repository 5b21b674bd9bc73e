import { generateKeyPairSync, sign } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTestUser, openTestDatabase, type TestDatabase } from '#test/support/database.ts'
import {
  askToken,
  exchange,
  obtainCode,
  refresh,
  register,
  startOauthApp,
  type OauthApp,
  type TestClient,
} from '#test/support/oauth.ts'
import { parseClients } from '#oauth/clients/pre-registered.ts'

const SECRET = 'a secret of more than thirty-two characters'
const DESK = { client_id: 'desk', redirect_uris: ['https://desk.example/callback'] }
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('tokens', () => {
  let database: TestDatabase
  let app: OauthApp
  let client: TestClient
  let other: TestClient
  let userId = 0
  beforeAll(async () => {
    database = await openTestDatabase('pglite')
    userId = await createTestUser(database, 'ana@example.com')
    const { clients } = parseClients(JSON.stringify([{ ...DESK, client_name: 'Desk', client_secret: SECRET }]))
    app = await startOauthApp(database, { userId, clients })
    client = await register(app)
    other = await register(app)
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const freshTokens = async () => (await exchange(app, client, await obtainCode(app, client))).body
  /** Only what the clock says: nothing that waits is held up. */
  const later = (seconds: number) =>
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1_000, shouldAdvanceTime: false })
  const verify = (token: string, path = '/mcp') => app.verifier.verify(token, path)
  const payloadOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>

  it('say whose they are, for what, from whom and for how long (RFC 9068)', async () => {
    const { access_token: token } = await freshTokens()
    const [grant] = await app.server.listGrants(userId)
    const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as object
    expect(header).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) })
    const payload = payloadOf(token)
    expect(payload).toEqual({
      iss: app.url,
      aud: `${app.url}/mcp`,
      sub: String(userId),
      client_id: client.client_id,
      scope: 'tools:read tools:write',
      grant_id: grant?.id,
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: Number(payload['iat']) + 600,
    })
  })

  describe('for a code', () => {
    it.each([
      ['another verifier', { code_verifier: 'a'.repeat(43) }, 'invalid_grant'],
      ['no verifier', { code_verifier: '' }, 'invalid_grant'],
      ['a verifier of odd signs', { code_verifier: `${'a'.repeat(42)}!` }, 'invalid_request|invalid_grant'],
      ['another address', { redirect_uri: 'http://127.0.0.1:1/callback' }, 'invalid_grant'],
      ['another resource', { resource: 'https://other.example/mcp' }, 'invalid_target'],
      ['another code', { code: 'x'.repeat(43) }, 'invalid_grant'],
      ['no code', { code: '' }, 'invalid_request'],
      ['no client', { client_id: '' }, 'invalid_request|invalid_client'],
      ['a client that nobody knows', { client_id: 'nobody' }, 'invalid_client'],
      ['a client with a NUL', { client_id: 'no\0body' }, 'invalid_client|invalid_request'],
      ['a NUL for a code', { code: '\0' }, 'invalid_grant|invalid_request'],
      ['another client', { client_id: 'OTHER' }, 'invalid_grant'],
      ['another grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
      ['no grant type', { grant_type: '' }, 'invalid_request'],
    ])('with %s are refused', async (_, form, error) => {
      const code = await obtainCode(app, client)
      const sent = {
        ...form,
        ...('client_id' in form && form.client_id === 'OTHER' ? { client_id: other.client_id } : {}),
      }
      const { status, body } = await exchange(app, client, code, sent)
      expect(status).toBe(body.error === 'invalid_client' ? 401 : 400)
      expect(body.error).toMatch(new RegExp(`^(${error})$`))
      expect(body).not.toHaveProperty('access_token')
    })

    it('are refused after a minute', async () => {
      const code = await obtainCode(app, client)
      later(61)
      expect(await exchange(app, client, code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    })

    it('are for /mcp, whichever part of it the client names', async () => {
      const code = await obtainCode(app, client, { resource: `${app.url}/mcp/notion` })
      const { body } = await exchange(app, client, code, { resource: `${app.url}/mcp` })
      expect(payloadOf(body.access_token)['aud']).toBe(`${app.url}/mcp`)
      expect((await refresh(app, client, body.refresh_token, { resource: `${app.url}/mcp/read-only` })).status).toBe(
        200,
      )
    })

    it('reach a program on another port of the own machine', async () => {
      const cli = await register(app, { redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'] })
      for (const redirect_uri of ['http://localhost:49200/callback', 'http://127.0.0.1:50111/callback']) {
        const code = await obtainCode(app, cli, { redirect_uri })
        expect((await exchange(app, cli, code, { redirect_uri })).status).toBe(200)
      }
    })

    it('go to a client with a secret only for that secret', async () => {
      const basic = (secret: string) => ({ authorization: `Basic ${btoa(`desk:${encodeURIComponent(secret)}`)}` })
      const form = async (more: Record<string, string> = {}) => ({
        grant_type: 'authorization_code',
        redirect_uri: DESK.redirect_uris[0] ?? '',
        code: await obtainCode(app, DESK),
        code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
        ...more,
      })
      expect((await askToken(app, await form(), basic(SECRET))).status).toBe(200)
      expect((await askToken(app, await form({ client_id: 'desk', client_secret: SECRET }))).status).toBe(200)
      for (const secret of [`${SECRET}x`, 'x', SECRET.toUpperCase()]) {
        expect(await askToken(app, await form(), basic(secret))).toMatchObject({
          status: 401,
          body: { error: 'invalid_client' },
        })
      }
      expect((await askToken(app, await form({ client_id: 'desk' }))).body.error).toMatch(/invalid_(client|request)/)
    })
  })

  describe('for a refresh token', () => {
    it.each([
      ['another token', { refresh_token: 'x'.repeat(43) }, 'invalid_grant'],
      ['no token', { refresh_token: '' }, 'invalid_request'],
      ['more scopes', { scope: 'tools:read tools:write admin' }, 'invalid_scope'],
      ['another resource', { resource: 'https://other.example/mcp' }, 'invalid_target'],
      ['another client', { client_id: 'OTHER' }, 'invalid_grant'],
    ])('with %s are refused', async (_, form, error) => {
      const tokens = await freshTokens()
      const sent = { ...form, ...('client_id' in form ? { client_id: other.client_id } : {}) }
      expect(await refresh(app, client, tokens.refresh_token, sent)).toMatchObject({ status: 400, body: { error } })
    })

    it('may be narrower, and end with the grant, however often they are replaced', async () => {
      const tokens = await freshTokens()
      const narrow = await refresh(app, client, tokens.refresh_token, { scope: 'tools:read' })
      expect(narrow.body['scope']).toBe('tools:read')
      expect(await verify(narrow.body.access_token)).toMatchObject({ value: { scopes: new Set(['tools:read']) } })
      later(29 * 24 * 3_600)
      const late = await refresh(app, client, narrow.body.refresh_token)
      expect(late).toMatchObject({ status: 200, body: { scope: 'tools:read tools:write' } })
      later(24 * 3_600 + 60)
      expect((await refresh(app, client, late.body.refresh_token)).body.error).toBe('invalid_grant')
    })

    it('are not given to a client that cannot refresh, whose replayed code ends its token all the same', async () => {
      const once = await register(app, { grant_types: ['authorization_code'] })
      const code = await obtainCode(app, once)
      const { body } = await exchange(app, once, code)
      expect(body).not.toHaveProperty('refresh_token')
      await database.asOwner("update oauth_records set consumed_at = consumed_at - interval '3 seconds'")
      expect((await exchange(app, once, code)).body.error).toBe('invalid_grant')
      await expect.poll(() => verify(body.access_token)).toMatchObject({ problem: { code: 'revoked_token' } })
    })
  })

  it.each([
    ['JSON', { 'content-type': 'application/json' }, '{"grant_type":"authorization_code"}'],
    ['text', { 'content-type': 'text/plain' }, 'grant_type=authorization_code'],
    ['nothing', {}, ''],
    ['too much', { 'content-type': 'application/x-www-form-urlencoded' }, `code=${'a'.repeat(70_000)}`],
    ['a field twice', { 'content-type': 'application/x-www-form-urlencoded' }, 'grant_type=a&grant_type=b&client_id=x'],
    ['broken signs', { 'content-type': 'application/x-www-form-urlencoded' }, 'grant_type=%ff&client_id=%E0%A4%A'],
    [
      'a strange header',
      { authorization: 'Bearer x', 'content-type': 'application/x-www-form-urlencoded' },
      'grant_type=refresh_token',
    ],
    [
      'a broken header',
      { authorization: 'Basic !!!', 'content-type': 'application/x-www-form-urlencoded' },
      'grant_type=refresh_token',
    ],
  ])('%s in place of a form: 400 and a JSON answer that nobody keeps', async (_, headers, body) => {
    for (const path of ['/oauth/token', '/oauth/revoke']) {
      const response = await fetch(app.url + path, { method: 'POST', headers: headers as Record<string, string>, body })
      expect([400, 401]).toContain(response.status)
      expect(response.headers.get('cache-control')).toContain('no-store')
      expect(await response.json()).toMatchObject({ error: expect.stringMatching(/^invalid_/) })
    }
  })

  describe('that are not ours to accept', () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const forge = (header: object, payload: object, key = pair.privateKey) => {
      const text = `${encode(header)}.${encode(payload)}`
      return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
    }

    it.each([
      ['unsigned', (header: object, payload: object) => `${encode({ ...header, alg: 'none' })}.${encode(payload)}.`],
      ['signed by another key', forge],
      [
        'signed by a key that they bring along',
        (header: object, payload: object) =>
          forge({ ...header, jwk: pair.publicKey.export({ format: 'jwk' }) }, payload),
      ],
      ['of an unknown key', (header: object, payload: object) => forge({ ...header, kid: 'another' }, payload)],
      ['of no key', (_: object, payload: object) => forge({ alg: 'ES256', typ: 'at+jwt' }, payload)],
      ['of another algorithm', (header: object, payload: object) => forge({ ...header, alg: 'HS256' }, payload)],
    ] as const)('%s', async (_, spoil) => {
      const [header = '', payload = ''] = (await freshTokens()).access_token.split('.')
      const parse = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as object
      const token = spoil(parse(header), parse(payload))
      expect(app.verifier.recognises(token)).toBe(true)
      expect(await verify(token)).toMatchObject({ ok: false, problem: { code: 'invalid_token' } })
    })

    it('changed in any part', async () => {
      const [header = '', payload = '', signature = ''] = (await freshTokens()).access_token.split('.')
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object
      const changed = encode({ ...claims, sub: String(userId + 1) })
      expect(await verify(`${header}.${changed}.${signature}`)).toMatchObject({ problem: { code: 'invalid_token' } })
      expect(await verify(`${header}.${payload}.${signature.slice(0, -4)}AAAA`)).toMatchObject({
        problem: { code: 'invalid_token' },
      })
    })

    it.each([
      '',
      'x',
      'eyJ.eyJ.x',
      `${encode({ alg: 'ES256' })}.${encode({ iss: 'https://other.example' })}.x`,
      'chv_a.b.c',
    ])('of other looks, which are left to others: %s', (token) => {
      expect(app.verifier.recognises(token)).toBe(false)
    })
  })

  it('expire after ten minutes, known before or not', async () => {
    const [used, unused] = [await freshTokens(), await freshTokens()]
    expect(await verify(used.access_token)).toMatchObject({ ok: true })
    later(601)
    const expired = { ok: false, problem: { code: 'expired_token' }, userId }
    expect(await verify(used.access_token)).toMatchObject(expired)
    expect(await verify(unused.access_token)).toMatchObject(expired)
  })

  it.each(['/api/tools', '/', '/mcpx', '/MCP', ''])('open /mcp and nothing else: not %s', async (path) => {
    const { access_token: token } = await freshTokens()
    expect(await verify(token, path)).toMatchObject({ ok: false, problem: { code: 'invalid_token' }, userId })
    for (const own of ['/mcp', '/mcp/notion']) expect(await verify(token, own)).toMatchObject({ ok: true })
  })

  describe('given back', () => {
    const giveBack = (form: Record<string, string>) =>
      fetch(`${app.url}/oauth/revoke`, { method: 'POST', body: new URLSearchParams(form) })

    it.each(['access_token', 'refresh_token'] as const)('as %s end the whole grant', async (kind) => {
      const tokens = await freshTokens()
      expect((await giveBack({ token: tokens[kind], client_id: client.client_id })).status).toBe(200)
      await expect.poll(() => verify(tokens.access_token)).toMatchObject({ problem: { code: 'revoked_token' }, userId })
      expect((await refresh(app, client, tokens.refresh_token)).body.error).toBe('invalid_grant')
      expect((await giveBack({ token: tokens[kind], client_id: client.client_id })).status).toBe(200)
      const events = await database.asOwner(
        "select actor from audit_events where type = 'client.revoked' order by id desc limit 1",
      )
      expect(events).toMatchObject([{ actor: { kind: 'client', client_id: client.client_id } }])
    })

    it.each(['access_token', 'refresh_token'] as const)('by another client stay: %s', async (kind) => {
      const tokens = await freshTokens()
      expect((await giveBack({ token: tokens[kind], client_id: other.client_id })).status).toBe(200)
      expect(await verify(tokens.access_token)).toMatchObject({ ok: true })
      expect((await refresh(app, client, tokens.refresh_token)).status).toBe(200)
    })

    it('by nobody are not taken', async () => {
      const tokens = await freshTokens()
      for (const client_id of ['nobody', '']) {
        expect([400, 401]).toContain((await giveBack({ token: tokens.access_token, client_id })).status)
      }
      expect((await giveBack({ client_id: client.client_id })).status).toBe(400)
      expect((await giveBack({ token: 'eyJ.x.y', client_id: client.client_id })).status).toBe(200)
      expect(await verify(tokens.access_token)).toMatchObject({ ok: true })
    })
  })

  it('lie in the database in no form that can be used or read', async () => {
    const code = await obtainCode(app, client)
    const { body } = await exchange(app, client, code)
    const dump = JSON.stringify([
      await database.asOwner('select * from oauth_records'),
      await database.asOwner('select * from oauth_grants'),
      await database.asOwner('select * from oauth_clients'),
      await database.asOwner('select * from oauth_signing_keys'),
      await database.asOwner('select * from audit_events'),
    ])
    for (const secret of [code, body.refresh_token, body.access_token]) {
      expect(dump).not.toContain(secret)
      expect(app.logLines.join()).not.toContain(secret)
    }
    expect(dump).toContain(client.client_id)
    expect(dump.match(/"payload":"[\w-]+"/g)?.length).toBeGreaterThan(0)
  })
})
