import type { ServerResponse } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { startBentServer, type BentServer } from '../support/bent-server.ts'
import { describeOnEachEngine, type TestDatabase } from '../support/database.ts'
import { createWholeApp, type Answer, type TestUser, type WholeApp } from '../support/whole-app.ts'

/** Remote servers connected by their address, through the API: each way in, and each way in which it must not end. */

const HOUSE = 'http://localhost:8001'

describeOnEachEngine('connecting a remote server', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let owner: TestUser
  let ana: TestUser
  let bruno: TestUser
  let server: BentServer
  /** Honest, and another's: what the first would like to pass for. */
  let other: BentServer

  beforeAll(async () => {
    database = await open()
    server = await startBentServer()
    other = await startBentServer()
    app = await createWholeApp(database, { CHAVEIRO_REMOTE_SERVER_HOSTS: `${server.host},${other.host}` })
    owner = await app.signUp('Owner', 'owner@example.com')
    ana = await app.signUp('Ana', 'ana@example.com')
    bruno = await app.signUp('Bruno', 'bruno@example.com')
  })
  beforeEach(() =>
    database.asOwner(
      'delete from mcp_connections; delete from authorization_transactions; delete from provider_apps; delete from audit_events',
    ),
  )
  afterEach(() => {
    server.bend({})
    other.bend({})
  })
  afterAll(async () => {
    await app.close()
    await server[Symbol.asyncDispose]()
    await other[Symbol.asyncDispose]()
    await database.close()
  })

  const connect = (body: Record<string, unknown>, user = ana): Promise<Answer> =>
    app.request('POST', '/api/mcp/servers', { token: user.token, body })
  const servers = async (user = ana): Promise<Record<string, unknown>[]> =>
    (await app.request('GET', '/api/mcp/servers', { token: user.token })).json()['servers'] as Record<string, unknown>[]
  const rows = (): Promise<Record<string, unknown>[]> => database.asOwner('select * from mcp_connections order by id')

  async function begin(body: Record<string, unknown> = { url: server.url }, user = ana): Promise<string> {
    const answer = await connect(body, user)
    expect([answer.status, answer.text]).toEqual([202, expect.stringContaining('authorize_url')])
    return String(answer.json()['authorize_url'])
  }

  /** @returns the query that the browser is led on with */
  async function comeBack(back: URL, user: TestUser | null = ana): Promise<Record<string, string>> {
    const answer = await app.request('GET', back.pathname + back.search, user === null ? {} : { token: user.token })
    expect(answer.status).toBe(302)
    return Object.fromEntries(new URL(answer.headers.get('location') ?? '', HOUSE).searchParams)
  }

  it('is done at once where nobody has to sign in', async () => {
    server.bend({ open: true })
    const answer = await connect({ url: `${server.url}#top`, label: 'Tools of Ana' })
    expect(answer.status).toBe(200)
    expect(answer.json()).toMatchObject({
      connected: true,
      provider: 'upstream',
      label: 'Tools of Ana',
      url: server.url,
      tool_prefix: 'toolsofana',
      account: { server: 'Toolbox', version: '1.2.3' },
    })
    expect(await rows()).toMatchObject([{ method: 'none', account_id: server.url }])
    expect(await servers()).toHaveLength(1)
    expect(await servers(bruno)).toEqual([])
  })

  it('is known by what the server calls itself where the user gave no name', async () => {
    server.bend({ open: true })
    expect((await connect({ url: server.url })).json()).toMatchObject({ label: 'Toolbox', tool_prefix: 'toolbox' })
  })

  it('takes a token of the user’s own, and says so where it is refused', async () => {
    server.accept('token-of-ana')
    expect((await connect({ url: server.url, token: 'token-of-bruno' })).json()).toMatchObject({
      code: 'credential_rejected',
    })
    expect(await rows()).toEqual([])
    const answer = await connect({ url: server.url, token: 'token-of-ana' })
    expect([answer.status, answer.text]).toEqual([200, expect.not.stringContaining('token-of-ana')])
    expect(await rows()).toMatchObject([{ method: 'api_key', status: 'connected' }])
    expect(app.logLines.join('\n')).not.toContain('token-of-ana')
  })

  it('registers by itself, signs in, and stores the grant sealed with where it is renewed', async () => {
    const address = await begin({ url: server.url, label: 'Toolbox' })
    const asked = Object.fromEntries(new URL(address).searchParams)
    expect(asked).toMatchObject({
      response_type: 'code',
      resource: server.url,
      scope: 'tools:read tools:write',
      code_challenge_method: 'S256',
      redirect_uri: expect.stringMatching(/^http:\/\/localhost:8001\/api\/mcp\/servers\/callback\/[0-9a-f]{20}$/),
    })
    expect(server.registrations.at(-1)).toMatchObject({
      redirect_uris: [asked['redirect_uri']],
      application_type: 'native',
      token_endpoint_auth_method: 'client_secret_basic',
    })
    const { connected } = await comeBack(await server.allow(address))
    expect(server.tokenRequests.at(-1)).toMatchObject({
      grant_type: 'authorization_code',
      resource: server.url,
      authorization: expect.stringMatching(/^Basic /),
    })
    const [row] = await rows()
    expect(String(row?.['id'])).toBe(connected)
    expect(row).toMatchObject({ method: 'oauth2', scopes: ['tools:read', 'tools:write'], label: 'Toolbox' })
    expect(JSON.stringify(row)).not.toMatch(/access-|secret-of|refresh-/)
    expect(await servers()).toMatchObject([{ connected: true, url: server.url, tool_prefix: 'toolbox' }])
    const tested = await app.request('POST', `/api/mcp/servers/${connected}/test`, { token: ana.token })
    expect(tested.json()).toMatchObject({ check: { ok: true } })
  })

  it.each([
    ['lets anybody in', { open: true }],
    ['asks for a sign-in', {}],
  ])(
    'keeps the query of the address of a server that %s sealed, and sends it with every message',
    async (_name, bends) => {
      const [first, second] = ['api_key=first-canary', 'api_key=second-canary']
      async function connectWith(query: string): Promise<Record<string, unknown>> {
        server.bend({ ...bends, query })
        const answer = await connect({ url: `${server.url}?${query}` })
        expect(answer.text).not.toContain('canary')
        const { authorize_url: begun } = answer.json() as { authorize_url?: string }
        if (begun !== undefined) await comeBack(await server.allow(begun))
        return (await servers()).at(-1) ?? {}
      }
      const one = await connectWith(first)
      expect(one).toMatchObject({ connected: true, url: server.url, query_is_sealed: true })
      expect(await database.asOwner('select name from upstream_tools')).toEqual([{ name: 'add' }])
      const tested = await app.request('POST', `/api/mcp/servers/${String(one['connection_id'])}/test`, {
        token: ana.token,
      })
      expect(tested.json()).toMatchObject({ check: { ok: true } })
      // Another key is another server; the same one again is the same connection.
      expect(await connectWith(second)).not.toMatchObject({ connection_id: one['connection_id'] })
      await connectWith(first)
      expect(await servers()).toHaveLength(2)
      server.answer('/mcp', (_request, response) => void response.writeHead(500).end(`no ${first}`))
      await connect({ url: `${server.url}?${first}` })
      server.answer('/mcp', null)
      const kept = await Promise.all(
        ['mcp_connections', 'upstream_servers', 'upstream_tools', 'authorization_transactions', 'audit_events'].map(
          (table) => database.asOwner(`select * from ${table}`),
        ),
      )
      expect(JSON.stringify(kept)).not.toContain('canary')
      expect(app.logLines.join('\n')).not.toContain('canary')
    },
  )

  it('signs in again at an address whose query is sealed', async () => {
    const query = 'api_key=canary'
    server.bend({ query })
    const first = await comeBack(await server.allow(await begin({ url: `${server.url}?${query}` })))
    const path = `/api/mcp/servers/${first['connected']}/authorize`
    const again = await app.request('GET', path, { token: ana.token })
    expect(again.text).not.toContain('canary')
    expect(await comeBack(await server.allow(String(again.json()['authorize_url'])))).toEqual(first)
  })

  it('takes no name or password in an address, and says where a token goes', async () => {
    const refused = await connect({ url: 'https://ana:canary@mcp.example.com/mcp' })
    expect([refused.status, refused.json()]).toMatchObject([
      400,
      { code: 'invalid_request', path: 'url', detail: expect.stringContaining('"token"') },
    ])
    expect(refused.text + app.logLines.join('\n')).not.toContain('canary')
  })

  it('prefers the client that the operator registered there, and comes back by its own path', async () => {
    const client = { client_id: 'by-hand', client_secret: 'secret-by-hand' }
    const name = encodeURIComponent(server.origin)
    const set = await app.request('PUT', `/api/admin/provider-apps/${name}`, { token: owner.token, body: client })
    expect([set.status, set.text]).toEqual([200, expect.not.stringContaining('secret-by-hand')])
    expect(set.json()['redirect_uri']).toBe(`${HOUSE}/api/mcp/servers/callback`)
    const before = server.registrations.length
    const address = await begin()
    expect(Object.fromEntries(new URL(address).searchParams)).toMatchObject({
      client_id: 'by-hand',
      redirect_uri: `${HOUSE}/api/mcp/servers/callback`,
    })
    expect(await comeBack(await server.allow(address))).toHaveProperty('connected')
    expect(server.registrations).toHaveLength(before)
    await app.request('DELETE', `/api/admin/provider-apps/${name}`, { token: owner.token })
  })

  it('names the two other ways where the server registers nobody', async () => {
    server.bend({ server: { registration_endpoint: undefined } })
    const answer = await connect({ url: server.url })
    expect(answer.status).toBe(422)
    expect(answer.json()).toMatchObject({
      code: 'registration_refused',
      detail: expect.stringMatching(/token.+operator/),
    })
    server.bend({})
    server.answer('/register', (_request, response) => void response.writeHead(403).end('{}'))
    expect((await connect({ url: server.url })).json()).toMatchObject({ code: 'registration_refused' })
    server.answer('/register', null)
    expect(await rows()).toEqual([])
  })

  it('renews the same connection when the same server is connected again, with all that was allowed', async () => {
    const first = await comeBack(await server.allow(await begin()))
    const path = `/api/mcp/servers/${first['connected']}/authorize?scope=tools%3Aadmin`
    const again = await app.request('GET', path, { token: ana.token })
    const address = String(again.json()['authorize_url'])
    expect(new URL(address).searchParams.get('scope')).toBe('tools:read tools:write tools:admin')
    expect(await comeBack(await server.allow(address))).toEqual(first)
    expect(await rows()).toMatchObject([{ version: 2, scopes: ['tools:read', 'tools:write', 'tools:admin'] }])
    expect((await app.request('GET', path, { token: bruno.token })).status).toBe(404)
  })

  it('stores nothing of what its user was cut off from meanwhile, and ends what the server gave', async () => {
    const endAll = async () => {
      const path = `/api/admin/users/${ana.id}/disconnect-all`
      expect((await app.request('POST', path, { token: owner.token })).status).toBe(200)
    }
    const answerAfterEnding = (path: string, status: number, body: object) =>
      server.answer(path, (_request, response) => {
        server.answer(path, null)
        const json = { 'content-type': 'application/json' }
        void endAll().then(() => response.writeHead(status, json).end(JSON.stringify(body)))
      })

    server.accept('token-of-ana')
    const given = { access_token: 'token-of-ana', token_type: 'Bearer', refresh_token: 'refresh-of-ana' }
    const address = await begin()
    answerAfterEnding('/token', 200, given)
    expect(await comeBack(await server.allow(address))).toEqual({ connect_error: 'ended' })
    expect(server.asked.at(-1)).toBe('POST /revoke')

    answerAfterEnding('/register', 201, { client_id: 'new', client_secret: 'secret-of-new', redirect_uris: [] })
    expect(await comeBack(await server.allow(await begin()))).toEqual({ connect_error: 'ended' })

    server.bend({ open: true })
    answerAfterEnding('/mcp', 405, {})
    expect((await connect({ url: server.url, token: 'token-of-ana' })).json()).toMatchObject({ connect_error: 'ended' })
    expect(await rows()).toEqual([])
    expect(await database.asOwner('select * from upstream_servers')).toEqual([])
  })

  it('ends with the connection, its prefix and its tools', async () => {
    const { connected } = await comeBack(await server.allow(await begin()))
    const path = `/api/mcp/servers/${connected}`
    expect((await app.request('DELETE', path, { token: bruno.token })).status).toBe(404)
    expect((await app.request('DELETE', path, { token: ana.token })).json()).toMatchObject({ disconnected: true })
    expect(await database.asOwner('select * from upstream_servers')).toEqual([])
    expect(await servers()).toEqual([])
  })

  it('gives two servers of one label two prefixes, and none the name of a provider', async () => {
    server.bend({ open: true })
    other.bend({ open: true })
    await connect({ url: server.url, label: 'Notion' })
    await connect({ url: other.url, label: 'notion!' })
    expect((await servers()).map((each) => each['tool_prefix'])).toEqual(['notion2', 'notion3'])
  })

  it.each([
    ['another’s state', (back: URL) => back.searchParams.set('state', 'x'.repeat(43)), 'unknown'],
    ['no state', (back: URL) => back.searchParams.delete('state'), 'unknown'],
    ['no issuer where one is announced', (back: URL) => back.searchParams.delete('iss'), 'wrong_issuer'],
    ['another issuer', (back: URL) => back.searchParams.set('iss', 'https://evil.example'), 'wrong_issuer'],
    [
      'the path of another server',
      (back: URL) => (back.pathname = back.pathname.replace(/.{4}$/, '0000')),
      'wrong_issuer',
    ],
    [
      'the path of the operator’s clients',
      (back: URL) => (back.pathname = '/api/mcp/servers/callback'),
      'wrong_issuer',
    ],
    ['no code', (back: URL) => back.searchParams.delete('code'), 'malformed'],
    ['a code twice', (back: URL) => back.searchParams.append('code', 'b'), 'malformed'],
    ['a refusal', (back: URL) => (back.search = back.search.replace(/code=[^&]+/, 'error=access_denied')), 'denied'],
  ])('sends no code and stores nothing on a way back with %s', async (_name, bend, error) => {
    const back = await server.allow(await begin())
    const before = server.tokenRequests.length
    bend(back)
    expect(await comeBack(back)).toEqual({ connect_error: error })
    expect(server.tokenRequests).toHaveLength(before)
    expect(await rows()).toEqual([])
  })

  it('knows a user by the way out: another user, a second time, and nobody end with nothing', async () => {
    const back = await server.allow(await begin())
    const before = server.tokenRequests.length
    expect(await comeBack(back, null)).toEqual({ connect_error: 'signed_out' })
    expect(await comeBack(back, bruno)).toEqual({ connect_error: 'unknown' })
    expect(server.tokenRequests).toHaveLength(before)
    expect(await comeBack(back)).toHaveProperty('connected')
    expect(await comeBack(back)).toEqual({ connect_error: 'unknown' })
    expect(server.tokenRequests).toHaveLength(before + 1)
  })

  it('gives a dishonest server no code of an honest one', async () => {
    // The hostile server sends the user on to the honest one, with our client there and the state of its own round trip.
    other.bend({ server: { authorization_response_iss_parameter_supported: false } })
    server.bend({ server: { authorization_response_iss_parameter_supported: false } })
    const honest = new URL(await begin({ url: other.url }))
    const hostile = new URL(await begin({ url: server.url }))
    const crossed = new URL(honest)
    for (const name of ['state', 'code_challenge']) {
      crossed.searchParams.set(name, hostile.searchParams.get(name) ?? '')
    }
    other.bend({ iss: null })
    const back = await other.allow(crossed.href)
    const before = [server.tokenRequests.length, other.tokenRequests.length]
    expect(await comeBack(back)).toEqual({ connect_error: 'wrong_issuer' })
    expect([server.tokenRequests.length, other.tokenRequests.length]).toEqual(before)
    expect(await rows()).toEqual([])
  })

  it.each([
    ['no PKCE', { server: { code_challenge_methods_supported: undefined } }],
    ['PKCE in the clear', { server: { code_challenge_methods_supported: ['plain'] } }],
    ['another issuer', { server: { issuer: 'https://login.example.com' } }],
    ['metadata of another server', { resource: { resource: 'https://mcp.example.com/mcp' } }],
    ['another path of its own', { resource: { resource: `http://127.0.0.1/other` } }],
  ])('begins nothing at a server with %s', async (_name, bends) => {
    server.bend(bends)
    expect((await connect({ url: server.url })).json()).toMatchObject({ code: 'unusable_server' })
    expect(await rows()).toEqual([])
    const events = await database.asOwner(`select type, details from audit_events where type like 'connection%'`)
    expect(events).toMatchObject([{ type: 'connection.rejected', details: { code: 'unusable_server' } }])
  })

  it.each([
    ['a page', (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
    [
      'another JSON',
      (response: ServerResponse) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1}'),
    ],
    ['an error', (response: ServerResponse) => response.writeHead(500).end('no')],
    ['a refusal without a word', (response: ServerResponse) => response.writeHead(403).end('no')],
  ])('says of an address that answers with %s that it is no server', async (_name, answer) => {
    server.answer('/mcp', (_request, response) => void answer(response))
    const refused = await connect({ url: server.url })
    server.answer('/mcp', null)
    expect([refused.status, refused.json()['code']]).toEqual([422, 'unusable_server'])
    expect(await rows()).toEqual([])
  })

  it('calls nothing that is private and not allowed', async () => {
    const refused = await connect({ url: 'http://127.0.0.1:9/mcp' })
    expect([refused.status, refused.json()['code']]).toEqual([400, 'invalid_request'])
  })

  it('publishes for each issuer the document that describes us', async () => {
    const digest = 'a'.repeat(20)
    const document = await app.request('GET', `/oauth/client-metadata/${digest}.json`)
    expect(document.json()).toMatchObject({
      client_id: `${HOUSE}/oauth/client-metadata/${digest}.json`,
      redirect_uris: [`${HOUSE}/api/mcp/servers/callback/${digest}`],
      token_endpoint_auth_method: 'none',
    })
    expect((await app.request('GET', '/oauth/client-metadata/else.json')).status).toBe(404)
  })

  it('offers servers that many people use', async () => {
    const { presets } = (await app.request('GET', '/api/mcp/servers/presets', { token: ana.token })).json() as {
      presets: { url: string; access: string[] }[]
    }
    expect(presets.length).toBeGreaterThanOrEqual(7)
    for (const { url, access } of presets) expect([url.startsWith('https://'), access.length > 0]).toEqual([true, true])
  })
})
