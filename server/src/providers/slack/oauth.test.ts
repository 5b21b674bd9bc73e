import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { OAuthAppAccess } from '#providers/contract.ts'
import { APP } from './test/oauth.ts'
import { ANA, Stage } from './test/stage.ts'
import { normalizeAnswer, oauth } from './oauth.ts'
import slack from './provider.ts'
import { USER_SCOPES } from './scopes.ts'

const API_URL = 'https://slack.com'
const REDIRECT = 'https://chaveiro.test/api/mcp/slack/callback'
const VERIFIER = 'v'.repeat(43)

/** The user's way to the page and back. */
async function allowed(stage: Stage, more: Record<string, string> = {}): Promise<URL> {
  const url = new URL(oauth.endpoints(API_URL).authorization)
  const own = {
    client_id: APP.clientId,
    redirect_uri: REDIRECT,
    state: 'state-1',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    user_scope: USER_SCOPES.join(','),
    ...more,
  }
  for (const [name, value] of Object.entries(own)) url.searchParams.set(name, value)
  const response = await stage.slack.answer(url)
  return new URL(response.headers.get('location') ?? '')
}

async function asked(stage: Stage, form: Record<string, string>, secret: string = APP.clientSecret) {
  const response = await stage.slack.answer(oauth.endpoints(API_URL).token, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${APP.clientId}:${secret}`).toString('base64')}` },
    body: new URLSearchParams(form),
  })
  const normal = normalizeAnswer({ status: response.status, body: await response.json() })
  return { status: normal.status, body: normal.body as Record<string, unknown> }
}

async function exchanged(stage: Stage, more: Record<string, string> = {}) {
  const code = (await allowed(stage, more)).searchParams.get('code') ?? ''
  return asked(stage, { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier: VERIFIER })
}

describe('a grant', () => {
  test('is of the user, for all that the tools need, as the standard has it', async () => {
    const stage = new Stage()
    const { status, body } = await exchanged(stage)
    expect(status).toBe(200)
    expect(body).toEqual({
      access_token: expect.stringMatching(/^xoxp-/) as string,
      token_type: 'bearer',
      scope: USER_SCOPES.join(' '),
    })
    const access = stage.access(ANA, { credential: body })
    expect(await slack.identify(access)).toMatchObject({ value: { accountId: 'T0ACME00:U0ANA0001' } })
  })

  test('drops the token of a bot that comes along', async () => {
    const { body } = await exchanged(new Stage(), { scope: 'chat:write' })
    expect(body['access_token']).toMatch(/^xoxp-/)
    expect(JSON.stringify(body)).not.toContain('xoxb-')
  })

  test('of a bot alone is none', async () => {
    const { status, body } = await exchanged(new Stage(), { scope: 'chat:write', user_scope: '' })
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: 'invalid_scope' })
    expect(body).not.toHaveProperty('access_token')
  })

  test('that the user denies leads back with a reason and no code', async () => {
    const stage = new Stage()
    stage.slack.consent = { ...stage.slack.consent, allows: false }
    const back = await allowed(stage)
    expect(Object.fromEntries(back.searchParams)).toEqual({ state: 'state-1', error: 'access_denied' })
  })

  test('rotates: each refresh token works once and brings the next', async () => {
    const stage = new Stage()
    stage.slack.authorization.rotates = true
    const first = (await exchanged(stage)).body
    expect(first).toMatchObject({ expires_in: 43_200, token_type: 'bearer' })
    expect(first['access_token']).toMatch(/^xoxe\.xoxp-/)
    const refresh = (token: unknown) => asked(stage, { grant_type: 'refresh_token', refresh_token: String(token) })
    const second = (await refresh(first['refresh_token'])).body
    expect(second).toMatchObject({ expires_in: 43_200, token_type: 'bearer', scope: USER_SCOPES.join(' ') })
    expect(second['access_token']).not.toBe(first['access_token'])
    expect(second['refresh_token']).not.toBe(first['refresh_token'])
    expect(await refresh(first['refresh_token'])).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await refresh(second['refresh_token'])).status).toBe(200)
  })

  test('that has run out asks to connect again', async () => {
    const stage = new Stage()
    stage.slack.authorization.rotates = true
    const { body } = await exchanged(stage)
    stage.slack.pass(43_201)
    const access = stage.access(ANA, { credential: body })
    const outcome = await stage.callWith(access, 'slack_list_channels', {})
    expect(outcome).toMatchObject({ problem: { code: 'reauthorize', reason: 'token_expired' } })
  })

  test('needs the right code, secret, verifier and address', async () => {
    const stage = new Stage()
    const code = (await allowed(stage)).searchParams.get('code') ?? ''
    const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier: VERIFIER }
    const refusals = [
      await asked(stage, form, 'wrong'),
      await asked(stage, { ...form, code: 'code.999' }),
      await asked(stage, { ...form, code_verifier: 'other' }),
      await asked(stage, { ...form, redirect_uri: 'https://evil.test/' }),
    ]
    expect(refusals.map(({ body }) => body['error'])).toEqual([
      'invalid_client',
      'invalid_grant',
      'invalid_grant',
      'invalid_request',
    ])
    expect((await asked(stage, form)).status).toBe(200)
    expect((await asked(stage, form)).body).toMatchObject({ error: 'invalid_grant' })
  })
})

