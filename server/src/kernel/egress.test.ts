import { getEventListeners } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { listen, startLocalServer, type LocalServer } from '#test/support/local-server.ts'
import { PRIVATE_HOSTS } from '#test/support/private-hosts.ts'
import { createEgress, type Egress, type EgressOptions, type GuardedFetch } from './egress.ts'
import { EgressError } from './egress-error.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each[Symbol.asyncDispose]()
})

function egressFor(options: EgressOptions): Egress {
  const egress = createEgress(options)
  open.push({ [Symbol.asyncDispose]: () => egress.close() })
  return egress
}

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<LocalServer> {
  const server = await startLocalServer(answer)
  open.push(server)
  return server
}

/** A fetch that is bound to these servers, which the operator allowed. */
function fetchFor(servers: readonly LocalServer[], limits: EgressOptions['limits'] = {}): GuardedFetch {
  const hosts = servers.map(({ host }) => host)
  return egressFor({ allowedHosts: hosts, limits }).bind({ hosts, purpose: 'provider' })
}

async function failureOf(promise: Promise<unknown>): Promise<Pick<EgressError, 'code' | 'reason' | 'mayHaveArrived'>> {
  const error = await promise.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof EgressError)) throw error
  return { code: error.code, reason: error.reason, mayHaveArrived: error.mayHaveArrived }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

describe('a private address', () => {
  const resolveToLoopback = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }])

  it('is not reached in any spelling, by anybody, nor through a redirect', async () => {
    const inside = await listen(createServer((socket) => socket.end()))
    open.push(inside)
    const front = await serve((request, response) => {
      const location = Buffer.from(decodeURIComponent(request.url?.slice(1) ?? '')).toString('latin1')
      response.writeHead(302, { location }).end()
    })
    const publicPorts = [443, inside.port]
    const egress = egressFor({ allowedHosts: [front.host], publicPorts, resolve: resolveToLoopback })
    for (const form of PRIVATE_HOSTS) {
      for (const scheme of ['https', 'http']) {
        const address = `${scheme}://${form}:${inside.port}/latest/meta-data/`
        const host = form.includes('@') ? '127.0.0.1' : form
        const hosts = [`${host}:${inside.port}`, front.host]
        expect(egress.open().allows(address), address).toBe(form === 'rebind.example.com' && scheme === 'https')
        const attempts = [
          egress.fetch(address),
          egress.open().fetch(address),
          egress.open().fetch(address),
          egress.fetch(address, { method: 'POST', body: '{}' }),
          egress.bind({ hosts, purpose: 'remote_server' })(address),
          egress.bind({ hosts, purpose: 'provider' })(address),
          egress.bind({ hosts, purpose: 'provider' })(`http://${front.host}/${encodeURIComponent(address)}`),
        ]
        for (const attempt of attempts) expect((await failureOf(attempt)).code, address).toBe('egress_refused')
      }
    }
    expect(inside.connections()).toBe(0)
    expect(front.requests).toHaveLength(PRIVATE_HOSTS.length * 2)
  })

  it('is reached where the operator allowed it, by bindings that declare it, and by no other call', async () => {
    const own = await serve((_request, response) => response.end('own'))
    const egress = egressFor({ allowedHosts: [own.host], publicPorts: [own.port] })
    const address = `http://${own.host}/v1`
    expect(await (await egress.bind({ hosts: [own.host], purpose: 'provider' })(address)).text()).toBe('own')
    const others = [
      egress.fetch(address),
      egress.bind({ hosts: ['api.notion.com'], purpose: 'provider' })(address),
      egress.bind({ hosts: [own.host], purpose: 'remote_server' })(address),
      egress.bind({ hosts: [own.host], purpose: 'webhook' })(address),
    ]
    for (const attempt of others) expect((await failureOf(attempt)).code).toBe('egress_refused')
    expect(own.requests).toHaveLength(1)
  })

  it('is not reached over a connection that is open to it already', async () => {
    const [key, cert] = ['key', 'certificate'].map((name) =>
      readFileSync(new URL(`../../test/fixtures/tls/${name}.pem`, import.meta.url)),
    )
    if (key === undefined || cert === undefined) throw new Error('fixture missing')
    const own = await startLocalServer((_request, response) => response.end('own'), { key, cert })
    open.push(own)
    const host = `provider.test:${own.port}`
    const egress = egressFor({
      allowedHosts: [host],
      publicPorts: [own.port],
      resolve: resolveToLoopback,
      certificateAuthorities: cert.toString(),
    })
    const bound = egress.bind({ hosts: [host], purpose: 'provider' })
    expect(await (await bound(`https://${host}/`)).text()).toBe('own')
    const failure = await failureOf(egress.fetch(`https://${host}/`))
    expect(failure).toEqual({ code: 'egress_refused', reason: 'private_address', mayHaveArrived: false })
    expect([own.connections(), own.requests.length]).toEqual([1, 1])
  })

  it('is looked up once for each connection', async () => {
    const own = await serve((_request, response) => response.end('own'))
    let lookUps = 0
    const resolve = () => {
      lookUps += 1
      return resolveToLoopback()
    }
    const host = `flip.test:${own.port}`
    const bound = egressFor({ allowedHosts: [host], resolve }).bind({ hosts: [host], purpose: 'provider' })
    for (let call = 0; call < 5; call += 1) expect(await (await bound(`http://${host}/`)).text()).toBe('own')
    expect(lookUps).toBe(own.connections())
  })
})

