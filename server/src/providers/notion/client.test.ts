import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Client } from '@notionhq/client'
import { describe, expect, test, vi } from 'vitest'
import type { ProviderAccess } from '#providers/contract.ts'
import { brokenConnection, jsonAnswer, scriptedAccess, type ScriptedAnswer } from '#test/support/scripted-provider.ts'
import { createNotionApi } from './client.ts'
import type { Operation } from './errors.ts'

/** The client over a scripted fetch: what is sent, what is repeated, and what comes of every way to fail. */

const READ: Operation = { needs: 'read', noun: 'page' }
const WRITE: Operation = { needs: 'update', noun: 'page', check: 'Look at the page first.' }
const PAGE = '91c4e7a0-36bd-4f52-8e19-d2075bfa84c6'
const KEY = 'ntn_0123456789abcdef'

function errorAnswer(status: number, code: string, more: Record<string, unknown> = {}, headers = {}): Response {
  return jsonAnswer(status, { object: 'error', status, code, message: `About ${code}.`, ...more }, headers)
}

function page(): Response {
  return jsonAnswer(200, { object: 'page', id: PAGE, url: 'https://app.notion.com/p/x' })
}

function html(status: number): Response {
  return new Response('<html>Attention required</html>', {
    status,
    headers: { 'content-type': 'text/html', 'cf-ray': '1-X' },
  })
}

function scripted(answers: readonly ScriptedAnswer[], change: Partial<ProviderAccess> = {}) {
  const pauses: number[] = []
  const { access, sent } = scriptedAccess(answers, {
    credential: { api_key: KEY },
    apiUrl: 'https://api.notion.com',
    ...change,
  })
  const api = createNotionApi(access, async (milliseconds, signal) => {
    pauses.push(milliseconds)
    signal.throwIfAborted()
  })
  return {
    sent,
    pauses,
    read: () => api.read((notion) => notion.pages.retrieve({ page_id: PAGE }), READ),
    write: () => api.write((notion) => notion.pages.update({ page_id: PAGE, in_trash: true }), WRITE),
  }
}

describe('one client for all users', () => {
  test('sends each call with the key of that call, however the calls overlap', async () => {
    const seen: string[] = []
    const users = Array.from({ length: 20 }, (_, index) => `ntn_user_${index}_0123456789`)
    const held = Promise.withResolvers<void>()
    const apis = users.map((key) => {
      const access: ProviderAccess = {
        credential: { api_key: key },
        apiUrl: 'https://api.notion.com',
        signal: new AbortController().signal,
        async fetch(_url, init) {
          const sent = new Headers(init?.headers).get('authorization') ?? ''
          seen.push(sent)
          if (seen.length === users.length) held.resolve()
          await held.promise
          return jsonAnswer(200, { object: 'page', id: PAGE, url: `https://app.notion.com/p/${sent}` })
        },
      }
      return createNotionApi(access)
    })
    const answers = await Promise.all(
      apis.map((api) => api.read((notion) => notion.pages.retrieve({ page_id: PAGE }), READ)),
    )
    expect(seen).toEqual(users.map((key) => `Bearer ${key}`))
    expect(answers.map((answer) => answer.ok && 'url' in answer.value && answer.value.url)).toEqual(
      users.map((key) => `https://app.notion.com/p/Bearer ${key}`),
    )
  })

  test('knows no key: kept beyond its call, it sends nothing', async () => {
    let sent = 0
    const api = createNotionApi({
      credential: { api_key: KEY },
      apiUrl: 'https://api.notion.com',
      signal: new AbortController().signal,
      async fetch() {
        sent += 1
        return page()
      },
    })
    let kept: Client | undefined
    await api.read(async (notion) => {
      kept = notion
      return notion.pages.retrieve({ page_id: PAGE })
    }, READ)
    expect(sent).toBe(1)
    await expect(kept?.pages.retrieve({ page_id: PAGE })).rejects.toThrow('belongs to no call')
    expect(sent).toBe(1)
  })
})

