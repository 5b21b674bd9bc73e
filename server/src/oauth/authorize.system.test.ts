import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestUser, openTestDatabase, type TestDatabase } from '#test/support/database.ts'
import {
  authorizationAddress,
  Browser,
  exchange,
  obtainCode,
  register,
  startOauthApp,
  type OauthApp,
  type TestClient,
} from '#test/support/oauth.ts'

const FOREIGN = { origin: 'https://evil.example' }

describe('authorization', () => {
  let database: TestDatabase
  let app: OauthApp
  let client: TestClient
  let userId = 0
  const everything = () => ({ userId, scopes: ['tools:read', 'tools:write'] as const, connectionIds: null })
  beforeAll(async () => {
    database = await openTestDatabase('pglite')
    userId = await createTestUser(database, 'ana@example.com')
    app = await startOauthApp(database, { userId })
    client = await register(app)
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })
  afterEach(() => {
    app.consent = everything()
  })

  const read = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(app.url + path, { headers })
    return { status: response.status, headers: response.headers, body: (await response.json()) as object }
  }
  const open = (parameters: Record<string, string> = {}, asking = client) =>
    new Browser().open(authorizationAddress(app, asking, parameters))

  describe('documents', () => {
    it('say what there is (RFC 8414), for readers of either address', async () => {
      const { body } = await read('/.well-known/oauth-authorization-server')
      expect(body).toMatchObject({
        issuer: app.url,
        authorization_endpoint: `${app.url}/oauth/authorize`,
        token_endpoint: `${app.url}/oauth/token`,
        registration_endpoint: `${app.url}/oauth/register`,
        revocation_endpoint: `${app.url}/oauth/revoke`,
        jwks_uri: `${app.url}/oauth/jwks`,
        scopes_supported: ['tools:read', 'tools:write'],
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
        authorization_response_iss_parameter_supported: true,
        client_id_metadata_document_supported: true,
      })
      expect((await read('/.well-known/openid-configuration')).body).toMatchObject({
        ...body,
        subject_types_supported: ['public'],
      })
    })

    it.each([
      ['/.well-known/oauth-protected-resource', '/mcp'],
      ['/.well-known/oauth-protected-resource/mcp', '/mcp'],
      ['/.well-known/oauth-protected-resource/mcp/notion', '/mcp/notion'],
    ])('lead from %s to this server (RFC 9728)', async (path, resource) => {
      const { body } = await read(path)
      expect(body).toMatchObject({
        resource: app.url + resource,
        authorization_servers: [app.url],
        scopes_supported: ['tools:read', 'tools:write'],
        bearer_methods_supported: ['header'],
      })
      // In development, people use either name of their machine.
      const other = app.url.replace('127.0.0.1', 'localhost')
      expect(await (await fetch(other + path)).json()).toMatchObject({
        resource: other + resource,
        authorization_servers: [app.url],
      })
    })

    it('show public keys only', async () => {
      const { body } = await read('/oauth/jwks')
      expect(body).toEqual({
        keys: [
          {
            kty: 'EC',
            crv: 'P-256',
            alg: 'ES256',
            use: 'sig',
            kid: expect.any(String),
            x: expect.any(String),
            y: expect.any(String),
          },
        ],
      })
    })

    it.each([
      '/.well-known/oauth-authorization-server',
      '/.well-known/openid-configuration',
      '/.well-known/oauth-protected-resource',
      '/.well-known/oauth-protected-resource/mcp',
      '/.well-known/oauth-protected-resource/mcp/read-only',
      '/oauth/jwks',
    ])('can be read from pages of any origin: %s', async (path) => {
      const { status, headers } = await read(path, FOREIGN)
      expect([status, headers.get('access-control-allow-origin')]).toEqual([200, '*'])
      expect(headers.get('access-control-allow-credentials')).toBeNull()
    })

    it.each(['/oauth/token', '/oauth/register', '/oauth/revoke'])(
      '%s answers a browser that asks first',
      async (path) => {
        const asked = {
          ...FOREIGN,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        }
        const response = await fetch(app.url + path, { method: 'OPTIONS', headers: asked })
        expect(response.status).toBe(204)
        expect(response.headers.get('access-control-allow-origin')).toBe('*')
        expect(response.headers.get('access-control-allow-headers')).toContain('Content-Type')
        const refused = await fetch(app.url + path, { method: 'POST', headers: FOREIGN })
        expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([400, '*'])
      },
    )

    it.each([
      '/oauth/authorize',
      '/oauth/interaction/some',
      '/oauth/authorize/some',
      '/oauth/tokens',
      '/oauth/token/x',
    ])('of nothing else are: %s refuses foreign origins', async (path) => {
      expect((await read(path, FOREIGN)).status).toBe(403)
    })
  })

  describe('a request that must not be answered to its sender', () => {
    it.each([
      ['an unknown client', { client_id: 'nobody' }, 'invalid_client'],
      ['another address', { redirect_uri: 'https://evil.example/' }, 'invalid_redirect_uri'],
      ['a longer address', { redirect_uri: 'http://127.0.0.1:49152/callback/x' }, 'invalid_redirect_uri'],
      ['no address at all', { redirect_uri: 'x' }, 'invalid_redirect_uri'],
      [
        'a faulty request for another address',
        { redirect_uri: 'https://evil.example/', response_type: 'token' },
        'invalid_redirect_uri|unsupported_response_type',
      ],
    ])('%s: a page in both languages, and no redirect', async (_, parameters, code) => {
      const { response } = await open(parameters)
      const page = await response.text()
      expect(response.status).toBe(400)
      expect(response.headers.get('content-type')).toMatch(/^text\/html/)
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(page).toMatch(new RegExp(code))
      expect(page).toContain('This request cannot go on')
      expect(page).toContain('Este pedido não pode continuar')
    })

    it('is shown without what it might run', async () => {
      const { response } = await open({ client_id: '<script>alert(1)</script>' })
      expect(await response.text()).not.toContain('<script>')
    })
  })

  it('a request that is refused to a client elsewhere leads nobody there unasked: a page shows where the way back goes', async () => {
    const redirect = 'https://client.example/back'
    const registered = await fetch(`${app.url}/oauth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_name: 'Elsewhere', redirect_uris: [redirect], token_endpoint_auth_method: 'none' }),
    })
    const { client_id } = (await registered.json()) as { client_id: string }
    for (const parameters of [{ prompt: 'none' }, { code_challenge_method: 'plain' }, { response_type: 'token' }]) {
      const { response } = await open({ client_id, redirect_uri: redirect, ...parameters })
      const page = await response.text()
      expect([response.status, response.headers.get('location')]).toEqual([400, null])
      expect(page).toContain('href="https://client.example/back')
      expect(page).toContain('Voltar para client.example')
    }
  })

  describe('a request that is refused to its client', () => {
    it.each([
      ['without PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
      ['with plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
      ['for a token at once', { response_type: 'token' }, 'unsupported_response_type'],
      ['for an ID token', { response_type: 'code id_token' }, 'unsupported_response_type'],
      ['for another resource', { resource: 'https://other.example/mcp' }, 'invalid_target'],
      ['for our API', { resource: 'API' }, 'invalid_target'],
      ['for no address', { resource: 'mcp' }, 'invalid_target'],
      ['without a page', { prompt: 'none' }, 'consent_required'],
      ['with a request object', { request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
      ['by reference', { request_uri: 'https://client.example/request' }, 'request_uri_not_supported'],
      ['with a scope of odd signs', { scope: 'tööls' }, 'invalid_scope'],
      ['in another mode', { response_mode: 'fragment' }, 'unsupported_response_mode'],
    ])('%s', async (_, parameters, error) => {
      const sent = parameters as Record<string, string>
      const { url } = await open(sent['resource'] === 'API' ? { resource: `${app.url}/api` } : sent)
      expect(url.origin + url.pathname).toBe(client.redirect_uris[0])
      const answer = new URLSearchParams(url.search === '' ? url.hash.slice(1) : url.search)
      expect(Object.fromEntries(answer)).toMatchObject({ error, state: 'a state', iss: app.url })
      expect(answer.has('code')).toBe(false)
    })

    it('by its user', async () => {
      app.consent = 'deny'
      const { url } = await open()
      expect(Object.fromEntries(url.searchParams)).toMatchObject({
        error: 'access_denied',
        state: 'a state',
        iss: app.url,
      })
    })
  })

  it.each([
    ['cut', 'GET', '/oauth/authorize?client_id'],
    ['doubled', 'GET', '/oauth/authorize?client_id=a&client_id=b&redirect_uri=c&redirect_uri=d'],
    ['broken', 'GET', '/oauth/authorize?client_id=%ff%fe&redirect_uri=%E0%A4%A'],
    ['nested', 'GET', '/oauth/authorize?client_id[a]=1&client_id[__proto__]=1'],
    ['long', 'GET', `/oauth/authorize?state=${'a'.repeat(10_000)}`],
    ['posted', 'POST', '/oauth/authorize'],
    ['an unknown way back', 'GET', '/oauth/authorize/aaaaaaaaaaaaaaaaaaaaa'],
    ['a way back to nowhere', 'GET', '/oauth/authorize/..%2f..%2fapi'],
    ['an unknown interaction', 'GET', '/oauth/interaction/aaaaaaaaaaaaaaaaaaaaa'],
    ['NUL', 'GET', '/oauth/authorize?client_id=a%00b'],
    ['somewhere else', 'GET', '/oauth/session/end'],
  ])('%s: a 4xx', async (_, method, path) => {
    const { status } = await fetch(app.url + path, { method, redirect: 'manual' })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })

  describe('an interaction', () => {
    it('belongs to the browser that brought it, is gone when it was answered, and is asked for anew each time', async () => {
      const [own, other] = [new Browser(), new Browser()]
      const first = new URL(authorizationAddress(app, client))
      const begun = await fetch(first, { redirect: 'manual' })
      own.keep(begun, first)
      const page = new URL(begun.headers.get('location') ?? '', first)
      expect(page.pathname).toMatch(/^\/oauth\/interaction\/[\w-]{43}$/)
      expect((await other.open(page.href)).response.status).toBe(404)
      const cookies = begun.headers.getSetCookie()
      expect(cookies.length).toBeGreaterThan(0)
      for (const cookie of cookies)
        expect(cookie).toMatch(/; path=\/oauth\/(interaction|authorize)\/.*samesite=lax; httponly$/i)
      const { url } = await own.open(page.href)
      expect(url.searchParams.get('code')).toMatch(/^[\w-]{43}$/)
      expect((await own.open(page.href)).response.status).toBe(404)
      const again = await fetch(first, { redirect: 'manual', headers: { cookie: own.cookieFor(first) } })
      expect(again.headers.get('location')).toMatch(/^\/oauth\/interaction\//)
      await again.body?.cancel()
    })

    it('describes the client by what is known of it', async () => {
      const asking = await register(app, {
        client_name: 'Somebody',
        client_uri: 'https://somebody.example',
        redirect_uris: ['https://somebody.example/callback', 'http://localhost/callback'],
      })
      const seen: unknown[] = []
      const { interaction } = app.server
      Object.assign(app.server, {
        grantInteraction: async (...[c, uid]: Parameters<typeof interaction>) => {
          seen.push(await interaction(c, uid))
          return app.server.denyInteraction(c, uid)
        },
      })
      await open(
        { redirect_uri: 'https://somebody.example/callback', scope: 'tools:read', ui_locales: 'pt-BR en' },
        asking,
      )
      await open({ redirect_uri: 'http://localhost:5555/callback' }, asking)
      expect(seen).toMatchObject([
        {
          ok: true,
          value: {
            client: {
              id: asking.client_id,
              name: 'Somebody',
              host: 'somebody.example',
              uri: 'https://somebody.example',
              redirectUri: 'https://somebody.example/callback',
              isLoopbackOnly: false,
              kind: 'dynamic',
            },
            scopes: ['tools:read'],
            resource: `${app.url}/mcp`,
            locales: ['pt-BR', 'en'],
          },
        },
        {
          ok: true,
          value: { client: { host: 'localhost', isLoopbackOnly: true }, scopes: ['tools:read', 'tools:write'] },
        },
      ])
    })
  })
})

describe('consent', () => {
  let database: TestDatabase
  let app: OauthApp
  let client: TestClient
  let userId = 0
  beforeAll(async () => {
    database = await openTestDatabase('pglite')
    userId = await createTestUser(database, 'ana@example.com')
    app = await startOauthApp(database, { userId })
    client = await register(app)
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  it('to a part gives a part: scopes and connections', async () => {
    app.consent = { userId, scopes: ['tools:read'], connectionIds: [3, 5] }
    const { body } = await exchange(app, client, await obtainCode(app, client))
    expect(body['scope']).toBe('tools:read')
    expect(await app.verifier.verify(body.access_token, '/mcp')).toMatchObject({
      ok: true,
      value: { scopes: new Set(['tools:read']), connectionIds: new Set([3, 5]) },
    })
    expect(await app.server.listGrants(userId)).toMatchObject([
      {
        clientId: client.client_id,
        clientName: 'Test client',
        clientHost: '127.0.0.1',
        scopes: ['tools:read'],
        connectionIds: [3, 5],
        clientKind: 'dynamic',
      },
    ])
    const events = await database.asOwner("select * from audit_events where type = 'client.granted'")
    expect(events).toMatchObject([{ user_id: userId, details: { scopes: ['tools:read'], connection_ids: [3, 5] } }])
  })

  it('to nothing, or to more than was asked for, is none', async () => {
    const before = await app.server.listGrants(userId)
    app.consent = { userId, scopes: [], connectionIds: null }
    expect((await new Browser().open(authorizationAddress(app, client))).response.status).toBe(400)
    app.consent = { userId, scopes: ['tools:read', 'tools:write'], connectionIds: null }
    const { response } = await new Browser().open(authorizationAddress(app, client, { scope: 'tools:read' }))
    expect(response.status).toBe(400)
    expect(await app.server.listGrants(userId)).toEqual(before)
  })

  it('belongs to one user', async () => {
    const other = await createTestUser(database, 'bia@example.com')
    const [grant] = await app.server.listGrants(userId)
    expect(await app.server.listGrants(other)).toEqual([])
    const principal = {
      userId: other,
      role: 'owner',
      scopes: new Set<never>(),
      via: { kind: 'session', id: '1' },
    } as const
    expect(await app.server.revokeGrant(principal, grant?.id ?? 0)).toBe(false)
    expect(await app.server.stillValid({ ...principal, via: { kind: 'oauth_client', id: String(grant?.id) } })).toBe(
      false,
    )
    expect(
      await app.server.stillValid({ ...principal, userId, via: { kind: 'oauth_client', id: String(grant?.id) } }),
    ).toBe(true)
    expect(await app.server.stillValid(principal)).toBe(true)
  })

  it('a hundred times over ends the oldest, and too many requests from one address end in 429', async () => {
    await database.asOwner(`
      insert into oauth_grants (user_id, client_id, client_name, client_host, scopes, grant_hash, expires_at)
      select ${userId}, 'x', 'x', 'x', '{tools:read}', 'hash-' || n, now() + interval '1 day' from generate_series(1, 150) n`)
    app.consent = { userId, scopes: ['tools:read'], connectionIds: null }
    await obtainCode(app, client)
    const listed = await app.server.listGrants(userId)
    expect([listed.length, listed[0]?.clientId]).toEqual([100, client.client_id])
    expect(await database.asOwner('select 1 from oauth_grants where revoked_at is null')).toHaveLength(100)
    const limited = await startOauthApp(database, {
      userId,
      limits: { clientAuthorizations: { points: 1, windowSeconds: 60 } },
    })
    await obtainCode(limited, client)
    const { response } = await new Browser().open(authorizationAddress(limited, client))
    expect([response.status, Number(response.headers.get('retry-after')) > 0]).toEqual([429, true])
    await limited.close()
  })
})