describe('a call', () => {
  it('gives a response of the runtime with status, headers and body', async () => {
    const server = await serve((request, response) => {
      response.writeHead(404, { 'content-type': 'application/json', 'x-agent': request.headers['user-agent'] ?? '' })
      response.end('{"object":"error"}')
    })
    const response = await fetchFor([server])(new URL(`http://${server.host}/v1/pages/1?a=b`))
    expect(response).toBeInstanceOf(Response)
    expect([response.status, response.ok, response.headers.get('x-agent')]).toEqual([404, false, 'chaveiro'])
    expect(await response.json()).toEqual({ object: 'error' })
    expect(server.requests[0]?.url).toBe('/v1/pages/1?a=b')
  })

  it('sends every kind of body, and a Request as it is', async () => {
    const seen: [string | undefined, string, string][] = []
    const server = await serve((request, response) => {
      void bodyOf(request).then((text) => {
        seen.push([request.method, request.headers['content-type'] ?? '', text])
        response.writeHead(204).end()
      })
    })
    const call = fetchFor([server])
    const address = `http://${server.host}/`
    const post = { method: 'POST' }
    const form = new FormData()
    form.set('file', new Blob(['hello'], { type: 'text/plain' }), 'a.txt')
    await call(address, { ...post, body: '{"a":1}', headers: { 'Content-Type': 'application/json' } })
    await call(address, { ...post, body: 'plain' })
    await call(address, { ...post, body: new URLSearchParams({ grant_type: 'x y' }) })
    await call(address, { ...post, body: new TextEncoder().encode('bytes') })
    await call(address, { ...post, body: new Blob(['streamed']).stream(), duplex: 'half' } as RequestInit)
    await call(new Request(address, { method: 'PATCH', body: '{"b":2}', headers: { 'content-type': 'a/b' } }))
    await call(address, { ...post, body: form })
    expect(seen.slice(0, 6)).toEqual([
      ['POST', 'application/json', '{"a":1}'],
      ['POST', 'text/plain;charset=UTF-8', 'plain'],
      ['POST', 'application/x-www-form-urlencoded;charset=UTF-8', 'grant_type=x+y'],
      ['POST', '', 'bytes'],
      ['POST', '', 'streamed'],
      ['PATCH', 'a/b', '{"b":2}'],
    ])
    expect(seen[6]?.[1]).toMatch(/^multipart\/form-data; boundary=/)
    expect(seen[6]?.[2]).toContain('hello')
  })

  it('keeps what belongs to the connection to itself', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'set-cookie': 'a=b', 'x-list': ['1', '2'] }).end('ok')
    })
    const headers = { host: 'other.example', 'proxy-authorization': 'x', te: 'trailers', 'x-mine': 'yes' }
    const response = await fetchFor([server])(`http://${server.host}/`, { headers })
    const sent = server.requests[0]?.headers
    expect([sent?.host, sent?.['proxy-authorization'], sent?.te]).toEqual([server.host, undefined, undefined])
    expect(sent?.['x-mine']).toBe('yes')
    expect([...response.headers.keys()]).not.toContain('set-cookie')
    expect(response.headers.get('x-list')).toBe('1, 2')
  })

  it('shares its connections', async () => {
    const server = await serve((_request, response) => response.end('{}'))
    const egress = egressFor({ allowedHosts: [server.host] })
    for (let call = 0; call < 20; call += 1) {
      const bound = egress.bind({ hosts: [server.host], purpose: 'provider' })
      await (await bound(`http://${server.host}/${call}`)).json()
    }
    expect(server.requests).toHaveLength(20)
    // A connection rests for one turn of the event loop after each answer; a caller who is faster gets the other one.
    expect(server.connections()).toBeLessThanOrEqual(2)
  })

  it('reads gzip, and says that it does', async () => {
    const server = await serve((request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'x-offered': request.headers['accept-encoding'] ?? '' })
      response.end(gzipSync('{"packed":true}'))
    })
    const response = await fetchFor([server])(`http://${server.host}/`)
    expect([response.headers.get('x-offered'), response.headers.get('content-encoding')]).toEqual(['gzip', null])
    expect(await response.json()).toEqual({ packed: true })
  })

  it.each([204, 205, 304])('takes a bodiless %d', async (status) => {
    const server = await serve((_request, response) => response.writeHead(status).end())
    const response = await fetchFor([server])(`http://${server.host}/`)
    expect([response.status, response.body]).toEqual([status, null])
  })

  it.each(['CONNECT', 'TRACE', 'GET / HTTP/1.1\r\nx'])('has no method %j', async (method) => {
    const server = await serve((_request, response) => response.end())
    expect((await failureOf(fetchFor([server])(`http://${server.host}/`, { method }))).reason).toBe('method')
    expect(server.connections()).toBe(0)
  })

  it('cannot be split by a header or a path', async () => {
    const server = await serve((_request, response) => response.end())
    const call = fetchFor([server])
    await expect(call(`http://${server.host}/`, { headers: { 'x-a': 'b\r\nx-c: d' } })).rejects.toThrow(TypeError)
    await call(`http://${server.host}/a\r\nx-c: d b`)
    expect(server.requests.map((request) => [request.url, request.headers['x-c']])).toEqual([
      ['/ax-c:%20d%20b', undefined],
    ])
  })

  it('is aborted by its caller, with the caller’s reason', async () => {
    const server = await serve(() => undefined)
    const call = fetchFor([server])
    const address = `http://${server.host}/`
    await expect(call(address, { signal: AbortSignal.abort(new Error('left before')) })).rejects.toThrow('left before')
    expect(server.connections()).toBe(0)
    const stop = new AbortController()
    const answer = call(address, { signal: stop.signal })
    while (server.requests.length === 0) await new Promise(setImmediate)
    const closed = new Promise((fulfil) => server.requests[0]?.on('close', fulfil).on('error', () => undefined))
    stop.abort(new Error('left during'))
    await expect(answer).rejects.toThrow('left during')
    await closed
  })
})

