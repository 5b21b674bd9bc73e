import { describe, expect, test } from 'vitest'
import { EgressError } from '#kernel/egress-error.ts'
import type { ProviderAccess } from '#providers/contract.ts'
import { brokenConnection, jsonAnswer, scriptedAccess, type ScriptedAnswer } from '#test/support/scripted-provider.ts'
import { createGitHubApi } from './client.ts'
import type { Operation } from './errors.ts'

/** The client over a scripted fetch: what is sent, what is repeated, and what comes of every way to fail. */

const READ: Operation = { needs: 'read_issues', noun: 'issue' }
const WRITE: Operation = { needs: 'write_issues', noun: 'issue', check: 'Look at the issue first.' }
const TOKEN = 'ghp_0123456789abcdef'
const NOW = new Date('2026-03-04T05:06:07Z')

const refusal = (status: number, message: string, headers: Record<string, string> = {}, more = {}) =>
  jsonAnswer(status, { message, documentation_url: 'https://docs.github.com/rest', ...more }, headers)
const page = (status: number) => new Response('<html>x</html>', { status, headers: { 'content-type': 'text/html' } })
const issue = () => jsonAnswer(200, { number: 1 })

function scripted(answers: readonly ScriptedAnswer[], change: Partial<ProviderAccess> = {}) {
  const pauses: number[] = []
  const { access, sent } = scriptedAccess(answers, {
    credential: { api_key: TOKEN },
    apiUrl: 'https://api.github.com',
    ...change,
  })
  const time = {
    now: () => NOW,
    pause: async (milliseconds: number) => {
      pauses.push(milliseconds)
    },
  }
  const api = createGitHubApi(access, time)
  const place = { owner: 'ana', repo: 'site', issue_number: 1 }
  return {
    sent,
    pauses,
    read: () => api.read((github) => github('GET /repos/{owner}/{repo}/issues/{issue_number}', { ...place }), READ),
    write: () =>
      api.write(
        (github) => github('PATCH /repos/{owner}/{repo}/issues/{issue_number}', { ...place, title: 'X' }),
        WRITE,
      ),
  }
}

describe('what is sent', () => {
  test('names the version of the API, and bears the token of the call', async () => {
    const { sent, read } = scripted([issue()])
    expect(await read()).toMatchObject({ ok: true, value: { data: { number: 1 } } })
    expect(sent[0]?.url).toBe('https://api.github.com/repos/ana/site/issues/1')
    expect(Object.fromEntries(sent[0]?.headers ?? [])).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
      'user-agent': 'chaveiro',
    })
  })

  test('goes to the address of the operator', async () => {
    const { sent, read } = scripted([issue()], { apiUrl: 'https://git.example.com/api/v3' })
    await read()
    expect(sent[0]?.url).toBe('https://git.example.com/api/v3/repos/ana/site/issues/1')
  })

  test('is JSON where something changes', async () => {
    const { sent, write } = scripted([issue()])
    await write()
    expect(sent[0]).toMatchObject({ method: 'PATCH', body: { title: 'X' } })
  })

  test('bears the token that OAuth won', async () => {
    const { sent, read } = scripted([issue()], { credential: { access_token: 'gho_1', refresh_token: 'ghr_1' } })
    await read()
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer gho_1')
  })

  test.each([[{}], [{ api_key: '' }], [{ api_key: 7 }], [{ refresh_token: 'x' }]])(
    'is nothing without a token: %j',
    async (credential) => {
      const { sent, read, write } = scripted([], { credential })
      expect(await read()).toMatchObject({ ok: false, problem: { code: 'reauthorize' } })
      expect(await write()).toMatchObject({ ok: false, problem: { code: 'reauthorize' } })
      expect(sent).toEqual([])
    },
  )

  test('keeps the tokens of overlapping calls apart', async () => {
    const held = Promise.withResolvers<void>()
    let waiting = 0
    const tokens = Array.from({ length: 20 }, (_, index) => `ghp_user_${index}`)
    const answers = await Promise.all(
      tokens.map((token) =>
        scripted([], {
          credential: { api_key: token },
          fetch: async (_url, init) => {
            waiting += 1
            if (waiting === tokens.length) held.resolve()
            await held.promise
            return jsonAnswer(200, { title: new Headers(init?.headers).get('authorization') })
          },
        }).read(),
      ),
    )
    expect(answers.map((answer) => answer.ok && answer.value.data.title)).toEqual(tokens.map((t) => `Bearer ${t}`))
  })
})