describe('what is sent', () => {
  test('the key, the one version, and nothing else that could tell who asks', async () => {
    const { sent, read } = scripted([page()])
    await read()
    expect(sent[0]?.url).toBe(`https://api.notion.com/v1/pages/${PAGE}`)
    expect(sent[0]?.headers.get('authorization')).toBe(`Bearer ${KEY}`)
    expect(sent[0]?.headers.get('notion-version')).toBe('2026-03-11')
    expect([...(sent[0]?.headers.keys() ?? [])].sort()).toEqual(['authorization', 'notion-version', 'user-agent'])
  })

  test('to the address that the operator set, path and all', async () => {
    const { sent, read } = scripted([page()], { apiUrl: 'http://127.0.0.1:9/notion' })
    await read()
    expect(sent[0]?.url).toBe(`http://127.0.0.1:9/notion/v1/pages/${PAGE}`)
  })

  test('an access token where the connection came by OAuth', async () => {
    const { sent, read } = scripted([page()], {
      credential: { access_token: 'ntn_from_oauth', refresh_token: 'nrt_x' },
    })
    await read()
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer ntn_from_oauth')
  })

  test.each([{}, { api_key: '' }, { api_key: 7 }])('nothing at all without a key (%j)', async (credential) => {
    const { sent, read, write } = scripted([], { credential })
    expect(await read()).toMatchObject({ ok: false, problem: { code: 'reauthorize' } })
    expect(await write()).toMatchObject({ ok: false, problem: { code: 'reauthorize' } })
    expect(sent).toEqual([])
  })

  test('nothing on the console, whatever goes wrong', async () => {
    const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name))
    await scripted([errorAnswer(404, 'object_not_found')]).read()
    await scripted([brokenConnection, brokenConnection]).read()
    for (const spy of spies) expect(spy).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })
})

