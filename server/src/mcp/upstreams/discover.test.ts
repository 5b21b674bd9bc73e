import { afterEach, describe, expect, it } from 'vitest'
import { createEgress, type Egress, type OpenEgress } from '#kernel/egress.ts'
import { startBentServer, type BentServer, type Listener } from '#test/support/bent-server.ts'
import { discover } from './discover.ts'
import { probe } from './probe.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each[Symbol.asyncDispose]()
})

/** Milliseconds: as in production, only shorter. */
const LIMITS = { headersMs: 300, bodyMs: 300, totalMs: 600, streamMs: 600, responseBytes: 64 * 1024 }

async function stage(): Promise<{ server: BentServer; servers: OpenEgress }> {
  const server = await startBentServer()
  const egress: Egress = createEgress({ remoteHosts: [server.host] })
  open.push(server, { [Symbol.asyncDispose]: () => egress.close() })
  return { server, servers: egress.open(LIMITS) }
}

const UNNAMED = { status: 401 } as const

describe('where the metadata is looked for', () => {
  it('is at the path of the server, then at the root', async () => {
    const { server, servers } = await stage()
    server.answer(
      '/.well-known/oauth-protected-resource/mcp',
      (_request, response) => void response.writeHead(404).end(),
    )
    const found = await discover(servers, { url: server.url, challenge: UNNAMED })
    expect(found).toMatchObject({ ok: true, value: { issuer: server.origin, resource: server.url } })
    expect(server.asked).toEqual([
      'GET /.well-known/oauth-protected-resource/mcp',
      'GET /.well-known/oauth-protected-resource',
      'GET /.well-known/oauth-authorization-server',
    ])
  })

  it('is where the challenge says, first', async () => {
    const { server, servers } = await stage()
    const metadata = { resource: server.url, authorization_servers: [server.origin] }
    server.answer('/elsewhere', (_request, response) => void response.end(JSON.stringify(metadata)))
    const challenge = { ...UNNAMED, resourceMetadata: `${server.origin}/elsewhere`, scope: 'a b' }
    const found = await discover(servers, { url: server.url, challenge })
    expect(found).toMatchObject({ ok: true, value: { scopes: ['a', 'b'] } })
    expect(server.asked[0]).toBe('GET /elsewhere')
  })

  it('is in three places for an issuer with a path, in the order of the protocol', async () => {
    const { server, servers } = await stage()
    server.bend({ resource: { authorization_servers: [`${server.origin}/tenant`] } })
    const found = await discover(servers, { url: server.url, challenge: UNNAMED })
    expect(found).toMatchObject({ ok: false, problem: { code: 'unusable_server' } })
    expect(server.asked.slice(1)).toEqual([
      'GET /.well-known/oauth-authorization-server/tenant',
      'GET /.well-known/openid-configuration/tenant',
      'GET /tenant/.well-known/openid-configuration',
    ])
  })
})

describe('several authorization servers', () => {
  const resourceWith = (...servers: readonly string[]) => ({ resource: { authorization_servers: servers } })

  it('are tried in their order, each with every check, until one can be used', async () => {
    const [{ server, servers }, other] = [await stage(), await startBentServer()]
    open.push(other)
    // One that is not called from here, one that calls itself by another name, and the server's own.
    server.bend(resourceWith(`${other.origin}/`, `${server.origin}/named-otherwise`, server.origin))
    const named = { issuer: 'https://another.example' }
    server.answer('/.well-known/oauth-authorization-server/named-otherwise', (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(named))
    })
    const found = await discover(servers, { url: server.url, challenge: UNNAMED })
    expect(found).toMatchObject({ ok: true, value: { issuer: server.origin } })
    expect(other.asked).toEqual([])
  })

  it('none of which can be used say what was wrong with the first, soon', async () => {
    const { server, servers } = await stage()
    const many = Array.from({ length: 15 }, (_, at) => `${server.origin}/issuer${at}`)
    server.bend(resourceWith('http://10.0.0.1', ...many))
    const found = await discover(servers, { url: server.url, challenge: UNNAMED })
    expect(found).toMatchObject({ ok: false, problem: { code: 'unusable_server', reason: 'issuer refused' } })
    expect(server.asked.filter((path) => path.includes('issuer')).length).toBeLessThanOrEqual(12)
  })
})

describe('an address of the transport of 2024', () => {
  it('is told apart, with what to use instead', async () => {
    const { server, servers } = await stage()
    const probed = await probe({ fetch: servers.fetch, url: `${server.origin}/sse` })
    expect(probed).toMatchObject({
      ok: false,
      problem: { code: 'unusable_server', detail: expect.stringContaining('/mcp') },
    })
  })
})

describe('what is asked for', () => {
  it('is what the challenge says, else what the server has, and the word for refreshing where it is known', async () => {
    const { server, servers } = await stage()
    server.bend({ server: { scopes_supported: ['openid', 'offline_access'] } })
    const found = await discover(servers, { url: server.url, challenge: UNNAMED })
    expect(found).toMatchObject({ ok: true, value: { scopes: ['tools:read', 'tools:write', 'offline_access'] } })
  })
})

const MEGABYTE = 'x'.repeat(1024 * 1024)

const BAD: readonly (readonly [string, Listener, string])[] = [
  ['hangs', () => undefined, 'provider_unavailable'],
  [
    'drips',
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const drops = setInterval(() => response.write(' '), 50)
      response.on('close', () => clearInterval(drops))
    },
    'provider_unavailable',
  ],
  [
    'drips events',
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const drops = setInterval(() => response.write(': still here\n\n'), 50)
      response.on('close', () => clearInterval(drops))
    },
    '',
  ],
  [
    'sends a hundred megabytes',
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      let sent = 0
      const more = () => {
        sent += 1
        if (sent > 100) response.end()
        else response.write(MEGABYTE, more)
      }
      response.on('error', () => undefined)
      more()
    },
    'unusable_server',
  ],
  ['breaks off', (request) => void request.socket.destroy(), 'provider_unavailable'],
]

/** Milliseconds that an attempt may take here, with a slow machine's share. */
const PATIENCE_MS = 6_000

describe('a server that', () => {
  it.each(BAD)('%s ends the greeting soon', { timeout: 30_000 }, async (_name, listener, code) => {
    const { server, servers } = await stage()
    server.answer('/mcp', listener)
    const begun = performance.now()
    const probed = await probe({ fetch: servers.fetch, url: server.url, withinMs: 1_500 })
    expect(performance.now() - begun).toBeLessThan(PATIENCE_MS)
    expect(probed).toMatchObject({ ok: false, problem: { code: expect.stringMatching(code) } })
  })

  it.each(BAD)('%s instead of metadata ends the search soon', { timeout: 30_000 }, async (_name, listener) => {
    const { server, servers } = await stage()
    for (const path of ['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-authorization-server']) {
      server.answer(path, listener)
    }
    const begun = performance.now()
    const found = await discover(servers, { url: server.url, challenge: UNNAMED })
    expect(performance.now() - begun).toBeLessThan(PATIENCE_MS)
    expect(found.ok).toBe(false)
  })

  it('writes a document deeper than any is not understood', async () => {
    const { server, servers } = await stage()
    const deep = '['.repeat(1_000) + ']'.repeat(1_000)
    server.answer('/.well-known/oauth-authorization-server', (_request, response) => void response.end(`{"a":${deep}}`))
    const found = await discover(servers, { url: server.url, challenge: UNNAMED })
    expect(found).toMatchObject({ ok: false, problem: { code: 'unusable_server' } })
  })
})