describe('a read', () => {
  test.each([
    ['a broken connection', brokenConnection],
    ['an answer that never came', new EgressError('network', 'ECONNRESET', true)],
    ['a connection that was never made', new EgressError('network', 'ECONNREFUSED')],
    ['a server error', refusal(502, 'Server Error')],
    ['the page of a proxy', page(503)],
  ])('is tried once more after %s', async (_, fault) => {
    const { pauses, read } = scripted([fault, issue()])
    expect(await read()).toMatchObject({ ok: true })
    expect(pauses).toEqual([250])
  })

  test('is not tried a third time', async () => {
    const { sent, read } = scripted([brokenConnection, brokenConnection, issue()])
    expect(await read()).toMatchObject({ ok: false, problem: { code: 'provider_unavailable' } })
    expect(sent).toHaveLength(2)
  })

  test('waits for a short limit', async () => {
    const { pauses, read } = scripted([refusal(429, 'Slow down', { 'retry-after': '2' }), issue()])
    expect(await read()).toMatchObject({ ok: true })
    expect(pauses).toEqual([2_000])
  })

  test.each([
    ['cut', new Response('{"number": 1', { headers: { 'content-type': 'application/json' } })],
    ['no JSON', page(200)],
    ['empty', new Response('', { status: 200 })],
  ])('of which the answer is %s says so', async (_, answer) => {
    expect(await scripted([answer]).read()).toMatchObject({ ok: false, problem: { code: 'provider_unavailable' } })
  })

  test('throws the reason of an abort, and sends nothing after it', async () => {
    const controller = new AbortController()
    controller.abort(new Error('left'))
    const { sent, read } = scripted([issue()], { signal: controller.signal })
    await expect(read()).rejects.toThrow('left')
    expect(sent).toEqual([])
  })

  test('ends with the signal of the caller', async () => {
    const controller = new AbortController()
    const never = () => {
      controller.abort(new Error('left'))
      return new Promise<Response>(() => undefined)
    }
    await expect(scripted([never], { signal: controller.signal }).read()).rejects.toThrow('left')
  })
})

describe('a write', () => {
  test.each([
    ['a broken connection', brokenConnection],
    ['an answer that never came', new EgressError('timeout', 'UND_ERR_BODY_TIMEOUT', true)],
    ['a server error', refusal(500, 'Server Error')],
    ['the page of a proxy', page(504)],
    ['a cut body', new Response('{"number": 1', { headers: { 'content-type': 'application/json' } })],
  ])('is sent once, and %s leaves its outcome unknown', async (_, fault) => {
    const { sent, pauses, write } = scripted([fault])
    const outcome = await write()
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'outcome_unknown' } })
    expect(!outcome.ok && outcome.problem.detail).toContain('Look at the issue first.')
    expect(sent).toHaveLength(1)
    expect(pauses).toEqual([])
  })

  test('that certainly never left is not in doubt', async () => {
    const { sent, write } = scripted([new EgressError('network', 'ECONNREFUSED')])
    expect(await write()).toMatchObject({ ok: false, problem: { code: 'provider_unavailable' } })
    expect(sent).toHaveLength(1)
  })

  test('that was turned away untouched is sent again after a short wait, never after a long one', async () => {
    const short = scripted([refusal(403, 'You have exceeded a secondary rate limit', { 'retry-after': '1' }), issue()])
    expect(await short.write()).toMatchObject({ ok: true })
    const long = scripted([refusal(429, 'Slow down', { 'retry-after': '60' })])
    expect(await long.write()).toMatchObject({ ok: false, problem: { code: 'rate_limited', retryAfterSeconds: 60 } })
    expect(long.sent).toHaveLength(1)
  })

  test('under way when the caller leaves is not taken for one that never happened', async () => {
    const controller = new AbortController()
    const never = () => {
      controller.abort(new Error('left'))
      return new Promise<Response>(() => undefined)
    }
    const outcome = await scripted([never], { signal: controller.signal }).write()
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'outcome_unknown' } })
  })
})

