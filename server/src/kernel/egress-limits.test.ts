import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { listen, startLocalServer, type LocalServer } from '#test/support/local-server.ts'
import { createEgress, EGRESS_LIMITS, type EgressOptions, type GuardedFetch } from './egress.ts'
import { EgressError } from './egress-error.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const each of open.splice(0).reverse()) await each[Symbol.asyncDispose]()
})

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<LocalServer> {
  const server = await startLocalServer(answer)
  open.push(server)
  return server
}

/** A server that sends these bytes to whoever connects, and then nothing. */
async function serveRaw(bytes: string): Promise<LocalServer> {
  const server = await listen(createServer((socket) => socket.once('data', () => socket.write(bytes))))
  open.push(server)
  return server
}

function fetchFor(server: LocalServer, limits: EgressOptions['limits'] = {}): GuardedFetch {
  const egress = createEgress({ allowedHosts: [server.host], limits })
  open.push({ [Symbol.asyncDispose]: () => egress.close() })
  return egress.bind({ hosts: [server.host], purpose: 'provider' })
}

async function failureOf(
  promise: Promise<unknown>,
): Promise<{ code: string; reason: string; mayHaveArrived: boolean }> {
  const error = await promise.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof EgressError)) throw error
  return { code: error.code, reason: error.reason, mayHaveArrived: error.mayHaveArrived }
}

const call = (server: LocalServer, limits: EgressOptions['limits'] = {}, init: RequestInit = {}) =>
  failureOf(fetchFor(server, limits)(`http://${server.host}/`, init))

describe('bytes', () => {
  it('end an endless body, and its connection', async () => {
    let closed: Promise<unknown> = Promise.resolve()
    const server = await serve((request, response) => {
      closed = new Promise((fulfil) => request.socket.on('close', fulfil))
      const pour = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384))) continue
      }
      response.on('drain', pour)
      pour()
    })
    expect(await call(server)).toEqual({ code: 'too_large', reason: 'body', mayHaveArrived: true })
    await closed
  })

  it('are allowed up to the last', async () => {
    const server = await serve((_request, response) => response.end('x'.repeat(1000)))
    const fetch = fetchFor(server, { responseBytes: 1000 })
    expect((await (await fetch(`http://${server.host}/`)).text()).length).toBe(1000)
    expect((await call(server, { responseBytes: 999 })).code).toBe('too_large')
  })

  it('are more for an API whose lists are long than for a document', async () => {
    const server = await serve((_request, response) => response.end('x'.repeat(2 * 1024 * 1024)))
    const egress = createEgress({ allowedHosts: [server.host] })
    open.push({ [Symbol.asyncDispose]: () => egress.close() })
    const read = (purpose: 'provider' | 'identity') =>
      egress.bind({ hosts: [server.host], purpose })(`http://${server.host}/`)
    expect((await (await read('provider')).text()).length).toBe(2 * 1024 * 1024)
    expect((await failureOf(read('identity'))).code).toBe('too_large')
  })

  it('count unpacked: a small bomb does not go off', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024))
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    })
    expect(bomb.byteLength).toBeLessThan(110_000)
    expect(await call(server)).toEqual({ code: 'too_large', reason: 'ERR_BUFFER_TOO_LARGE', mayHaveArrived: true })
  })

  it.each([
    ['an encoding that was not offered', { 'content-encoding': 'br' }, 'content_encoding'],
    ['two encodings', { 'content-encoding': 'gzip, gzip' }, 'content_encoding'],
    ['a false encoding', { 'content-encoding': 'gzip' }, 'Z_DATA_ERROR'],
    ['a packed stream', { 'content-encoding': 'gzip', 'content-type': 'text/event-stream' }, 'content_encoding'],
  ])('in %s are refused', async (_what, headers, reason) => {
    const server = await serve((_request, response) => void response.writeHead(200, headers).end('plain text'))
    expect(await call(server)).toEqual({ code: 'network', reason, mayHaveArrived: true })
  })

  it('of headers are bounded', async () => {
    const server = await serveRaw(`HTTP/1.1 200 OK\r\n${'x-fill: y\r\n'.repeat(10_000)}`)
    expect((await call(server)).code).toBe('too_large')
  })

  it('that we send are bounded', async () => {
    const server = await serve((_request, response) => response.end())
    const endless = new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(1024 * 1024)) })
    const failure = await call(server, {}, { method: 'POST', body: endless, duplex: 'half' } as RequestInit)
    expect(failure).toEqual({ code: 'egress_refused', reason: 'request_too_large', mayHaveArrived: false })
    expect(server.connections()).toBe(0)
  })
})

