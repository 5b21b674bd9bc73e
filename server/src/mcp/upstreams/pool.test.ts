import { createMcpHandler, Server } from '@modelcontextprotocol/server'
import { describe, expect, it } from 'vitest'
import { applyUserChange, createUpstreamPool, type UpstreamPlace } from './pool.ts'

const URL_OF_SERVER = 'https://tools.example/mcp'
const WHOAMI = { name: 'whoami', title: '', description: '', inputSchema: { type: 'object' }, annotations: {} }

/** A server of strangers that says with whose token it was called, and a pool of clients of it. */
function world() {
  const tokens: string[] = []
  const handler = createMcpHandler(
    () => {
      const server = new Server({ name: 'tools', version: '1.0.0' }, { capabilities: { tools: {} } })
      server.setRequestHandler('tools/call', () => ({ content: [] }))
      return server
    },
    { legacy: 'stateless' },
  )
  const pool = createUpstreamPool({ clock: { now: () => new Date(0) } })
  const fetch = async (input: string | globalThis.URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    tokens.push(request.headers.get('authorization') ?? '')
    return handler.fetch(request)
  }
  const call = (place: Partial<UpstreamPlace>, token: string) =>
    pool.use(
      { userId: 1, connectionId: 7, url: URL_OF_SERVER, ...place },
      { credential: { api_key: token }, fetch, signal: new AbortController().signal },
      (client) => client.callTool(WHOAMI, {}),
    )
  return { pool, call, tokens }
}

describe('the pool of clients', () => {
  it('gives no user the client of another, whatever the numbers of their connections', async () => {
    const { pool, call, tokens } = world()
    await call({ userId: 1 }, 'of-one')
    const sent = tokens.length
    await call({ userId: 2 }, 'of-two')
    expect(pool.size()).toBe(2)
    expect(new Set(tokens.slice(0, sent))).toEqual(new Set(['Bearer of-one']))
    expect(new Set(tokens.slice(sent))).toEqual(new Set(['Bearer of-two']))
    pool.drop(1)
    expect(pool.size()).toBe(1)
    pool.drop()
    expect(pool.size()).toBe(0)
  })

  it('ends those of a user who was suspended or signed out, and of everybody where messages were missed', async () => {
    const { pool, call } = world()
    await call({ userId: 1 }, 'of-one')
    await call({ userId: 1, connectionId: 8 }, 'of-one')
    await call({ userId: 2 }, 'of-two')
    applyUserChange(pool, '1')
    expect(pool.size()).toBe(1)
    applyUserChange(pool, null)
    expect(pool.size()).toBe(0)
  })

  it('has one client for each connection, which sends with the token of the very call', async () => {
    const { pool, call, tokens } = world()
    await call({}, 'old')
    const sent = tokens.length
    await Promise.all([call({}, 'new'), call({}, 'new')])
    expect(pool.size()).toBe(1)
    expect(new Set(tokens.slice(sent))).toEqual(new Set(['Bearer new']))
    await call({ connectionId: 8 }, 'other')
    expect(pool.size()).toBe(2)
  })
})
