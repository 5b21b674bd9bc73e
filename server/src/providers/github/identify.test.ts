import { describe, expect, test } from 'vitest'
import { identify, permissionsOf } from './identify.ts'
import { createWorld } from './test/world.ts'

/** Whose token it is, and what it may do. */

const ALL = ['read_code', 'write_code', 'read_issues', 'write_issues', 'read_pull_requests', 'write_pull_requests']

describe('identify', () => {
  test('names the user, by an id that outlives a new login', async () => {
    const { github, ana, anasToken } = createWorld()
    expect(await identify(github.access(anasToken))).toEqual({
      ok: true,
      value: {
        accountId: String(ana.id),
        label: 'ana',
        account: { login: 'ana', name: 'Ana Souza', type: 'User', url: 'https://github.com/ana', scopes: ['repo'] },
        permissions: Object.fromEntries(ALL.map((name) => [name, true])),
      },
    })
    expect(github.asked()).toEqual(['GET /user'])
  })

  test('knows of a fine-grained token only whose it is', async () => {
    const { github, ana } = createWorld()
    const outcome = await identify(github.access(github.mint(ana, null, ['issues=write'])))
    expect(outcome).toMatchObject({
      ok: true,
      value: { account: { scopes: null }, permissions: Object.fromEntries(ALL.map((name) => [name, null])) },
    })
  })

  test('refuses a token that GitHub refuses, without repeating it', async () => {
    const { github } = createWorld()
    const outcome = await identify(github.access('ghp_unknown_token'))
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'credential_rejected' } })
    expect(JSON.stringify(outcome)).not.toContain('ghp_unknown_token')
  })

  test.each([
    [
      'a server error',
      () => new Response('{"message":"x"}', { status: 500, headers: { 'content-type': 'application/json' } }),
    ],
    ['a page', () => new Response('<html>', { status: 200, headers: { 'content-type': 'text/html' } })],
    [
      'a limit',
      () =>
        new Response('{"message":"x"}', {
          status: 429,
          headers: { 'retry-after': '30', 'content-type': 'application/json' },
        }),
    ],
    ['a broken connection', () => new TypeError('fetch failed')],
  ])('does not take %s for a bad token', async (_, fault) => {
    const { github, anasToken } = createWorld()
    github.fault(/user/, fault)
    github.fault(/user/, fault)
    expect(await identify(github.access(anasToken))).toMatchObject({
      ok: false,
      problem: { code: 'provider_unavailable' },
    })
  })

  test('throws the reason of an abort', async () => {
    const { github, anasToken } = createWorld()
    const controller = new AbortController()
    controller.abort(new Error('left'))
    await expect(identify(github.access(anasToken, { signal: controller.signal }))).rejects.toThrow('left')
  })
})

describe('permissions by scopes', () => {
  test.each([
    [['repo'], true, true],
    [['repo', 'gist'], true, true],
    [['public_repo'], null, null],
    [[], null, false],
    [['gist', 'read:org'], null, false],
    [null, null, null],
  ] as const)('%j', (scopes, read, write) => {
    const permissions = permissionsOf(scopes)
    expect(permissions.read_code).toBe(read)
    expect(permissions.write_code).toBe(write)
    expect(Object.keys(permissions).sort()).toEqual(ALL.toSorted())
  })
})