describe('what GitHub refuses', () => {
  const cases: [string, Response, object][] = [
    ['a bad token', refusal(401, 'Bad credentials'), { code: 'reauthorize' }],
    [
      'the hourly limit',
      refusal(403, 'API rate limit exceeded for user ID 1.', {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(NOW.getTime() / 1_000 + 90),
      }),
      { code: 'rate_limited', retryAfterSeconds: 90 },
    ],
    [
      'a secondary limit without a time',
      refusal(403, 'You have exceeded a secondary rate limit. Please wait a few minutes.'),
      { code: 'rate_limited', retryAfterSeconds: 60 },
    ],
    [
      'a missing scope',
      refusal(403, 'Must have admin rights', {
        'x-accepted-oauth-scopes': 'repo, public_repo',
        'x-oauth-scopes': 'gist',
      }),
      {
        code: 'forbidden_by_provider',
        detail: expect.stringContaining('the scope repo or public_repo'),
        extra: { missing_permission: 'write_issues' },
      },
    ],
    [
      'a missing permission',
      refusal(403, 'Resource not accessible by personal access token', {
        'x-accepted-github-permissions': 'issues=write; pull_requests=write',
      }),
      { code: 'forbidden_by_provider', detail: expect.stringContaining('issues=write or pull_requests=write') },
    ],
    [
      'a token without single sign-on',
      refusal(403, 'Resource protected by organization SAML enforcement.', {
        'x-github-sso': 'required; url=https://github.com/orgs/acme/sso?authorization_request=A1',
      }),
      {
        code: 'forbidden_by_provider',
        detail: expect.stringContaining('https://github.com/orgs/acme/sso?authorization_request=A1'),
      },
    ],
    [
      'what is archived',
      refusal(403, 'Repository was archived so is read-only.', {
        'x-accepted-oauth-scopes': 'repo',
        'x-oauth-scopes': 'repo',
      }),
      { code: 'forbidden_by_provider', detail: expect.stringContaining('archived') },
    ],
    ['what is not there', refusal(404, 'Not Found'), { code: 'not_found' }],
    ['what is switched off', refusal(410, 'Issues has been disabled in this repository.'), { code: 'not_found' }],
    ['a state that changed', refusal(409, 'a.ts does not match abc'), { code: 'conflict' }],
    ['a blocked repository', refusal(451, 'Repository access blocked'), { code: 'forbidden_by_provider' }],
    [
      'wrong arguments, in its words',
      refusal(422, 'Validation Failed', {}, { errors: [{ resource: 'Issue', field: 'title', code: 'missing_field' }] }),
      { code: 'invalid_arguments', detail: expect.stringContaining('Validation Failed; title is missing field') },
    ],
    [
      'wrong arguments, in sentences',
      refusal(422, 'Unprocessable Entity', {}, { errors: ['Can not approve your own pull request'] }),
      { code: 'invalid_arguments', detail: expect.stringContaining('Can not approve your own') },
    ],
  ]

  test.each(cases)('%s', async (_, answer, problem) => {
    const { sent, write } = scripted([answer])
    expect(await write()).toMatchObject({ ok: false, problem })
    expect(sent).toHaveLength(1)
  })

  test('is told in one short line, whatever it holds', async () => {
    const outcome = await scripted([refusal(422, `x\n\n# Obey\u202E ${'y'.repeat(5_000)}`)]).write()
    if (outcome.ok) throw new Error('it succeeded')
    expect(outcome.problem.detail).not.toMatch(/[\n\u202E]/)
    expect(outcome.problem.detail.length).toBeLessThan(700)
  })

  test('never repeats the token', async () => {
    for (const answer of [refusal(401, 'Bad credentials'), refusal(500, 'x'), brokenConnection]) {
      expect(JSON.stringify(await scripted([answer, answer]).write())).not.toContain(TOKEN)
    }
  })
})
