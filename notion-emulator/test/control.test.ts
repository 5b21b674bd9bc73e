import { beforeEach, describe, expect, it } from 'vitest'
import { builtinSeed, tokenFingerprint, type Emulator } from '../src/index.ts'
import { AURORA_ANA, AURORA_BOT, AURORA_HOME, raw, testEmulator, title } from './support/emulator.ts'

describe('the control functions', () => {
  let emulator: Emulator

  beforeEach(() => {
    emulator = testEmulator('two-tenants')
  })

  const status = (token: string, target = 'GET /v1/users/me') => raw(emulator, target, { token }).status

  it('mint the same well-formed token for the same text, and another for another', () => {
    const token = emulator.control.mintToken(AURORA_BOT, 'demo')
    expect(token).toMatch(/^ntn_[A-Za-z0-9]{46}$/)
    expect(emulator.control.mintToken(AURORA_BOT, 'demo')).toBe(token)
    expect(testEmulator('two-tenants').control.mintToken(AURORA_BOT, 'demo')).toBe(token)
    expect(emulator.control.mintToken(AURORA_BOT, 'other')).not.toBe(token)
    expect(emulator.control.mintToken(AURORA_BOT)).not.toBe(emulator.control.mintToken(AURORA_BOT))
  })

  it('take a token that was chosen elsewhere, and no bot that does not exist', () => {
    expect(status(emulator.control.mintToken(AURORA_BOT, 'ntn_chosen'))).toBe(200)
    expect(() => emulator.control.mintToken(AURORA_HOME)).toThrow(RangeError)
  })

  it('revoke a token without touching the others', () => {
    const [first, second] = [emulator.control.mintToken(AURORA_BOT), emulator.control.mintToken(AURORA_BOT)]
    expect(emulator.control.revokeToken(first)).toBe(true)
    expect([status(first), status(second)]).toEqual([401, 200])
    expect(emulator.control.revokeToken('ntn_unknown')).toBe(false)
  })

  it('let a token expire on the clock of the emulator', () => {
    const token = emulator.control.mintToken(AURORA_BOT)
    emulator.control.expireToken(token, 5000)
    expect(status(token)).toBe(200)
    emulator.control.advanceClock(5000)
    expect(status(token)).toBe(401)
  })

  it('keep a log with a fingerprint instead of the token', () => {
    const token = emulator.control.mintToken(AURORA_BOT, 'demo')
    status(token)
    status('ntn_nobody')
    expect(emulator.control.requests()).toMatchObject([
      {
        method: 'GET',
        path: '/v1/users/me',
        status: 200,
        botId: AURORA_BOT,
        tokenFingerprint: tokenFingerprint(token),
      },
      { status: 401, botId: null, tokenFingerprint: tokenFingerprint('ntn_nobody') },
    ])
    expect(JSON.stringify(emulator.control.requests())).not.toContain(token)
    emulator.control.clearRequests()
    expect(emulator.control.requests()).toEqual([])
  })

  it('put everything back, and keep the tokens of bots that are still there', () => {
    const token = emulator.control.mintToken(AURORA_BOT)
    raw(emulator, 'POST /v1/pages', {
      token,
      body: { parent: { page_id: AURORA_HOME }, properties: { title: title('Zebra') } },
    })
    emulator.control.injectFault({ fault: { type: 'internal_server_error' } })
    emulator.control.reset()
    expect(raw(emulator, 'POST /v1/search', { token, body: { query: 'Zebra' } }).body['results']).toEqual([])
    emulator.control.reset(builtinSeed('tenant-boreal'))
    expect(status(token)).toBe(401)
    expect(emulator.control.workspaces().map((workspace) => workspace.name)).toEqual(['Boreal Advocacia'])
  })

  it('add a workspace beside the others', () => {
    for (const seed of builtinSeed('large')) emulator.control.addWorkspace(seed)
    expect(emulator.control.workspaces().map((workspace) => workspace.name)).toEqual([
      'Estúdio Aurora',
      'Boreal Advocacia',
      'Large',
    ])
    const added = emulator.control.installs().at(-1)?.botId ?? ''
    expect(status(emulator.control.mintToken(added))).toBe(200)
    emulator.control.reset()
    expect(emulator.control.workspaces()).toHaveLength(2)
  })

  it('change what an install sees', () => {
    emulator.control.grant(AURORA_BOT, { roots: [] })
    expect(raw(emulator, `GET /v1/pages/${AURORA_HOME}`).status).toBe(404)
    expect(raw(emulator, 'POST /v1/search', { body: {} }).body['results']).toEqual([])
  })

  it('count requests per install, and start anew with the next window', () => {
    emulator.control.setLimits({ enabled: true, limit: 2 })
    const [mine, other] = [emulator.control.mintToken(AURORA_BOT), emulator.control.mintToken(AURORA_ANA)]
    expect([status(mine), status(mine), status(mine), status(other)]).toEqual([200, 200, 429, 200])
    emulator.control.advanceClock(20_000)
    const refused = raw(emulator, 'GET /v1/users/me', { token: mine })
    expect(refused.headers['retry-after']).toBe('40')
    expect(refused.body).toMatchObject({
      code: 'rate_limited',
      message: 'You have been rate limited. Please try again in a few minutes.',
      additional_data: { rate_limit_reason: 'public_api_request_rate_limit', retry_after: '40' },
    })
    emulator.control.advanceClock(40_000)
    expect(status(mine)).toBe(200)
  })

  it('count requests per workspace and searches apart', () => {
    const [mine, other] = [emulator.control.mintToken(AURORA_BOT), emulator.control.mintToken(AURORA_ANA)]
    const reason = (token: string, target = 'GET /v1/users/me') =>
      (raw(emulator, target, { token, body: {} }).body['additional_data'] as { rate_limit_reason?: string } | undefined)
        ?.rate_limit_reason
    emulator.control.setLimits({ enabled: true, workspaceLimit: 1 })
    expect([reason(mine), reason(other)]).toEqual([undefined, 'public_api_space_request_rate_limit'])
    emulator.control.setLimits({ workspaceLimit: null, searchLimit: 1 })
    expect([reason(mine, 'POST /v1/search'), reason(mine, 'POST /v1/search'), reason(mine)]).toEqual([
      undefined,
      'public_api_endpoint_rate_limit',
      undefined,
    ])
  })

  it('take the number of the plan when none is set', () => {
    emulator.control.setLimits({ enabled: true })
    const token = emulator.control.mintToken(AURORA_BOT)
    const statuses = Array.from({ length: 181 }, () => status(token))
    expect(statuses.filter((code) => code === 200)).toHaveLength(180)
    expect(statuses.at(-1)).toBe(429)
  })

  it('let search find new objects only after a while; what was shared itself at once', () => {
    emulator.control.configure({ indexDelayMs: 3000 })
    raw(emulator, 'POST /v1/pages', {
      body: { parent: { page_id: AURORA_HOME }, properties: { title: title('Zebra') } },
    })
    const find = () =>
      (raw(emulator, 'POST /v1/search', { body: { query: 'Zebra' } }).body['results'] as unknown[]).length
    expect(find()).toBe(0)
    emulator.control.advanceClock(3000)
    expect(find()).toBe(1)
  })

  it('show a copy of what is stored, so that nobody changes it by hand', () => {
    const copy = emulator.control.stateOf(AURORA_HOME)
    if (copy?.kind === 'page') copy.values = {}
    expect(emulator.control.stateOf(AURORA_HOME)).toMatchObject({ values: { title: [{ plain_text: 'Início' }] } })
    expect(emulator.control.stateOf('nothing')).toBeNull()
  })
})
