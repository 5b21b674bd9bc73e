import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '#test/support/database.ts'
import { createWholeApp, type TestUser, type WholeApp } from '#test/support/whole-app.ts'

/** What the endpoint says to whatever it does not serve: the code that the revision names, and never a 5xx. */

const METADATA = 'http://localhost:8001/.well-known/oauth-protected-resource'
const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
const LIST = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })

describe('what the MCP endpoint refuses', () => {
  let database: TestDatabase
  let app: WholeApp
  let ana: TestUser
  let reader: string

  beforeAll(async () => {
    database = await openTestDatabase('pglite')
    app = await createWholeApp(database)
    ana = await app.signUp('Ana', 'ana@example.com')
    const body = { name: 'reads', scopes: ['tools:read'] }
    const made = await app.request('POST', '/api/tokens', { token: ana.token, body })
    reader = (made.json() as { token: string }).token
  })

  afterAll(async () => {
    await app.close()
    await database.close()
  })

  async function send(
    body: string | undefined,
    { path = '/mcp', method = 'POST', token = ana.token, headers = {} }: Partial<Sending> = {},
  ): Promise<Response> {
    return app.house.app.request(`http://localhost:8001${path}`, {
      method,
      headers: { ...HEADERS, ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(body === undefined ? {} : { body }),
    })
  }

  interface Sending {
    readonly path: string
    readonly method: string
    readonly token: string | null
    readonly headers: Record<string, string>
  }

  it.each(['/mcp', '/mcp/notion', '/mcp/read-only'])(
    'sends a client without a token from %s to its metadata',
    async (path) => {
      const answer = await send(LIST, { path, token: null })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe(
        `Bearer scope="tools:read tools:write", resource_metadata="${METADATA}${path}"`,
      )
    },
  )

  it('sends it to the document under the name of this machine that it came by, which says the same name', async () => {
    const headers = { host: '127.0.0.1:8001' }
    const answer = await send(LIST, { token: null, headers })
    const [, address = ''] = /resource_metadata="([^"]+)"/.exec(answer.headers.get('www-authenticate') ?? '') ?? []
    expect(address).toBe('http://127.0.0.1:8001/.well-known/oauth-protected-resource/mcp')
    const document = await app.house.app.request(address, { headers })
    expect(await document.json()).toMatchObject({ resource: 'http://127.0.0.1:8001/mcp' })
  })

  it('takes the address with a slash at its end for the same', async () => {
    const answer = await send(LIST, { path: '/mcp/', token: null })
    expect(answer.headers.get('www-authenticate')).toContain(`resource_metadata="${METADATA}/mcp"`)
    expect((await send(LIST, { path: '/mcp/' })).status).toBe(200)
  })

  it('leads a person in a browser to the page that says what the address is for', async () => {
    const headers = { accept: 'text/html,application/xhtml+xml' }
    const answer = await send(undefined, { method: 'GET', token: null, headers })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/'])
  })

  it('asks for no scope that would not help: the address does not have the tool', async () => {
    const params = { name: 'notion_create_page', arguments: {} }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
    const answer = await send(body, { token: reader, path: '/mcp/read-only' })
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('-32602')
  })

  it.each(['chv_wrong', 'x', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.', 'a'.repeat(9_000)])(
    'says of the token %.20s that it is none',
    async (token) => {
      const answer = await send(LIST, { token })
      expect(answer.status).toBe(401)
      const challenge = answer.headers.get('www-authenticate') ?? ''
      expect(challenge).toContain('error="invalid_token"')
      expect(challenge).toContain(`resource_metadata="${METADATA}/mcp"`)
    },
  )

  it('names every scope that a call lacks, and records the refusal once', async () => {
    const params = { name: 'notion_create_page', arguments: {} }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
    const answer = await send(body, { token: reader })
    expect(answer.status).toBe(403)
    const challenge = answer.headers.get('www-authenticate') ?? ''
    expect(challenge).toContain('error="insufficient_scope"')
    expect(challenge).toContain('scope="tools:read tools:write"')
    expect(challenge).toContain(`resource_metadata="${METADATA}/mcp"`)
    const { events } = (await app.request('GET', '/api/activity?type=access.denied', { token: ana.token })).json() as {
      events: { details: object }[]
    }
    expect(events.map(({ details }) => details)).toEqual([
      { reason: 'insufficient_scope', scope: 'tools:read tools:write', path: '/mcp' },
    ])
  })

  it('finds a call that needs more in a batch as well', async () => {
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'notion_create_page' } }
    expect((await send(JSON.stringify([JSON.parse(LIST), call]), { token: reader })).status).toBe(403)
  })

  it('serves a token that only reads', async () => {
    expect((await send(LIST, { token: reader })).status).toBe(200)
  })

  it.each<[string, string, number, number]>([
    ['no JSON', '{"jsonrpc":', 400, -32_700],
    ['nothing', '', 400, -32_700],
    ['a member twice', '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', 400, -32_600],
    ['__proto__', '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"__proto__":{}}}', 400, -32_600],
    ['100,000 levels', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400, -32_600],
    ['5 MB', `"${'a'.repeat(5_000_000)}"`, 413, -32_600],
    ['half a character', '"\\ud800"', 400, -32_600],
    ['1e400', '{"jsonrpc":"2.0","id":1e400,"method":"ping"}', 400, -32_600],
    ['an empty batch', '[]', 400, -32_600],
    ['101 messages', JSON.stringify(Array.from({ length: 101 }, () => JSON.parse(LIST) as unknown)), 400, -32_600],
  ])('answers %s with JSON-RPC’s own error', async (_name, body, status, code) => {
    const answer = await send(body)
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ jsonrpc: '2.0', error: { code } })
  })

  it.each([
    ['PUT', 405],
    ['PATCH', 405],
    ['GET', 405],
    ['DELETE', 405],
  ])('has no %s without a session', async (method, status) => {
    const answer = await send(undefined, { method, headers: { accept: 'text/event-stream' } })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('allow')).toContain('POST')
  })

  it('has no other toolset than those it names', async () => {
    for (const token of [ana.token, null]) {
      const answer = await send(LIST, { path: '/mcp/slack-of-somebody', token })
      expect(answer.status).toBe(404)
      expect(await answer.text()).toContain('/mcp/read-only')
    }
  })

  it.each([
    [{ origin: 'http://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ host: 'evil.example' }, 403],
    [{ host: 'evil.example:8001' }, 403],
    [{ origin: 'http://localhost:8001' }, 200],
  ])('looks at where %j comes from', async (headers, status) => {
    expect((await send(LIST, { headers })).status).toBe(status)
  })

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data', ''])(
    'takes JSON only, not %s',
    async (type) => {
      expect((await send(LIST, { headers: { 'content-type': type } })).status).toBe(415)
    },
  )

  it('keeps nothing of an answer in a cache', async () => {
    expect((await send(LIST)).headers.get('cache-control')).toMatch(/no-store|no-cache/)
  })
})
