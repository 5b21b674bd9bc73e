import { describe, expect, test } from 'vitest'
import { ChaveiroError } from './error.ts'
import { createTransport, segment, type ClientOptions } from './transport.ts'

interface Sent {
  readonly url: string
  readonly method: string | undefined
  readonly headers: Headers
  readonly body: unknown
  readonly signal: AbortSignal | null | undefined
}

/** A transport over a network that answers with this, and everything that it sent. */
function transportTo(answer: () => Response, options: Partial<ClientOptions> = {}) {
  const sent: Sent[] = []
  const transport = createTransport({
    baseUrl: 'https://keys.example.com',
    fetch: async (url, init) => {
      const body = typeof init?.body === 'string' ? init.body : undefined
      sent.push({
        url: url instanceof Request ? url.url : url.toString(),
        method: init?.method,
        headers: new Headers(init?.headers),
        body,
        signal: init?.signal,
      })
      return answer()
    },
    ...options,
  })
  return { transport, sent }
}

const ok = () => Response.json({ id: 1 })

async function failureOf(promise: Promise<unknown>): Promise<ChaveiroError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ChaveiroError)) throw new Error('expected a ChaveiroError')
  return error
}

describe('a request', () => {
  test('goes to the address, with the token and the body as JSON', async () => {
    const { transport, sent } = transportTo(ok, { baseUrl: 'https://keys.example.com/base//', token: 'chv_1' })
    expect(await transport.call('POST', '/api/agents', { body: { name: 'Ana', model: undefined } })).toEqual({ id: 1 })
    expect(sent[0]).toMatchObject({
      url: 'https://keys.example.com/base/api/agents',
      method: 'POST',
      body: '{"name":"Ana"}',
    })
    expect(Object.fromEntries(sent[0]?.headers ?? [])).toEqual({
      accept: 'application/json',
      authorization: 'Bearer chv_1',
      'content-type': 'application/json',
    })
  })

  test('without token, body and query has none of them', async () => {
    const { transport, sent } = transportTo(ok)
    await transport.call('GET', '/api/me', { query: { cursor: undefined } })
    expect(sent[0]).toMatchObject({ url: 'https://keys.example.com/api/me', body: undefined, signal: undefined })
    expect([...(sent[0]?.headers.keys() ?? [])]).toEqual(['accept'])
  })

  test('spells its query out, escaped', async () => {
    const { transport, sent } = transportTo(ok)
    await transport.call('GET', '/x', { query: { check: true, limit: 0, type: 'a&b=c', none: undefined } })
    expect(sent[0]?.url).toBe('https://keys.example.com/x?check=true&limit=0&type=a%26b%3Dc')
  })

  test('hands over the signal', async () => {
    const { transport, sent } = transportTo(ok)
    const { signal } = new AbortController()
    await transport.call('GET', '/x', { signal })
    expect(sent[0]?.signal).toBe(signal)
  })

  test('keeps a segment of its path inside that segment', () => {
    expect(segment('../admin?x=1#y')).toBe('..%2Fadmin%3Fx%3D1%23y')
    expect(segment(7)).toBe('7')
  })
})

describe('an answer that is no success', () => {
  test('becomes the problem that it holds', async () => {
    const problem = { code: 'not_connected', detail: 'Connect first.', connect_url: 'https://x' }
    const { transport } = transportTo(() => Response.json(problem, { status: 409 }))
    const error = await failureOf(transport.call('GET', '/x'))
    expect([error.status, error.code, error.message, error.problem]).toEqual([
      409,
      'not_connected',
      'Connect first.',
      problem,
    ])
  })

  test.each(['<html>Bad gateway</html>', '', 'null', '"text"'])('and holds %j is told by its status', async (text) => {
    const { transport } = transportTo(() => new Response(text, { status: 502 }))
    const error = await failureOf(transport.call('GET', '/x'))
    expect(error).toMatchObject({ status: 502, code: 'unexpected_answer' })
    expect(error.message).toBe('The server answered 502 without saying why.')
  })
})

describe('what is not a Chaveiro server', () => {
  test('is called so, where it answers with a page', async () => {
    const { transport } = transportTo(() => new Response('<html>'))
    const error = await failureOf(transport.call('GET', '/x'))
    expect(error.message).toBe(
      'What answers at https://keys.example.com is not a Chaveiro server: it did not send JSON.',
    )
  })

  test('is the platform’s own error, where nothing answers', async () => {
    const cause = new TypeError('fetch failed')
    const { transport } = transportTo(() => {
      throw cause
    })
    await expect(transport.call('GET', '/x')).rejects.toBe(cause)
  })
})

describe('a stream', () => {
  test('asks for events, only once the first is wanted', async () => {
    const { transport, sent } = transportTo(() => new Response('data: {"type":"start"}\n\ndata: [DONE]\n\n'))
    const events = transport.stream('POST', '/x', { body: {} })
    expect(sent).toEqual([])
    expect((await events.next()).value).toEqual({ type: 'start' })
    expect(sent[0]?.headers.get('accept')).toBe('text/event-stream')
    expect((await events.next()).done).toBe(true)
  })

  test('that is refused throws as a request does', async () => {
    const { transport } = transportTo(() => Response.json({ code: 'not_found' }, { status: 404 }))
    expect(await failureOf(transport.stream('GET', '/x').next())).toMatchObject({ code: 'not_found', status: 404 })
  })
})
