import { describe, expect, test, vi } from 'vitest'
import type { BoundFetch } from '#providers/contract.ts'
import { createSlackApi } from './client.ts'
import { Stage } from './test/stage.ts'

const operation = { scope: 'channels:read', check: 'Look first.' }
const NEVER = () => Promise.reject(new Error('no request may be made here'))

function apiOn(stage: Stage, fetch: BoundFetch = stage.slack.answer, signal = AbortSignal.timeout(20_000)) {
  const pauses: number[] = []
  const access = stage.access(undefined, { fetch, signal })
  const api = createSlackApi(access, async (milliseconds) => pauses.push(milliseconds))
  return { api, access, pauses }
}

describe('a request', () => {
  test('carries the token in its header, and the client nowhere', async () => {
    const stage = new Stage()
    const { api, access } = apiOn(stage)
    const held: unknown[] = []
    await api.read(async (slack) => {
      held.push(slack)
      return slack.auth.test()
    }, operation)
    const token = String(access.credential['access_token'])
    expect(stage.slack.seen[0]).toMatchObject({ method: 'auth.test', token })
    expect(JSON.stringify(stage.slack.seen[0]?.given)).not.toContain(token)
    expect(stage.slack.seen[0]?.url).toBe('https://slack.com/api/auth.test')
    const { inspect } = await import('node:util')
    expect(inspect(held, { depth: 10, showHidden: true })).not.toContain(token)
  })

  test.each([{}, { api_key: '' }, { access_token: 7 }, { token: 'xoxp-1' }])(
    'is not made with %j',
    async (credential) => {
      const api = createSlackApi(new Stage().access(undefined, { credential, fetch: NEVER }))
      const read = await api.read((slack) => slack.auth.test(), operation)
      const write = await api.write((slack) => slack.auth.revoke(), operation)
      for (const outcome of [read, write])
        expect(outcome).toMatchObject({ ok: false, problem: { code: 'reauthorize' } })
    },
  )

  test('takes a pasted key before a token', async () => {
    const stage = new Stage()
    const token = stage.slack.mint('T0ACME00', 'U0BRUNO01', [])
    const api = createSlackApi(stage.access(undefined, { credential: { api_key: token } }))
    expect(await api.read((slack) => slack.auth.test(), operation)).toMatchObject({ value: { user_id: 'U0BRUNO01' } })
  })

  test('goes to the address of the operator, whatever a method is called', async () => {
    const stage = new Stage()
    const asked: string[] = []
    const access = stage.access(undefined, {
      apiUrl: 'http://127.0.0.1:9/base',
      fetch: async (input) => {
        asked.push(input instanceof Request ? input.url : input.toString())
        return Response.json({ ok: true })
      },
    })
    await createSlackApi(access).read((slack) => slack.apiCall('https://evil.test/api'), operation)
    expect(asked).toEqual(['http://127.0.0.1:9/base/api/https://evil.test/api'])
  })

  test('prints nothing', async () => {
    const stage = new Stage()
    const printed = ['log', 'info', 'warn', 'error', 'debug'].map((name) =>
      vi.spyOn(console, name as 'log').mockImplementation(() => undefined),
    )
    stage.slack.fail('chat.postMessage', 'broken')
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not a window's
    await apiOn(stage).api.write((slack) => slack.chat.postMessage({ channel: 'C1', text: '' }), operation)
    for (const spy of printed) expect(spy).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })
})