describe('time', () => {
  it('ends for headers', async () => {
    const server = await serve(() => undefined)
    const failure = await call(server, { headersMs: 50 })
    expect(failure).toEqual({ code: 'timeout', reason: 'UND_ERR_HEADERS_TIMEOUT', mayHaveArrived: true })
  })

  it('ends for a body that stops', async () => {
    const server = await serve((_request, response) => void response.write('begun'))
    const failure = await call(server, { bodyMs: 50 })
    expect(failure).toEqual({ code: 'timeout', reason: 'UND_ERR_BODY_TIMEOUT', mayHaveArrived: true })
  })

  it('ends for a body that drips, and for redirects, as a whole', async () => {
    const drip = await serve((_request, response) => {
      const timer = setInterval(() => response.write('.'), 10)
      response.on('close', () => clearInterval(timer))
    })
    expect(await call(drip, { totalMs: 80 })).toEqual({ code: 'timeout', reason: 'total', mayHaveArrived: true })
    const loop = await serve((_request, response) => {
      setTimeout(() => response.writeHead(302, { location: '/' }).end(), 40)
    })
    expect((await call(loop, { totalMs: 90, redirects: 50 })).reason).toBe('total')
    expect(loop.requests.length).toBeLessThan(5)
  })

  it('ends while nothing has been sent yet, and says so', async () => {
    const server = await serve((_request, response) => response.end())
    const never = () => new Promise<never>(() => undefined)
    const host = `slow.test:${server.port}`
    const egress = createEgress({ allowedHosts: [host], resolve: never, limits: { totalMs: 30 } })
    open.push({ [Symbol.asyncDispose]: () => egress.close() })
    const failure = await failureOf(egress.bind({ hosts: [host], purpose: 'provider' })(`http://${host}/`))
    expect(failure).toEqual({ code: 'timeout', reason: 'total', mayHaveArrived: false })
  })
})

