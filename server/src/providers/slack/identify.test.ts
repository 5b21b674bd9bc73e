import { describe, expect, test, vi } from 'vitest'
import { ANA, ANA_OF_BIRCH, BOT, Stage } from './test/stage.ts'
import { identify } from './identify.ts'

async function identityOf(stage: Stage, actor: Parameters<Stage['access']>[0]) {
  const outcome = await identify(stage.access(actor))
  if (!outcome.ok) throw new Error(outcome.problem.detail)
  return outcome.value
}

describe('whose token it is', () => {
  test('is told by one request', async () => {
    const stage = new Stage()
    const identity = await identityOf(stage, ANA)
    expect(identity).toMatchObject({
      accountId: 'T0ACME00:U0ANA0001',
      label: 'Acme',
      account: { team_id: 'T0ACME00', team_url: 'https://acme.slack.com/', user_name: 'ana', acts_as: 'user' },
    })
    expect(Object.values(identity.permissions)).toEqual(Object.values(identity.permissions).map(() => true))
    expect(stage.asked()).toEqual(['auth.test'])
  })

  test('differs between workspaces and people', async () => {
    const stage = new Stage()
    const ids = await Promise.all(
      [ANA, ANA_OF_BIRCH, BOT].map(async (actor) => (await identityOf(stage, actor)).accountId),
    )
    expect(new Set(ids).size).toBe(3)
  })

  test('holds no token', async () => {
    const stage = new Stage()
    const access = stage.access()
    expect(JSON.stringify(await identify(access))).not.toContain(access.credential['access_token'])
  })

  test.each([
    [
      ['channels:read', 'chat:write'],
      ['read_channels', 'write_messages'],
    ],
    [['groups:history'], ['read_messages']],
    [
      ['channels:join', 'channels:manage'],
      ['join_channels', 'manage_channels'],
    ],
    [['channels:write'], ['join_channels', 'manage_channels']],
    [['search:read.files'], []],
  ])('of scopes %j may %j', async (scopes, allowed) => {
    const { permissions, account } = await identityOf(new Stage(), { ...ANA, scopes })
    expect(Object.keys(permissions).filter((name) => permissions[name] === true)).toEqual(allowed)
    expect(account['scopes']).toEqual(scopes)
  })

  test('is known, and what it may is not, where Slack names no scopes', async () => {
    const stage = new Stage()
    const body = JSON.stringify({ ok: true, team_id: 'T1', user_id: 'U1', team: 'X\u202Ey\n' })
    stage.slack.fail('auth.test', { status: 200, body })
    const identity = await identityOf(stage, ANA)
    expect(identity).toMatchObject({ accountId: 'T1:U1', label: 'Xy' })
    expect(new Set(Object.values(identity.permissions))).toEqual(new Set([null]))
  })
})

describe('a token that cannot be used', () => {
  test.each(['invalid_auth', 'token_revoked', 'account_inactive', 'token_expired', 'not_allowed_token_type'])(
    'is refused: %s',
    async (error) => {
      const stage = new Stage()
      stage.slack.fail('auth.test', { error })
      expect(await identify(stage.access())).toMatchObject({ problem: { code: 'credential_rejected', reason: error } })
    },
  )

  test('is refused where Slack names no user', async () => {
    const stage = new Stage()
    stage.slack.fail('auth.test', { status: 200, body: '{"ok":true,"team_id":"T1"}' })
    expect(await identify(stage.access())).toMatchObject({ problem: { code: 'credential_rejected' } })
  })

  test.each(['broken' as const, { status: 500, body: '' }, { status: 429, body: '', headers: { 'retry-after': '9' } }])(
    'may be fine where Slack answers %j',
    async (fault) => {
      const stage = new Stage()
      stage.slack.fail('auth.test', fault, 9)
      expect(await identify(stage.access())).toMatchObject({ problem: { code: 'provider_unavailable' } })
    },
  )

  test('is not waited for longer than somebody sits before a form', async () => {
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort(new DOMException('late', 'TimeoutError')))
    const stage = new Stage()
    const access = stage.access(ANA, { signal: new AbortController().signal })
    expect(await identify(access)).toMatchObject({ problem: { code: 'provider_unavailable' } })
    vi.restoreAllMocks()
  })

  test('ends with its caller', async () => {
    const signal = AbortSignal.abort(new Error('left'))
    await expect(identify(new Stage().access(ANA, { signal }))).rejects.toThrow('left')
  })
})
