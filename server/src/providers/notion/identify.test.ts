import { describe, expect, test } from 'vitest'
import type { ProviderAccess } from '#providers/contract.ts'
import { emulatedNotion } from '#test/support/notion.ts'
import { identify } from './identify.ts'

const { emulator, access, asked } = emulatedNotion('demo')
const installs = emulator.control.installs()

function botOf(capabilities: readonly string[], kind?: string): string {
  const found = installs.find(
    (install) =>
      (kind === undefined || install.kind === kind) &&
      install.capabilities.length === capabilities.length &&
      capabilities.every((capability) => install.capabilities.includes(capability as never)),
  )
  if (found === undefined) throw new Error('The seed has no such bot')
  return found.botId
}

const EVERYTHING = [
  'read_content',
  'update_content',
  'insert_content',
  'read_comments',
  'insert_comments',
  'user_email',
]

describe('a key that Notion accepts', () => {
  test('is told apart by its bot, and named after the workspace', async () => {
    const botId = botOf(EVERYTHING, 'internal')
    expect(await identify(access(botId))).toEqual({
      ok: true,
      value: {
        accountId: botId,
        label: 'Lumiara',
        account: {
          bot_id: botId,
          bot_name: 'Lumiara assistant',
          workspace_id: '7eb6aef4-5bc8-4d14-b2c5-90960be9288d',
          workspace_name: 'Lumiara',
          owner: { type: 'workspace' },
        },
        permissions: {
          read: true,
          insert: true,
          update: true,
          read_comments: true,
          insert_comments: true,
          user_information: true,
        },
      },
    })
  })

  test('of a person tells whose it is', async () => {
    const outcome = await identify(access(botOf(EVERYTHING, 'public')))
    expect(outcome).toMatchObject({ ok: true, value: { account: { owner: { type: 'user', name: 'Ana Duarte' } } } })
  })

  test('holds nothing secret in what is shown', async () => {
    const given = access(botOf(EVERYTHING, 'internal'))
    const outcome = await identify(given)
    expect(JSON.stringify(outcome)).not.toContain(String(given.credential['api_key']))
  })

  test.each([
    [
      ['read_content', 'user_none'],
      {
        read: true,
        insert: false,
        update: false,
        read_comments: false,
        insert_comments: false,
        user_information: false,
      },
    ],
    [
      ['read_content', 'update_content', 'insert_content', 'read_comments', 'user_no_email'],
      { read: true, insert: true, update: true, read_comments: true, insert_comments: false, user_information: true },
    ],
  ])('with %j may do just that', async (capabilities, permissions) => {
    expect(await identify(access(botOf(capabilities)))).toMatchObject({ ok: true, value: { permissions } })
  })

  test('finds out without changing anything', async () => {
    const before = stateOfEverything()
    asked()
    await identify(access(botOf(EVERYTHING, 'internal')))
    expect(asked().sort()).toEqual([
      'GET /v1/comments?block_id=:id',
      'GET /v1/pages/:id',
      'GET /v1/users/me',
      'GET /v1/users?page_size=1',
      'PATCH /v1/pages/:id',
      'POST /v1/comments',
      'POST /v1/pages',
    ])
    expect(stateOfEverything()).toBe(before)
  })
})

/** All that the first bot can find, as text. */
function stateOfEverything(): string {
  const roots = installs.flatMap(({ roots }) => roots)
  return JSON.stringify(roots.map((id) => emulator.control.stateOf(id)))
}

function answering(respond: (url: string, init: RequestInit | undefined) => Promise<Response>): ProviderAccess {
  return {
    credential: { api_key: 'ntn_0123456789' },
    apiUrl: 'https://api.notion.com',
    signal: new AbortController().signal,
    fetch: (url, init) => respond(url instanceof Request ? url.url : String(url), init),
  }
}

const error = (status: number, code: string): Response =>
  new Response(JSON.stringify({ object: 'error', status, code, message: '' }), { status })

const me = (): Response =>
  Response.json({
    object: 'user',
    id: 'e2a86d41-7f05-4c3b-91ed-b6084af7d253',
    name: 'old bot',
    avatar_url: null,
    type: 'bot',
    bot: { owner: { type: 'workspace', workspace: true }, workspace_name: 'Workspace 1' },
  })

describe('a key that Notion refuses', () => {
  test('is rejected, and nothing else is asked with it', async () => {
    let requests = 0
    const outcome = await identify(
      answering(async () => {
        requests += 1
        return error(401, 'unauthorized')
      }),
    )
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'credential_rejected' } })
    expect(requests).toBe(1)
  })

  test('also when it was revoked', async () => {
    const given = access(botOf(EVERYTHING, 'internal'))
    emulator.control.revokeToken(String(given.credential['api_key']))
    expect(await identify(given)).toMatchObject({ ok: false, problem: { code: 'credential_rejected' } })
  })
})

describe('a Notion that cannot tell', () => {
  test.each<[string, () => Promise<Response>]>([
    ['a 500', async () => error(500, 'internal_server_error')],
    ['a 502 with a page of the proxy', async () => new Response('<html>Bad gateway</html>', { status: 502 })],
    [
      'a 401 with a page of the proxy',
      async () => new Response('<html>Sign in to the network</html>', { status: 401 }),
    ],
    ['a 200 with a page of the proxy', async () => new Response('<html>Welcome</html>', { status: 200 })],
    ['a 429', async () => error(429, 'rate_limited')],
    ['a broken connection', () => Promise.reject(new TypeError('fetch failed'))],
  ])('does not condemn the key: %s', async (_, respond) => {
    const outcome = await identify(answering(respond))
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'provider_unavailable' } })
  })

  test('says when to try again, if Notion said it', async () => {
    const limited = error(429, 'rate_limited')
    limited.headers.set('retry-after', '33')
    expect(await identify(answering(async () => limited))).toMatchObject({
      ok: false,
      problem: { retryAfterSeconds: 33 },
    })
  })

  test('about permissions leaves them unknown', async () => {
    const outcome = await identify(answering(async (url) => (url.endsWith('/users/me') ? me() : error(503, 'x'))))
    expect(outcome).toMatchObject({
      ok: true,
      value: {
        label: 'Workspace 1',
        account: { workspace_id: null },
        permissions: { read: null, insert: null, update: null, user_information: null },
      },
    })
  })

  test('is not waited for by someone who has left', async () => {
    const left = { ...answering(async () => me()), signal: AbortSignal.abort(new Error('left')) }
    await expect(identify(left)).rejects.toThrow('left')
  })
})

test('asks about permissions all at once', async () => {
  let waiting = 0
  let most = 0
  const release = Promise.withResolvers<void>()
  const outcome = identify(
    answering(async (url) => {
      if (url.endsWith('/users/me')) return me()
      waiting += 1
      most = Math.max(most, waiting)
      if (waiting === 6) release.resolve()
      await release.promise
      return error(404, 'object_not_found')
    }),
  )
  await expect(outcome).resolves.toMatchObject({ ok: true })
  expect(most).toBe(6)
})
