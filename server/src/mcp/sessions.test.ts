import { describe, expect, it } from 'vitest'
import { createAppRouter, type AppRouter } from '#kernel/http.ts'
import type { Principal } from '#kernel/principal.ts'
import { success } from '#kernel/problem.ts'
import { MCP_PRINCIPAL, mcpMessage, mcpParts } from '#test/support/mcp-endpoint.ts'
import { mcpRoutes } from './endpoint.ts'
import { createSessionIds } from './session-id.ts'
import type { Sessions } from './sessions.ts'

const OTHER_USER: Principal = { ...MCP_PRINCIPAL, userId: 2 }
const OTHER_CLIENT: Principal = { ...MCP_PRINCIPAL, via: { kind: 'oauth_client', id: '1' } }
const VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05']

interface Replica {
  readonly sessions: Sessions
  readonly app: AppRouter
  /** Who asks next. */
  principal: Principal
  now: Date
}

/** One process that serves sessions, without the quick path: every message reaches its session. */
async function replica(): Promise<Replica> {
  const state = { principal: MCP_PRINCIPAL, now: new Date('2026-01-01T00:00:00Z') }
  const parts = await mcpParts({ clock: { now: () => state.now } })
  const app = createAppRouter()
  const resolve = async () => success(state.principal)
  app.route('/', mcpRoutes({ ...parts, resolve, begunBy: () => undefined }))
  return Object.assign(state, { app, sessions: parts.sessions })
}

async function post(to: Replica, message: object, headers: Record<string, string> = {}): Promise<Response> {
  return to.app.request('http://localhost:8001/mcp', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
  })
}

async function greet(to: Replica, protocolVersion = '2025-11-25', capabilities: object = {}): Promise<string> {
  const params = { protocolVersion, capabilities, clientInfo: { name: 'test', version: '1' } }
  const answer = await post(to, { id: 1, method: 'initialize', params })
  expect(mcpMessage(await answer.text())).toMatchObject({ id: 1, result: { protocolVersion } })
  const id = answer.headers.get('mcp-session-id') ?? ''
  const initialized = { method: 'notifications/initialized' }
  expect((await post(to, initialized, { 'mcp-session-id': id })).status).toBe(202)
  return id
}

async function list(to: Replica, id: string): Promise<number> {
  const answer = await post(to, { id: 2, method: 'tools/list' }, { 'mcp-session-id': id })
  const message = mcpMessage(await answer.text())
  if (answer.status === 200) expect(message).toMatchObject({ id: 2, result: { tools: expect.any(Array) } })
  else expect(message).toMatchObject({ error: { code: -32_001, message: 'Session not found' } })
  return answer.status
}

