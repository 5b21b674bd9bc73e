import { serve } from '@hono/node-server'
import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAppRouter, sendProblem } from '#kernel/http.ts'
import type { Log } from '#kernel/log.ts'
import { createApp } from './app.ts'

/** On a socket the headers of every answer are set before it, without one after it: what arrives must be the same. */

const silent = { info() {}, error() {} } as unknown as Log

function createTestApp() {
  const router = createAppRouter()
  router.get('/json', (c) => c.json({ a: 1 }))
  router.get('/problem', (c) => sendProblem(c, { code: 'not_found', detail: 'x', retryAfterSeconds: 3 }))
  router.get('/own', (c) =>
    c.body('<p>', 200, {
      'Content-Security-Policy': "default-src 'self'",
      'cache-control': 'x',
      'content-type': 'text/html',
    }),
  )
  router.get(
    '/raw',
    () => new Response('raw', { headers: { 'x-frame-options': 'SAMEORIGIN', 'content-type': 'text/plain' } }),
  )
  router.get('/stream', () => new Response(new Blob(['a', 'b']).stream(), { headers: { 'content-type': 'text/x' } }))
  router.get('/late', async (c) => {
    c.header('referrer-policy', 'origin')
    return c.text('late', 201)
  })
  router.get('/throws', () => {
    throw new Error('a bug')
  })
  return createApp({
    publicUrl: 'https://chaveiro.example',
    allowedHosts: [],
    log: silent,
    trustedProxyHops: 0,
    observe: async (_c, next) => next(),
    features: [router],
  })
}

describe('the headers of an answer', () => {
  const app = createTestApp()
  let server: Server
  let origin: string

  beforeAll(async () => {
    server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }) as Server
    await once(server, 'listening')
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => void server.close())

  const plain = async (response: Response) => {
    const text = await response.text()
    const headers = Object.fromEntries(response.headers)
    for (const name of ['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']) delete headers[name]
    return { status: response.status, text, headers }
  }

  it.each(['/json', '/problem', '/own', '/raw', '/stream', '/late', '/throws', '/nothing'])(
    'are the same with and without a socket: %s',
    async (path) => {
      const headers = { 'x-request-id': 'request-0001' }
      const [there, here] = await Promise.all([
        fetch(origin + path, { headers }).then(plain),
        Promise.resolve(app.request(origin + path, { headers })).then(plain),
      ])
      expect(there).toEqual(here)
      expect(there.headers).toMatchObject({
        'x-request-id': 'request-0001',
        'x-content-type-options': 'nosniff',
        'strict-transport-security': expect.stringContaining('max-age'),
      })
    },
  )

  it('are the defaults where the route says nothing, and the route’s own where it does', async () => {
    const headersOf = async (path: string) => (await fetch(origin + path)).headers
    expect((await headersOf('/json')).get('content-security-policy')).toContain("default-src 'none'")
    expect((await headersOf('/own')).get('content-security-policy')).toBe("default-src 'self'")
    expect((await headersOf('/own')).get('cache-control')).toBe('x')
    expect((await headersOf('/raw')).get('x-frame-options')).toBe('SAMEORIGIN')
    expect((await headersOf('/problem')).get('cache-control')).toBe('no-store')
    expect((await headersOf('/late')).get('referrer-policy')).toBe('origin')
  })
})