describe('a broken answer', () => {
  it.each([
    ['a status that does not exist', 'HTTP/1.1 999 X\r\ncontent-length: 0\r\n\r\n', 'status'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', undefined],
    ['a bare control character', 'HTTP/1.1 200 OK\r\nx-a: \u0001\r\ncontent-length: 0\r\n\r\n', undefined],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx', undefined],
  ])('with %s is a failure of the network', async (_what, bytes, reason) => {
    const failure = await call(await serveRaw(bytes))
    expect([failure.code, failure.mayHaveArrived]).toEqual(['network', true])
    if (reason !== undefined) expect(failure.reason).toBe(reason)
  })

  it('that never comes may still have arrived there', async () => {
    const server = await listen(createServer((socket) => socket.once('data', () => socket.destroy())))
    open.push(server)
    expect(await call(server, {}, { method: 'POST', body: '{}' })).toMatchObject({
      code: 'network',
      mayHaveArrived: true,
    })
  })

  it('of a port where nobody listens never did', async () => {
    const server = await startLocalServer(() => undefined)
    await server[Symbol.asyncDispose]()
    expect(await call(server)).toEqual({ code: 'network', reason: 'ECONNREFUSED', mayHaveArrived: false })
  })

  it('tells the public neither host nor port', async () => {
    const server = await startLocalServer(() => undefined)
    await server[Symbol.asyncDispose]()
    const error: unknown = await fetchFor(server)(`http://${server.host}/secret-path`).catch((each: unknown) => each)
    const shown = `${String(error)} ${JSON.stringify(error)}`
    for (const hidden of ['127.0.0.1', String(server.port), 'secret-path']) expect(shown).not.toContain(hidden)
  })
})

describe('a stream of events', () => {
  const events = { 'content-type': 'text/event-stream; charset=utf-8' }

  it('is read while it is written', async () => {
    let send = (_text: string | null): void => undefined
    const server = await serve((_request, response) => {
      response.writeHead(200, events).flushHeaders()
      send = (text) => void (text === null ? response.end() : response.write(text))
    })
    const response = await fetchFor(server)(`http://${server.host}/`, { headers: { accept: 'text/event-stream' } })
    expect(server.requests[0]?.headers['accept-encoding']).toBe('identity')
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    send('data: 1\n\n')
    expect(await reader?.read()).toEqual({ done: false, value: 'data: 1\n\n' })
    send('data: 2\n\n')
    expect(await reader?.read()).toEqual({ done: false, value: 'data: 2\n\n' })
    send(null)
    expect(await reader?.read()).toEqual({ done: true, value: undefined })
  })

  it('ends by bytes, by time, by silence and by abort', async () => {
    const server = await serve((request, response) => {
      response.writeHead(200, events)
      response.write('data: begun\n\n')
      if (request.url !== '/drip') return
      const timer = setInterval(() => response.write('data: more\n\n'), 5)
      response.on('close', () => clearInterval(timer))
    })
    const read = async (path: string, limits: EgressOptions['limits'], signal?: AbortSignal): Promise<string> => {
      const response = await fetchFor(server, limits)(`http://${server.host}${path}`, signal ? { signal } : {})
      return response.text()
    }
    expect((await failureOf(read('/drip', { responseBytes: 100 }))).code).toBe('too_large')
    expect((await failureOf(read('/drip', { streamMs: 60, totalMs: 5000 }))).reason).toBe('total')
    expect((await failureOf(read('/', { bodyMs: 50 }))).reason).toBe('UND_ERR_BODY_TIMEOUT')
    await expect(read('/drip', {}, AbortSignal.timeout(60))).rejects.toThrow('timeout')
  })

  it('may take longer than an answer may', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const streams: ServerResponse[] = []
    const server = await serve((_request, response) => {
      response.writeHead(200, events).flushHeaders()
      streams.push(response)
    })
    const limits = { totalMs: 20_000, streamMs: 60_000, bodyMs: 0 }
    const response = await fetchFor(server, limits)(`http://${server.host}/`)
    vi.advanceTimersByTime(59_999)
    streams[0]?.end('data: late\n\n')
    expect(await response.text()).toBe('data: late\n\n')
  })

  it('that its reader leaves is closed at the other end too', async () => {
    let closed: Promise<unknown> = Promise.resolve()
    const server = await serve((request, response) => {
      closed = new Promise((fulfil) => request.socket.on('close', fulfil))
      response.writeHead(200, events).write('data: 1\n\n')
    })
    const response = await fetchFor(server)(`http://${server.host}/`)
    await response.body?.cancel()
    await closed
  })

  it('that nobody reads is not piled up', async () => {
    let written = 0
    const server = await serve((_request, response) => {
      response.writeHead(200, events)
      const pour = () => {
        while (!response.destroyed && written < 64 * 1024 * 1024) {
          written += 65_536
          if (!response.write(Buffer.alloc(65_536, 0x2e))) return
        }
      }
      response.on('drain', pour)
      pour()
    })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const response = await fetchFor(server, { responseBytes: 1024 ** 3 })(`http://${server.host}/`)
    for (let before = -1; written !== before;) {
      before = written
      for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate)
    }
    expect(written).toBeGreaterThan(64 * 1024)
    expect(written).toBeLessThan(32 * 1024 * 1024)
    vi.advanceTimersByTime(EGRESS_LIMITS.streamMs)
    expect((await failureOf(response.text())).code).toBe('timeout')
  })
})