describe('a read', () => {
  test('gives the answer', async () => {
    expect(await scripted([page()]).read()).toMatchObject({ ok: true, value: { id: PAGE } })
  })

  test.each([
    ['a 500', () => errorAnswer(500, 'internal_server_error')],
    ['a 502 with a page of the proxy', () => html(502)],
    ['a 503', () => errorAnswer(503, 'service_unavailable')],
    ['a 504', () => errorAnswer(504, 'gateway_timeout')],
    ['a broken connection', () => brokenConnection],
  ])('is tried once more after %s', async (_, fault) => {
    const { sent, read } = scripted([fault(), page()])
    expect(await read()).toMatchObject({ ok: true })
    expect(sent.length).toBe(2)
  })

  test('is not tried a third time', async () => {
    const { sent, read } = scripted([errorAnswer(503, 'service_unavailable'), html(502)])
    expect(await read()).toMatchObject({ ok: false, problem: { code: 'provider_unavailable' } })
    expect(sent.length).toBe(2)
  })

  test.each([
    [429, '1', 1_000],
    [429, '2', 2_000],
    [529, '0', 0],
  ])('waits out a %i with Retry-After %s', async (status, seconds, pause) => {
    const limited = errorAnswer(status, 'rate_limited', {}, { 'retry-after': seconds })
    const { pauses, read } = scripted([limited, page()])
    expect(await read()).toMatchObject({ ok: true })
    expect(pauses).toEqual([pause])
  })

  test('does not wait out a longer limit, but tells the seconds', async () => {
    const { sent, pauses, read } = scripted([errorAnswer(429, 'rate_limited', {}, { 'retry-after': '41' })])
    expect(await read()).toMatchObject({ ok: false, problem: { code: 'rate_limited', retryAfterSeconds: 41 } })
    expect(sent.length).toBe(1)
    expect(pauses).toEqual([])
  })

  test('takes the seconds from the body where the header is missing', async () => {
    const body = { additional_data: { rate_limit_reason: 'public_api_request_rate_limit', retry_after: '17' } }
    const { read } = scripted([errorAnswer(429, 'rate_limited', body)])
    expect(await read()).toMatchObject({ ok: false, problem: { retryAfterSeconds: 17 } })
  })

  test('names the length of the window where nothing tells the seconds', async () => {
    const { read } = scripted([errorAnswer(429, 'rate_limited')])
    expect(await read()).toMatchObject({ ok: false, problem: { code: 'rate_limited', retryAfterSeconds: 60 } })
  })

  test('reads a Retry-After that is a date', async () => {
    const date = new Date(Date.now() + 30_000).toUTCString()
    const outcome = await scripted([errorAnswer(429, 'rate_limited', {}, { 'retry-after': date })]).read()
    const seconds = outcome.ok ? 0 : (outcome.problem.retryAfterSeconds ?? 0)
    expect(seconds).toBeGreaterThan(25)
    expect(seconds).toBeLessThanOrEqual(31)
  })

  test.each([
    ['a 400', errorAnswer(400, 'validation_error'), 'invalid_arguments'],
    ['a 401', errorAnswer(401, 'unauthorized'), 'reauthorize'],
    ['a 403', errorAnswer(403, 'restricted_resource'), 'forbidden_by_provider'],
    ['a 404', errorAnswer(404, 'object_not_found'), 'not_found'],
    ['a 413 with a page of the proxy', html(413), 'invalid_arguments'],
    ['a 403 with a page of the proxy', html(403), 'provider_unavailable'],
    ['a 401 with a page of the proxy', html(401), 'provider_unavailable'],
    ['half a body', new Response('{"object":"page","id', { status: 200 }), 'provider_unavailable'],
    ['an empty body', new Response('', { status: 200 }), 'provider_unavailable'],
  ])('is not tried again after %s', async (_, answer, code) => {
    const { sent, read } = scripted([answer])
    expect(await read()).toMatchObject({ ok: false, problem: { code } })
    expect(sent.length).toBe(1)
  })

  test('throws when its caller has left, and asks nothing', async () => {
    const left = AbortSignal.abort(new Error('left'))
    const { sent, read } = scripted([], { signal: left })
    await expect(read()).rejects.toThrow('left')
    expect(sent).toEqual([])
  })

  test('throws when its caller leaves meanwhile, and is not tried again', async () => {
    const caller = new AbortController()
    const { sent, read } = scripted([hangsUntilAborted(() => caller.abort(new Error('left')))], {
      signal: caller.signal,
    })
    await expect(read()).rejects.toThrow('left')
    expect(sent.length).toBe(1)
  })
})

/** A request that only its signal ends. */
function hangsUntilAborted(started: () => void) {
  return (signal: AbortSignal): Promise<Response> =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error))
      started()
    })
}

