import { afterEach, describe, expect, it } from 'vitest'
import { createEgress } from '#kernel/egress.ts'
import { startBentServer, type Listener } from '#test/support/bent-server.ts'
import { probe } from './probe.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each[Symbol.asyncDispose]()
})

/** Milliseconds: as in production, only shorter. */
const LIMITS = { headersMs: 300, bodyMs: 300, totalMs: 600, streamMs: 600, responseBytes: 64 * 1024 }

/** What is said of an address that answers messages with a status, and GET in its own way. */
async function saidOf(status: number, get: Listener) {
  const server = await startBentServer()
  const egress = createEgress({ remoteHosts: [server.host] })
  open.push(server, { [Symbol.asyncDispose]: () => egress.close() })
  server.answer('/tools', (request, response) => {
    if (request.method === 'GET') return get(request, response)
    response.writeHead(status).end()
  })
  const probed = await probe({ fetch: egress.open(LIMITS).fetch, url: `${server.origin}/tools` })
  return { problem: probed.ok ? undefined : probed.problem, asked: server.asked }
}

const stream =
  (text: string): Listener =>
  (_request, response) =>
    void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(text)

const OLD = expect.stringContaining('HTTP+SSE')

describe('the transport of 2024', () => {
  it.each([400, 404, 405])('is known by its stream where a message is answered with %i', async (status) => {
    const { problem } = await saidOf(status, stream('event: endpoint\ndata: /messages?id=1\n\n'))
    expect(problem).toMatchObject({ code: 'unusable_server', detail: OLD })
  })

  it('is not looked for after any other answer', async () => {
    const { problem, asked } = await saidOf(500, stream('event: endpoint\ndata: /m\n\n'))
    expect(asked).not.toContain('GET /tools')
    expect(problem?.detail).not.toEqual(OLD)
  })

  it.each<[string, Listener]>([
    ['a page', (_request, response) => void response.setHeader('content-type', 'text/html').end('event: endpoint\n')],
    ['another event first, and nothing more', stream(': hello\nevent: message\ndata: {}\n\n')],
    ['an endless first line', stream('x'.repeat(50_000))],
    ['nothing, ever', () => {}],
    ['a stream that says nothing', stream('')],
    ['a refusal', (_request, response) => void response.writeHead(401).end()],
  ])('is not taken for %s, in bounded time', async (_case, get) => {
    const before = Date.now()
    const { problem } = await saidOf(404, get)
    expect(problem).toMatchObject({ code: 'unusable_server', detail: expect.not.stringContaining('HTTP+SSE') })
    expect(Date.now() - before).toBeLessThan(5_000)
  })
})