describe('a read', () => {
  test.each([
    ['broken' as const, 250],
    [{ status: 503, body: '<html>' }, 250],
    [{ error: 'internal_error' }, 250],
    [{ status: 429, body: '', headers: { 'retry-after': '2' } }, 2_000],
  ])('is tried once more after %j', async (fault, pause) => {
    const stage = new Stage()
    stage.slack.fail('auth.test', fault)
    const { api, pauses } = apiOn(stage)
    expect(await api.read((slack) => slack.auth.test(), operation)).toMatchObject({ ok: true })
    expect(pauses).toEqual([pause])
    expect(stage.asked()).toHaveLength(2)
  })

  test.each([
    ['broken' as const, 'provider_unavailable'],
    [{ status: 500, body: '' }, 'provider_unavailable'],
    [{ status: 429, body: '', headers: { 'retry-after': '1' } }, 'rate_limited'],
  ])('is given up after the second %j', async (fault, code) => {
    const stage = new Stage()
    stage.slack.fail('auth.test', fault, 9)
    expect(await apiOn(stage).api.read((slack) => slack.auth.test(), operation)).toMatchObject({ problem: { code } })
    expect(stage.asked()).toHaveLength(2)
  })

  test.each([
    [{ 'retry-after': '30' }, 30],
    [{ 'retry-after': '2.5' }, 3],
    [{ 'retry-after': 'soon' }, 60],
    [{ 'retry-after': '' }, 60],
    [{}, 60],
  ])('with the limit %j waits for nobody and names %i seconds', async (headers, seconds) => {
    const stage = new Stage()
    stage.slack.fail('auth.test', { status: 429, body: '{"ok":false,"error":"ratelimited"}', headers }, 9)
    const { api, pauses } = apiOn(stage)
    const outcome = await api.read((slack) => slack.auth.test(), operation)
    expect(outcome).toMatchObject({ problem: { code: 'rate_limited', retryAfterSeconds: seconds } })
    expect(pauses).toEqual([])
    expect(stage.asked()).toHaveLength(1)
  })

  test.each(['<html>', '', 'null', '[]', '"ok"', '{"ok":"true"}', '{}', '{"ok":true'])(
    'of %j is no answer of Slack',
    async (body) => {
      const stage = new Stage()
      stage.slack.fail('auth.test', { status: 200, body }, 9)
      const outcome = await apiOn(stage).api.read((slack) => slack.auth.test(), operation)
      expect(outcome).toMatchObject({ ok: false, problem: { code: 'provider_unavailable' } })
      expect(stage.asked()).toHaveLength(1)
    },
  )

  test('ends with its caller', async () => {
    const stage = new Stage()
    const caller = new AbortController()
    stage.slack.fail('auth.test', 'hangs')
    const { api } = apiOn(stage, stage.slack.answer, caller.signal)
    const reading = api.read((slack) => slack.auth.test(), operation)
    caller.abort(new Error('left'))
    await expect(reading).rejects.toThrow('left')
  })

  test('ends by itself where nothing answers', async () => {
    vi.useFakeTimers()
    try {
      const stage = new Stage()
      stage.slack.fail('auth.test', 'hangs', 9)
      const { api } = apiOn(stage, stage.slack.answer, new AbortController().signal)
      const reading = api.read((slack) => slack.auth.test(), operation)
      await vi.advanceTimersByTimeAsync(12_000)
      expect(await reading).toMatchObject({ problem: { code: 'provider_unavailable', reason: 'TimeoutError' } })
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('a write', () => {
  test.each([
    'broken' as const,
    'lost' as const,
    { status: 502, body: '<html>' },
    { status: 200, body: 'cut {' },
    { error: 'internal_error' },
    { error: 'fatal_error' },
  ])('is sent once, and with %j says that nobody knows', async (fault) => {
    const stage = new Stage()
    stage.slack.fail('auth.revoke', fault, 9)
    const outcome = await apiOn(stage).api.write((slack) => slack.auth.revoke(), operation)
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'outcome_unknown' } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('Look first.')
    expect(stage.asked()).toEqual(['auth.revoke'])
  })

  test.each([
    [{ status: 429, body: '', headers: { 'retry-after': '1' } }, 'rate_limited'],
    [{ error: 'ratelimited' }, 'rate_limited'],
    [{ error: 'service_unavailable' }, 'provider_unavailable'],
    [{ error: 'is_archived' }, 'forbidden_by_provider'],
  ])('that was turned away with %j is not sent again either', async (fault, code) => {
    const stage = new Stage()
    stage.slack.fail('auth.revoke', fault, 9)
    const outcome = await apiOn(stage).api.write((slack) => slack.auth.revoke(), operation)
    expect(outcome).toMatchObject({ problem: { code } })
    expect(stage.asked()).toHaveLength(1)
  })

  test('whose caller has left says that nobody knows', async () => {
    const stage = new Stage()
    const caller = new AbortController()
    stage.slack.fail('auth.revoke', 'hangs')
    const { api } = apiOn(stage, stage.slack.answer, caller.signal)
    const writing = api.write((slack) => slack.auth.revoke(), operation)
    caller.abort(new Error('left'))
    expect(await writing).toMatchObject({ problem: { code: 'outcome_unknown' } })
  })

  test('is not begun for a caller who has left', async () => {
    const stage = new Stage()
    const { api } = apiOn(stage, NEVER, AbortSignal.abort(new Error('left')))
    await expect(api.write((slack) => slack.auth.revoke(), operation)).rejects.toThrow('left')
  })
})

test('a bug is not taken for a fault of Slack', async () => {
  const { api } = apiOn(new Stage())
  const bug = () => Promise.reject(new RangeError('a bug'))
  await expect(api.read(bug, operation)).rejects.toThrow('a bug')
})