describe('a write', () => {
  test('gives the answer', async () => {
    expect(await scripted([page()]).write()).toMatchObject({
      ok: true,
      value: { kind: 'answered', answer: { id: PAGE } },
    })
  })

  test.each([
    ['a 500', () => errorAnswer(500, 'internal_server_error')],
    ['a 502 with a page of the proxy', () => html(502)],
    ['a 503', () => errorAnswer(503, 'service_unavailable')],
    ['a 504', () => errorAnswer(504, 'gateway_timeout')],
    ['a broken connection', () => brokenConnection],
    ['half a body', () => new Response('{"object":"page","id', { status: 200 })],
  ])('is sent once: after %s its outcome is not known', async (_, fault) => {
    const { sent, write } = scripted([fault(), page()])
    const outcome = await write()
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'outcome_unknown' } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('Look at the page first.')
    expect(sent.length).toBe(1)
  })

  test('is reported as done where the error names what was saved', async () => {
    const saved = errorAnswer(503, 'service_unavailable', {
      additional_data: {
        retry_guidance: ['Do not retry.'],
        committed_resource_id: PAGE,
        committed_child_ids: ['a', 'b'],
      },
    })
    const { sent, write } = scripted([saved])
    expect(await write()).toEqual({ ok: true, value: { kind: 'committed', id: PAGE, childIds: ['a', 'b'] } })
    expect(sent.length).toBe(1)
  })

  test('is reported as done also where the code of that error is unknown to the client', async () => {
    const saved = errorAnswer(503, 'database_connection_unavailable', {
      additional_data: { committed_resource_id: PAGE },
    })
    expect(await scripted([saved]).write()).toMatchObject({ ok: true, value: { kind: 'committed', id: PAGE } })
  })

  test.each([429, 529])('is sent again after a %i that was short: it had not been carried out', async (status) => {
    const limited = errorAnswer(status, 'rate_limited', {}, { 'retry-after': '1' })
    const { sent, write } = scripted([limited, page()])
    expect(await write()).toMatchObject({ ok: true })
    expect(sent.length).toBe(2)
  })

  test('is not sent again after a longer limit', async () => {
    const { sent, write } = scripted([errorAnswer(529, 'service_overload', {}, { 'retry-after': '30' })])
    expect(await write()).toMatchObject({ ok: false, problem: { code: 'rate_limited', retryAfterSeconds: 30 } })
    expect(sent.length).toBe(1)
  })

  test.each([
    ['a 400', errorAnswer(400, 'validation_error'), 'invalid_arguments'],
    ['a 401', errorAnswer(401, 'unauthorized'), 'reauthorize'],
    ['a 403', errorAnswer(403, 'restricted_resource'), 'forbidden_by_provider'],
    ['a 404', errorAnswer(404, 'object_not_found'), 'not_found'],
    ['a 409', errorAnswer(409, 'conflict_error'), 'provider_unavailable'],
    ['a 403 with a page of the proxy', html(403), 'provider_unavailable'],
  ])('is known not to have happened after %s', async (_, answer, code) => {
    expect(await scripted([answer]).write()).toMatchObject({ ok: false, problem: { code } })
  })

  test('has an unknown outcome when its caller leaves while it is under way', async () => {
    const caller = new AbortController()
    const { write } = scripted([hangsUntilAborted(() => caller.abort())], { signal: caller.signal })
    expect(await write()).toMatchObject({ ok: false, problem: { code: 'outcome_unknown' } })
  })

  test('is not sent when its caller has left before', async () => {
    const { sent, write } = scripted([], { signal: AbortSignal.abort(new Error('left')) })
    await expect(write()).rejects.toThrow('left')
    expect(sent).toEqual([])
  })
})

describe('over a real connection', () => {
  test('a caller who leaves ends the request at the other side, too', async () => {
    const closed = Promise.withResolvers<void>()
    const caller = new AbortController()
    const server = createServer((request) => {
      request.socket.on('close', () => closed.resolve())
      caller.abort(new Error('left'))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const api = createNotionApi({
      credential: { api_key: KEY },
      apiUrl: `http://127.0.0.1:${port}`,
      signal: caller.signal,
      fetch: (url, init) => fetch(url, init),
    })
    const outcome = api.read((notion) => notion.pages.retrieve({ page_id: PAGE }), READ)
    await expect(outcome).rejects.toThrow('left')
    await closed.promise
    server.close()
  })
})

describe('bugs', () => {
  test('are thrown, not reported as a fault of Notion', async () => {
    const api = createNotionApi({
      credential: { api_key: KEY },
      apiUrl: 'https://api.notion.com',
      signal: new AbortController().signal,
      fetch: async () => page(),
    })
    const broken = () => Promise.reject(new RangeError('a bug'))
    await expect(api.read(broken, READ)).rejects.toThrow('a bug')
    await expect(api.write(broken, WRITE)).rejects.toThrow('a bug')
  })
})

describe('what is told of a fault', () => {
  test('never holds the key', async () => {
    const echo = errorAnswer(400, 'validation_error')
    const outcomes = [
      await scripted([echo]).read(),
      await scripted([brokenConnection, brokenConnection]).read(),
      await scripted([new Error(`bad header: Bearer ${KEY}`), new Error(KEY)]).read(),
      await scripted([errorAnswer(401, 'unauthorized')]).read(),
    ]
    expect(JSON.stringify(outcomes)).not.toContain(KEY)
  })
})