describe('answers of the token endpoint', () => {
  test.each([
    ['invalid_code', 400, 'invalid_grant'],
    ['code_already_used', 400, 'invalid_grant'],
    ['invalid_refresh_token', 400, 'invalid_grant'],
    ['token_revoked', 400, 'invalid_grant'],
    ['account_inactive', 400, 'invalid_grant'],
    ['invalid_client_id', 401, 'invalid_client'],
    ['bad_client_secret', 401, 'invalid_client'],
    ['invalid_scope', 400, 'invalid_scope'],
    ['bad_redirect_uri', 400, 'invalid_request'],
    ['never_seen_before', 400, 'invalid_request'],
  ])('%s is %i %s', (error, status, code) => {
    expect(normalizeAnswer({ status: 200, body: { ok: false, error } })).toEqual({
      status,
      body: { error: code, error_description: `Slack: ${error}` },
    })
  })

  test.each([
    ['internal_error', 503],
    ['fatal_error', 503],
    ['service_unavailable', 503],
    ['request_timeout', 503],
    ['team_added_to_org', 503],
    ['ratelimited', 429],
  ])('%s ends no grant', (error, status) => {
    const answer = normalizeAnswer({ status: 200, body: { ok: false, error } })
    expect(answer).toMatchObject({ status, body: { error: 'temporarily_unavailable' } })
  })

  test.each(['<b>xoxp-1</b>', '', 'A B', 'x'.repeat(99), 7, null])('repeat nothing that is no code: %j', (error) => {
    expect(normalizeAnswer({ status: 200, body: { ok: false, error } })).toEqual({
      status: 400,
      body: { error: 'invalid_request' },
    })
  })

  test.each([
    { status: 500, body: { message: 'down' } },
    { status: 429, body: { error: 'slow_down' } },
    { status: 200, body: null },
    { status: 200, body: 'text' },
    { status: 200, body: [] },
    { status: 200, body: { access_token: 'x' } },
  ])('that are not of its form stay as they are: %j', (answer) => {
    expect(normalizeAnswer(answer)).toBe(answer)
  })

  test('of a refresh may nest the token too', () => {
    const nested = { access_token: 'xoxe.xoxp-1', refresh_token: 'xoxe-1', expires_in: 43_200, scope: 'a,b' }
    const own = { ok: true, access_token: 'xoxe.xoxb-1', token_type: 'bot', authed_user: nested }
    expect(normalizeAnswer({ status: 200, body: own }).body).toEqual({ ...nested, token_type: 'bearer', scope: 'a b' })
  })

  test('without a number or a text where one belongs leave it out', () => {
    const body = { ok: true, token_type: 'user', access_token: 't', refresh_token: null, expires_in: '9', scope: null }
    expect(normalizeAnswer({ status: 200, body }).body).toEqual({ access_token: 't', token_type: 'bearer' })
  })
})