describe('a signal', () => {
  it('that lives longer than its calls gathers no listeners', async () => {
    const server = await serve((_request, response) => response.end('{}'))
    const { signal } = new AbortController()
    const call = fetchFor([server])
    for (let count = 0; count < 5; count += 1) await call(`http://${server.host}/`, { signal })
    await failureOf(egressFor({ allowedHosts: [server.host] }).fetch(`http://${server.host}/`, { signal }))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe('a redirect', () => {
  const toPath = (location: string, status = 302) =>
    serve((request, response) => {
      if (request.url === '/end') response.end('end')
      else response.writeHead(status, { location }).end()
    })

  it('within one origin keeps the headers', async () => {
    const server = await toPath('/end')
    const headers = { authorization: 'Bearer a', 'notion-version': '1' }
    expect(await (await fetchFor([server])(`http://${server.host}/`, { headers })).text()).toBe('end')
    expect(server.requests[1]?.headers.authorization).toBe('Bearer a')
  })

  it('to another declared origin carries no credential of any name', async () => {
    const second = await toPath('/end')
    const first = await toPath(`http://${second.host}/end`)
    const headers = { authorization: 'Bearer a', cookie: 'b=c', 'x-api-key': 'd', 'accept-language': 'pt' }
    const response = await fetchFor([first, second])(`http://${first.host}/`, { headers })
    expect(await response.text()).toBe('end')
    const sent = second.requests[0]?.headers ?? {}
    expect(Object.keys(sent).toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'accept-language',
      'connection',
      'host',
      'user-agent',
    ])
  })

  it('to an origin that was not declared is refused', async () => {
    const second = await toPath('/end')
    const first = await toPath(`http://${second.host}/end`)
    const egress = egressFor({ allowedHosts: [first.host, second.host] })
    const call = egress.bind({ hosts: [first.host], purpose: 'provider' })
    expect((await failureOf(call(`http://${first.host}/`))).reason).toBe('host_not_declared')
    expect(second.connections()).toBe(0)
  })

  it('is followed three times', async () => {
    const server = await toPath('/again')
    expect((await failureOf(fetchFor([server])(`http://${server.host}/`))).reason).toBe('too_many_redirects')
    expect(server.requests).toHaveLength(4)
  })

  it.each([301, 302, 303, 307, 308])('%d of a write is the caller’s to see', async (status) => {
    const server = await toPath('/end', status)
    const response = await fetchFor([server])(`http://${server.host}/`, { method: 'POST', body: '{}' })
    expect([response.status, server.requests.length]).toEqual([status, 1])
  })

  it('is as the caller asks', async () => {
    const server = await toPath('/end')
    const call = fetchFor([server])
    expect((await call(`http://${server.host}/`, { redirect: 'manual' })).headers.get('location')).toBe('/end')
    expect((await failureOf(call(`http://${server.host}/`, { redirect: 'error' }))).reason).toBe('redirect')
  })

  it.each(['http://[', 'https://user:key@example.com/'])('to %j is refused', async (location) => {
    const server = await toPath(location)
    expect((await failureOf(fetchFor([server])(`http://${server.host}/`))).code).toBe('egress_refused')
  })
})