describe('sessions of clients before 2026-07-28', () => {
  it.each(VERSIONS)('greet in %s and go on', async (version) => {
    const one = await replica()
    expect(await list(one, await greet(one, version))).toBe(200)
  })

  it('are unknown to another user and to another client of the same user', async () => {
    const one = await replica()
    const id = await greet(one)
    for (const principal of [OTHER_USER, OTHER_CLIENT]) {
      one.principal = principal
      expect(await list(one, id)).toBe(404)
    }
    one.principal = MCP_PRINCIPAL
    expect(await list(one, id)).toBe(200)
  })

  it('go on where another process takes their messages, for their user alone', async () => {
    const [one, two] = [await replica(), await replica()]
    const id = await greet(one, '2025-06-18', { elicitation: {} })
    two.principal = OTHER_USER
    expect(await list(two, id)).toBe(404)
    two.principal = MCP_PRINCIPAL
    expect(await list(two, id)).toBe(200)
    expect(await list(two, id)).toBe(200)
  })

  it('go on after they were idle and left the memory', async () => {
    const one = await replica()
    const id = await greet(one)
    one.now = new Date('2026-01-01T02:00:00Z')
    one.sessions.sweep()
    expect(await list(one, id)).toBe(200)
  })

  it('end after a day', async () => {
    const [one, two] = [await replica(), await replica()]
    const id = await greet(one)
    two.now = new Date('2026-01-02T00:00:01Z')
    expect(await list(two, id)).toBe(404)
  })

  it('end where the client says so, and are not taken up again', async () => {
    const one = await replica()
    const id = await greet(one)
    const headers = { 'mcp-session-id': id }
    const ended = await one.app.request('http://localhost:8001/mcp', { method: 'DELETE', headers })
    expect(ended.status).toBe(200)
    expect(await list(one, id)).toBe(404)
  })

  it('are bounded for a user: the one that was used longest ago makes room, and still goes on', async () => {
    const one = await replica()
    const ids = []
    for (let count = 0; count < 25; count += 1) ids.push(await greet(one))
    expect(new Set(ids).size).toBe(25)
    for (const id of ids) expect(await list(one, id)).toBe(200)
  })

  it('keep no long handshake: a session stays in memory, and a user can have many', async () => {
    const one = await replica()
    const long = { experimental: { long: { text: 'x'.repeat(20_000) } } }
    const params = { protocolVersion: '2025-11-25', capabilities: long, clientInfo: { name: 'test', version: '1' } }
    const answer = await post(one, { id: 1, method: 'initialize', params })
    expect([answer.status, await answer.json()]).toMatchObject([413, { error: { code: -32_600 }, id: null }])
    expect(answer.headers.get('mcp-session-id')).toBeNull()
  })

  it('repeat no long name of a revision in their ids', async () => {
    const one = await replica()
    const params = { protocolVersion: 'x'.repeat(10_000), capabilities: {}, clientInfo: { name: 'test', version: '1' } }
    const answer = await post(one, { id: 1, method: 'initialize', params })
    expect(mcpMessage(await answer.text())).toMatchObject({ result: { protocolVersion: '2025-11-25' } })
    const id = answer.headers.get('mcp-session-id') ?? ''
    expect(id.length).toBeLessThan(500)
    expect(await list(await replica(), id)).toBe(200)
  })

  it('end for principals that are over', async () => {
    const [one, two] = [await replica(), await replica()]
    const id = await greet(one)
    await one.sessions.endWhere(async ({ userId }) => userId === 1, 1)
    // The message itself would be refused before it reaches a session; the id alone still says whose it is.
    expect(one.sessions.knows({ principal: OTHER_USER } as never, id)).toBe(false)
    expect(two.sessions.knows({ principal: MCP_PRINCIPAL } as never, id)).toBe(true)
  })

  it.each(['', 'x', '.', 'a.b', `${'a'.repeat(5_000)}.b`, 'e30.AAAA', '../../etc'])(
    'know nothing of %j',
    async (id) => {
      const one = await replica()
      const answer = await post(one, { id: 2, method: 'tools/list' }, { 'mcp-session-id': id })
      expect(answer.status).toBe(404)
    },
  )

  it('accept no changed id', async () => {
    const one = await replica()
    const id = await greet(one)
    for (let index = 0; index < id.length; index += 1) {
      const changed = `${id.slice(0, index)}${id[index] === 'A' ? 'B' : 'A'}${id.slice(index + 1)}`
      expect(one.sessions.knows({ principal: MCP_PRINCIPAL } as never, changed)).toBe(false)
    }
  })

  it('accept no other text for the same bytes', async () => {
    const one = await replica()
    const id = await greet(one)
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const other = `${id.slice(0, -1)}${alphabet[alphabet.indexOf(id.at(-1) ?? '') + 1]}`
    const [tag, otherTag] = [id, other].map((text) => Buffer.from(text.split('.')[1] ?? '', 'base64url'))
    expect(otherTag).toEqual(tag)
    expect(one.sessions.knows({ principal: MCP_PRINCIPAL } as never, other)).toBe(false)
  })

  it('open no stream without a session, and one stream for one', async () => {
    const one = await replica()
    const headers = { accept: 'text/event-stream' }
    expect((await one.app.request('http://localhost:8001/mcp', { headers })).status).toBe(405)
    const own = { ...headers, 'mcp-session-id': await greet(one) }
    const stream = await one.app.request('http://localhost:8001/mcp', { headers: own })
    expect(stream.status).toBe(200)
    expect((await one.app.request('http://localhost:8001/mcp', { headers: own })).status).toBe(409)
    await stream.body?.cancel()
  })
})

it('opens no stream any more once the process is ending, and still answers', async () => {
  const parts = await mcpParts()
  const app = createAppRouter()
  app.route('/', mcpRoutes({ ...parts, isClosing: () => true, begunBy: () => undefined }))
  const one: Replica = { app, sessions: parts.sessions, principal: MCP_PRINCIPAL, now: new Date() }
  const id = await greet(one)
  expect(await list(one, id)).toBe(200)
  const headers = { accept: 'text/event-stream', 'mcp-session-id': id }
  const stream = await app.request('http://localhost:8001/mcp', { headers })
  expect(stream.status).toBe(503)
  expect(stream.headers.get('retry-after')).toBe('2')
  expect((await post(one, { id: 3, method: 'subscriptions/listen', params: {} })).status).toBe(503)
})

describe('ids of sessions', () => {
  const ids = createSessionIds('a key that is long enough to sign with: 32')
  const terms = { protocolVersion: '2025-11-25', capabilities: { elicitation: { url: {} } }, startedAt: 1_000 }

  it('say what was agreed', () => {
    expect(ids.read(MCP_PRINCIPAL, ids.issue(MCP_PRINCIPAL, terms), 2_000)).toEqual(terms)
  })

  it('differ', () => {
    expect(ids.issue(MCP_PRINCIPAL, terms)).not.toBe(ids.issue(MCP_PRINCIPAL, terms))
  })

  it('are of one key', () => {
    const others = createSessionIds('another key that is long enough: 32 ..')
    expect(others.read(MCP_PRINCIPAL, ids.issue(MCP_PRINCIPAL, terms), 2_000)).toBeNull()
  })

  it('leave out capabilities beyond all measure', () => {
    const capabilities = { experimental: { text: 'x'.repeat(10_000) } }
    const id = ids.issue(MCP_PRINCIPAL, { ...terms, capabilities })
    expect(ids.read(MCP_PRINCIPAL, id, 2_000)).toEqual({ ...terms, capabilities: {} })
  })
})