describe('ending a grant', () => {
  function accessWith(stage: Stage, credential: Record<string, unknown>): OAuthAppAccess {
    const app = { clientId: APP.clientId, clientSecret: APP.clientSecret }
    return { ...stage.access(ANA, { credential }), app, extent: 'grant' }
  }

  test('makes the token useless', async () => {
    const stage = new Stage()
    const { body } = await exchanged(stage)
    expect(await oauth.revoke?.(accessWith(stage, body))).toEqual({ ok: true, value: null })
    const after = await slack.identify(stage.access(ANA, { credential: body }))
    expect(after).toMatchObject({ problem: { reason: 'token_revoked' } })
  })

  test('that somebody else lives on too ends nothing, since nothing says that tokens are apart', async () => {
    const stage = new Stage()
    for (const credential of [{ access_token: 'xoxp-1' }, { access_token: 'xoxe.xoxp-1', refresh_token: 'xoxe-1' }]) {
      const shared = { ...accessWith(stage, credential), extent: 'tokens' as const }
      expect(await oauth.revoke?.(shared)).toMatchObject({ ok: false, problem: { reason: 'the grant is shared' } })
    }
    expect(stage.slack.seen).toEqual([])
  })

  test('that rotates ends the refresh token too', async () => {
    const stage = new Stage()
    const { body } = await exchanged(stage)
    const rotating = accessWith(stage, { ...body, refresh_token: 'xoxe-1-next' })
    expect(await oauth.revoke?.(rotating)).toEqual({ ok: true, value: null })
    const revoked = stage.slack.seen.filter(({ method }) => method === 'auth.revoke').map(({ token }) => token)
    expect(revoked).toEqual([body['access_token'], 'xoxe-1-next'])
  })

  test('of which Slack does not say that it is ended is not', async () => {
    const stage = new Stage()
    stage.slack.fail('auth.revoke', { status: 200, body: '{"ok": true, "revoked": false}' })
    expect(await oauth.revoke?.(accessWith(stage, { access_token: 'xoxp-1' }))).toMatchObject({ ok: false })
  })

  test('that is over already is done', async () => {
    const stage = new Stage()
    const { body } = await exchanged(stage)
    stage.slack.revoke(String(body['access_token']))
    expect(await oauth.revoke?.(accessWith(stage, body))).toEqual({ ok: true, value: null })
  })

  test('whose token has run out ends the refresh token in its place', async () => {
    const stage = new Stage()
    stage.slack.fail('auth.revoke', { error: 'token_expired' })
    await oauth.revoke?.(accessWith(stage, { access_token: 'old', refresh_token: 'xoxe-1-next' }))
    expect(stage.slack.seen.map(({ method, token }) => [method, token])).toEqual([
      ['auth.revoke', 'old'],
      ['auth.revoke', 'xoxe-1-next'],
    ])
  })

  test.each(['broken' as const, { status: 500, body: '' }, { error: 'fatal_error' }])(
    'says so after %j',
    async (fault) => {
      const stage = new Stage()
      stage.slack.fail('auth.revoke', fault)
      const outcome = await oauth.revoke?.(accessWith(stage, { access_token: 'xoxp-1', refresh_token: 'xoxe-1' }))
      expect(outcome).toMatchObject({ ok: false, problem: { code: 'outcome_unknown' } })
      expect(stage.asked()).toHaveLength(1)
    },
  )
})

describe('addresses', () => {
  test('are those of Slack, or all of the operator', () => {
    expect(oauth.endpoints('https://slack.com')).toEqual({
      authorization: 'https://slack.com/oauth/v2/authorize',
      token: 'https://slack.com/api/oauth.v2.access',
    })
    for (const url of Object.values(oauth.endpoints('http://127.0.0.1:9')))
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:9\//)
  })

  test('no bot is asked for', () => {
    expect(oauth.scopeParameter).toEqual({ name: 'user_scope', separator: ',' })
    expect(oauth.authorizationParameters).toBeUndefined()
    expect(Object.keys(oauth.scopes)).toEqual(USER_SCOPES)
  })
})
