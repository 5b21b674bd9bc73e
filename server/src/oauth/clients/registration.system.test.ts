import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestUser, openTestDatabase, type TestDatabase } from '#test/support/database.ts'
import { exchange, obtainCode, register, startOauthApp, TEST_REDIRECT, type OauthApp } from '#test/support/oauth.ts'
import { maintain } from '#oauth/maintenance.ts'

const HOUR_MS = 3_600_000

describe('clients that register themselves', () => {
  let database: TestDatabase
  let app: OauthApp
  let userId = 0
  beforeAll(async () => {
    database = await openTestDatabase('pglite')
    userId = await createTestUser(database, 'ana@example.com')
    app = await startOauthApp(database, { userId })
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  const send = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    fetch(`${app.url}/oauth/register`, { method: 'POST', headers, body })
  const ask = async (metadata: object) => {
    const response = await send(JSON.stringify({ redirect_uris: [TEST_REDIRECT], ...metadata }))
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  it('are public ones that can refresh, and hear no more than they need', async () => {
    const { status, body } = await ask({ client_name: 'Somebody' })
    expect(status).toBe(201)
    expect(body).toEqual({
      client_id: expect.stringMatching(/^[\w-]{43}$/),
      client_id_issued_at: expect.any(Number),
      client_name: 'Somebody',
      redirect_uris: [TEST_REDIRECT],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      scope: 'tools:read tools:write',
    })
    const events = await database.asOwner("select * from audit_events where type = 'client.registered'")
    expect(events).toMatchObject([{ user_id: null, target: { client_id: body['client_id'], name: 'Somebody' } }])
  })

  it('get a secret where they ask for one, which lies here as a hash', async () => {
    const { body } = await ask({ token_endpoint_auth_method: 'client_secret_post' })
    expect(body).toMatchObject({ client_secret: expect.stringMatching(/^[\w-]{43,}$/), client_secret_expires_at: 0 })
    const client = body as never as { client_id: string; client_secret: string; redirect_uris: string[] }
    const [row] = await database.asOwner(`select * from oauth_clients where client_id = '${client.client_id}'`)
    expect(JSON.stringify(row)).not.toContain(client.client_secret)
    const given = { client_secret: client.client_secret }
    expect((await exchange(app, client, await obtainCode(app, client), given)).status).toBe(200)
    const wrong = { client_secret: `${client.client_secret}x` }
    expect(await exchange(app, client, await obtainCode(app, client), wrong)).toMatchObject({ status: 401 })
  })

  it('may ask for more than there is, and get what there is', async () => {
    const { status, body } = await ask({
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code', 'implicit'],
      response_types: ['code', 'token'],
      scope: 'openid offline_access tools:read mcp:everything',
      application_type: 'web',
      redirect_uris: ['http://127.0.0.1:33418/', 'https://vscode.dev/redirect'],
      jwks_uri: 'https://client.example/jwks',
      sector_identifier_uri: 'http://169.254.169.254/',
      backchannel_logout_uri: 'http://169.254.169.254/',
      software_id: 'editor',
    })
    expect([status, body]).toMatchObject([
      201,
      {
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        application_type: 'native',
        software_id: 'editor',
      },
    ])
    expect(Object.keys(body)).not.toContain('jwks_uri')
  })

  it("of the web are the web's", async () => {
    expect((await ask({ redirect_uris: ['https://claude.ai/api/mcp/auth_callback'] })).body['application_type']).toBe(
      'web',
    )
  })

  it.each([
    ['no address', { redirect_uris: undefined }, 'invalid_redirect_uri'],
    ['an empty list of addresses', { redirect_uris: [] }, 'invalid_redirect_uri'],
    ['a text for addresses', { redirect_uris: TEST_REDIRECT }, 'invalid_redirect_uri'],
    ['a number for an address', { redirect_uris: [7] }, 'invalid_redirect_uri'],
    [
      'twenty-one addresses',
      { redirect_uris: Array.from({ length: 21 }, (_, index) => `https://a.example/${index}`) },
      'invalid_redirect_uri',
    ],
    ['a script for an address', { redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
    ['plain http', { redirect_uris: ['http://client.example/'] }, 'invalid_redirect_uri'],
    ['one bad address among good ones', { redirect_uris: [TEST_REDIRECT, 'data:text/html,x'] }, 'invalid_redirect_uri'],
    ['a long name', { client_name: 'a'.repeat(201) }, 'invalid_client_metadata'],
    ['a number for a name', { client_name: 7 }, 'invalid_client_metadata'],
    ['a NUL in its name', { client_name: 'a\0b' }, 'invalid_client_metadata'],
    ['half of a sign in its name', { client_name: '\ud800' }, 'invalid_client_metadata'],
    ['no grant that there is', { grant_types: ['password'] }, 'invalid_client_metadata'],
    ['a text for grants', { grant_types: 'authorization_code' }, 'invalid_client_metadata'],
    ['no answer that there is', { response_types: ['token'] }, 'invalid_client_metadata'],
    [
      'a way to prove itself that there is not',
      { token_endpoint_auth_method: 'private_key_jwt' },
      'invalid_client_metadata',
    ],
    ['a script for a home page', { client_uri: 'javascript:alert(1)' }, 'invalid_client_metadata'],
    ['a script for a picture', { logo_uri: 'data:text/html,x' }, 'invalid_client_metadata'],
  ])('are refused with %s', async (_, metadata, error) => {
    const { status, body } = await ask(metadata)
    expect([status, body]).toMatchObject([400, { error, error_description: expect.any(String) }])
  })

  it.each([
    ['no JSON', '{', { 'content-type': 'application/json' }, 400],
    ['a list', '[]', { 'content-type': 'application/json' }, 400],
    ['null', 'null', { 'content-type': 'application/json' }, 400],
    ['nothing', '', { 'content-type': 'application/json' }, 400],
    ['a form', 'client_name=x', { 'content-type': 'application/x-www-form-urlencoded' }, 400],
    ['too much', `{"client_name":"${'a'.repeat(70_000)}"}`, { 'content-type': 'application/json' }, 413],
    [
      "somebody's prototype",
      '{"__proto__":{"redirect_uris":["https://evil.example/"]}}',
      { 'content-type': 'application/json' },
      400,
    ],
  ])('are refused with %s in place of metadata', async (_, body, headers, status) => {
    expect((await send(body, headers)).status).toBe(status)
  })

  it("are nobody's to read or change", async () => {
    const client = await register(app)
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const response = await fetch(`${app.url}/oauth/register/${client.client_id}`, { method })
      expect(response.status).toBe(404)
    }
  })

  it('go after a day if nobody lets them in, and stay for long if somebody does', async () => {
    const [used, unused] = [await register(app), await register(app)]
    await exchange(app, used, await obtainCode(app, used))
    const known = async () =>
      (await database.asOwner<{ client_id: string }>('select client_id from oauth_clients')).map((row) => row.client_id)
    const clock = { now: () => new Date(Date.now() + 25 * HOUR_MS) }
    const running = { refresh: async () => {} }
    await maintain({ database, clock, running } as never)
    expect(await known()).toContain(used.client_id)
    expect(await known()).not.toContain(unused.client_id)
    await expect(obtainCode(app, unused)).rejects.toThrow(/invalid_client/)
    const late = { now: () => new Date(Date.now() + 91 * 24 * HOUR_MS) }
    await maintain({ database, clock: late, running } as never)
    expect(await known()).toEqual([])
    expect(await database.asOwner('select 1 from oauth_records')).toEqual([])
    expect(await database.asOwner('select 1 from oauth_grants')).toEqual([])
  })

  it('never fill the table: the oldest that nobody let in make place', async () => {
    const used = await register(app)
    await exchange(app, used, await obtainCode(app, used))
    await database.asOwner(`
      insert into oauth_clients (client_id, metadata, expires_at, created_at)
      select 'flood-' || n, '{}', now() + interval '1 day', now() - n * interval '1 second' from generate_series(1, 20000) n`)
    const fresh = await register(app)
    const ids = await database.asOwner<{ client_id: string }>('select client_id from oauth_clients')
    const left = new Set(ids.map((row) => row.client_id))
    expect(left.size).toBeLessThanOrEqual(20_000)
    expect([used.client_id, fresh.client_id, 'flood-1', 'flood-20000'].map((id) => left.has(id))).toEqual([
      true,
      true,
      true,
      false,
    ])
  })
})

describe('many registrations from one address', () => {
  it('end in 429, with the time to wait, and cost no row', async () => {
    const database = await openTestDatabase('pglite')
    const userId = await createTestUser(database, 'ana@example.com')
    const limits = { clientRegistrations: { points: 3, windowSeconds: 60 } }
    const app = await startOauthApp(database, { userId, limits })
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        fetch(`${app.url}/oauth/register`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ redirect_uris: [TEST_REDIRECT] }),
        }),
      ),
    )
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      201,
      201,
      201,
      ...Array.from({ length: 17 }, () => 429),
    ])
    const refused = answers.find(({ status }) => status === 429)
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await database.asOwner('select client_id from oauth_clients')).toHaveLength(3)
    await app.close()
    await database.close()
  })
})
