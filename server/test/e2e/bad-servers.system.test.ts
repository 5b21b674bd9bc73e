import type { RequestListener, ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createUpstreamPool, type UpstreamPool } from '../../src/mcp/upstreams/pool.ts'
import { listUpstreamTools } from '../../src/mcp/upstreams/run-tool.ts'
import { createEgress, type Egress } from '../../src/kernel/egress.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { withDeadline } from '../../src/kernel/deadline.ts'
import { createTestUser, openTestDatabase, type TestDatabase } from '../support/database.ts'
import { startLocalServer, type LocalServer } from '../support/local-server.ts'

/** Servers that answer wrongly on purpose: each ends in a sentence, within time and memory. */

/** Milliseconds for one listing here; the pipeline has its own deadline. */
const DEADLINE_MS = 4_000
/** Milliseconds beyond the deadline that anything may take. */
const LEEWAY_MS = 1_500
const BYTES_PER_MEGABYTE = 1024 * 1024
/** Of a hundred that are sent: what is read, and what waits in sockets on the way. */
const MEGABYTES_TAKEN = 30

let database: TestDatabase
let userId: number
let bad: LocalServer
let egress: Egress
let pool: UpstreamPool
let behave: (method: string, id: unknown, response: ServerResponse) => void = () => {}

const listener: RequestListener = (request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const message = JSON.parse(Buffer.concat(chunks).toString() || '{}') as { method?: string; id?: unknown }
    behave(message.method ?? '', message.id, response)
  })
}

const json = (response: ServerResponse, body: unknown) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))

/** Answers the handshake of the older era, and `tools/list` by the given. */
function greeting(list: (id: unknown, response: ServerResponse) => void): typeof behave {
  return (method, id, response) => {
    if (method === 'initialize') {
      const serverInfo = { name: 'bad', version: '1' }
      json(response, {
        jsonrpc: '2.0',
        id,
        result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo },
      })
    } else if (method === 'tools/list') list(id, response)
    else if (method === 'server/discover') {
      json(response, { jsonrpc: '2.0', id, error: { code: -32_601, message: 'Method not found' } })
    } else response.writeHead(202).end()
  }
}

const answering = (result: object | ((count: number) => object)) => {
  let count = 0
  return greeting((id, response) => {
    count += 1
    json(response, { jsonrpc: '2.0', id, result: typeof result === 'function' ? result(count) : result })
  })
}

const tool = (name: string, inputSchema: object = { type: 'object' }) => ({ name, inputSchema })

function deep(depth: number): object {
  let schema: object = { type: 'object' }
  for (let level = 0; level < depth; level += 1) schema = { type: 'object', properties: { a: schema } }
  return schema
}

beforeAll(async () => {
  database = await openTestDatabase('pglite')
  userId = await createTestUser(database, 'bad-servers@example.com')
  bad = await startLocalServer(listener)
  egress = createEgress({ remoteHosts: [bad.host] })
  pool = createUpstreamPool({ clock: systemClock })
})
afterAll(async () => {
  pool?.drop()
  await egress?.close()
  await bad?.[Symbol.asyncDispose]()
  await database?.close()
})

async function list(behaviour: typeof behave) {
  behave = behaviour
  pool.drop()
  const url = `http://${bad.host}/mcp`
  const fetch = egress.bind({ hosts: [bad.host], purpose: 'remote_server' })
  const deps = { database, audit: { record: async () => {} }, pool, publicUrl: 'http://localhost:8001' }
  const startedAt = performance.now()
  const outcome = await withDeadline(DEADLINE_MS, undefined, (signal) =>
    listUpstreamTools(deps, {
      access: { credential: {}, fetch, signal },
      place: { userId, connectionId: 1, url },
      server: { label: 'Bad', host: bad.host },
    }),
  ).catch((error: unknown) => (error instanceof Error ? error.name : 'thrown'))
  expect(performance.now() - startedAt).toBeLessThan(DEADLINE_MS + LEEWAY_MS)
  if (typeof outcome === 'string') return outcome
  return outcome.ok ? (outcome.value.value as { tools: number; left_out: string[] }) : outcome.problem.code
}

describe('a bad server', () => {
  it('that is none is said to be none', async () => {
    const html: typeof behave = (_method, _id, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>welcome</html>')
    expect(await list(html)).toBe('provider_unavailable')
    expect(await list((_method, _id, response) => response.writeHead(500).end())).toBe('provider_unavailable')
    expect(await list((_method, _id, response) => response.destroy())).toBe('provider_unavailable')
    expect(await list((_method, _id, response) => json(response, [1, 2, 3]))).toBe('provider_unavailable')
  })

  it('that refuses the credential asks for another', async () => {
    expect(await list((_method, _id, response) => response.writeHead(401).end())).toBe('reauthorize')
  })

  it('with a list without end is read to a point', async () => {
    const endless = answering((count) => ({ tools: [tool(`t${count}`)], nextCursor: `c${count}` }))
    expect(await list(endless)).toMatchObject({ tools: 30 })
    expect(await list(answering({ tools: [tool('same')], nextCursor: 'same' }))).toMatchObject({ tools: 0 })
  })

  it('with ten thousand tools is used in part, and that is said', async () => {
    const many = answering({ tools: Array.from({ length: 10_000 }, (_, at) => tool(`t${at}`)) })
    const listed = await list(many)
    expect(listed).toMatchObject({ tools: 256 })
    expect(JSON.stringify(listed)).toContain('more tools than are taken')
  })

  it('with a schema of depth 1,000 has the others of its tools', async () => {
    const listed = await list(answering({ tools: [tool('good'), tool('deep', deep(1_000)), { name: 'none' }] }))
    expect(listed).toMatchObject({
      tools: 1,
      left_out: [expect.stringContaining('deep'), expect.stringContaining('none')],
    })
  })

  it('that nests a hundred thousand arrays is not parsed', async () => {
    const nested = greeting((id, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`{"jsonrpc":"2.0","id":${String(id)},"result":{"tools":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`),
    )
    expect(await list(nested)).toBe('provider_unavailable')
  })

  it('that sends a hundred megabytes is not listened to', async () => {
    let left = 100
    const huge = greeting((_id, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const piece = Buffer.alloc(BYTES_PER_MEGABYTE, ' ')
      const write = () => {
        while (left > 0) {
          left -= 1
          if (!response.write(piece)) return response.once('drain', write)
        }
        return response.end()
      }
      write()
    })
    expect(await list(huge)).toBe('provider_unavailable')
    expect(100 - left).toBeLessThan(MEGABYTES_TAKEN)
  })

  it('that hangs or drips is left at the deadline', async () => {
    expect(await list(() => {})).toBe('TimeoutError')
    const drip = greeting((_id, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const timer = setInterval(() => response.write(': still here\n\n'), 50)
      response.on('close', () => clearInterval(timer))
    })
    expect(await list(drip)).toBe('TimeoutError')
  })
})
