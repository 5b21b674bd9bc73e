import { beforeEach, describe, expect, it } from 'vitest'
import type { Emulator, EmulatorOptions } from '../src/index.ts'
import {
  AURORA_ANA,
  AURORA_BOT,
  AURORA_CLIENTS,
  AURORA_HOME,
  AURORA_PEDRO,
  NOBODY,
  raw,
  testEmulator,
} from './support/emulator.ts'
import { ANA, CALLBACK, codeFor, credentialsOf, officialClient, post, tokensFor } from './support/oauth.ts'

/** Of Aurora, with nothing installed. */
const TOM = '2c4b17b2-3571-465d-9240-d1f32a1cbc23'
const BOREAL_ANA = 'fd5688ef-6ed5-47b3-bcb6-1510668df6a7'
const BOREAL_HOME = 'b85873b2-07ef-409e-b8f2-915a1006ea43'
const MEETINGS = 'fc1907e8-f57c-4869-aabc-3d2d14b114da'

let emulator: Emulator

function start(options: EmulatorOptions = {}): void {
  emulator = testEmulator('two-tenants', options)
}

beforeEach(() => start())

const me = (token: string): number => raw(emulator, 'GET /v1/users/me', { token }).status
const page = (token: string, id: string): number => raw(emulator, `GET /v1/pages/${id}`, { token }).status
const redeem = (code: string, more: object = { redirect_uri: CALLBACK }) =>
  post(emulator, 'token', { grant_type: 'authorization_code', code, ...more })
const refresh = (token: unknown) => post(emulator, 'token', { grant_type: 'refresh_token', refresh_token: token })

describe('the round trip with the official client', () => {
  it('goes from the page to tokens, new tokens, their description and their end', async () => {
    const notion = officialClient(emulator)
    const credentials = credentialsOf(emulator)
    const issued = await tokensFor(emulator, { roots: [AURORA_HOME] })
    expect(issued).toEqual({
      access_token: expect.stringMatching(/^ntn_[A-Za-z0-9]{46}$/) as string,
      token_type: 'bearer',
      refresh_token: expect.stringMatching(/^nrt_[A-Za-z0-9]{46}$/) as string,
      bot_id: AURORA_ANA,
      workspace_icon: '🌅',
      workspace_name: 'Estúdio Aurora',
      workspace_id: '995e1da0-dad0-4bf6-aa3a-dfbea098e740',
      owner: {
        type: 'user',
        user: {
          object: 'user',
          id: ANA,
          name: 'Ana Souza',
          avatar_url: null,
          type: 'person',
          person: { email: 'ana@aurora.example' },
        },
      },
      duplicated_template_id: null,
      request_id: expect.any(String) as string,
    })
    const bot = await officialClient(emulator, issued.access_token).users.me({})
    expect(bot).toMatchObject({ id: AURORA_ANA, type: 'bot', bot: { owner: { type: 'user', user: { id: ANA } } } })

    const next = await notion.oauth.token({
      ...credentials,
      grant_type: 'refresh_token',
      refresh_token: issued.refresh_token ?? '',
    })
    expect(next).toMatchObject({ bot_id: AURORA_ANA, token_type: 'bearer' })
    expect(new Set([issued, next].flatMap((answer) => [answer.access_token, answer.refresh_token])).size).toBe(4)

    const described = await notion.oauth.introspect({ ...credentials, token: next.access_token })
    expect(described).toMatchObject({ active: true, scope: expect.stringContaining('read_content') as string })
    expect(described.iat).toBe(Math.floor(Date.parse('2026-11-22T12:34:56Z') / 1000))
    const ended = await notion.oauth.revoke({ ...credentials, token: next.access_token })
    expect(Object.keys(ended)).toEqual(['request_id'])
    expect((await notion.oauth.introspect({ ...credentials, token: next.access_token })).active).toBe(false)
    await expect(officialClient(emulator, next.access_token).users.me({})).rejects.toMatchObject({
      status: 401,
      code: 'unauthorized',
    })
  })

  it('raises the error with its body, since its codes are not those of the API', async () => {
    const asked = officialClient(emulator).oauth.token({
      ...credentialsOf(emulator),
      grant_type: 'authorization_code',
      code: 'nothing',
      redirect_uri: CALLBACK,
    })
    await expect(asked).rejects.toMatchObject({
      name: 'UnknownHTTPResponseError',
      status: 400,
      body: expect.stringContaining('"error":"invalid_grant"') as string,
    })
  })
})

describe('a code', () => {
  it('works once', () => {
    const code = codeFor(emulator)
    expect(redeem(code).status).toBe(200)
    expect(redeem(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it('works for ten minutes', () => {
    const [early, late] = [codeFor(emulator), codeFor(emulator)]
    emulator.control.advanceClock(599_999)
    expect(redeem(early).status).toBe(200)
    emulator.control.advanceClock(1)
    expect(redeem(late)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it('works for the client that asked for it only', () => {
    const code = codeFor(emulator)
    const { clientId = '', clientSecret = '' } = emulator.control.createIntegration({
      name: 'Another',
      kind: 'public',
      redirectUris: [CALLBACK],
    })
    const another = { client_id: clientId, client_secret: clientSecret }
    const body = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK }
    expect(post(emulator, 'token', body, another)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(redeem(code).status).toBe(200)
  })

  it.each([
    ['missing where it was sent', CALLBACK, {}, 'invalid_request'],
    ['another than was sent', CALLBACK, { redirect_uri: `${CALLBACK}/` }, 'invalid_grant'],
    ['there where none was sent', null, { redirect_uri: CALLBACK }, 'invalid_request'],
  ])('is refused with a redirect_uri %s, and not lost by that', (_name, sent, given, error) => {
    const code = codeFor(emulator, { parameters: { redirect_uri: sent } })
    expect(redeem(code, given)).toMatchObject({ status: 400, body: { error } })
    expect(redeem(code, sent === null ? {} : { redirect_uri: sent }).status).toBe(200)
  })

  it('needs its redirect_uri where several are registered, whether it was sent or not', () => {
    const code = codeFor(emulator, { parameters: { redirect_uri: null } })
    const [integration] = emulator.control.integrations().filter(({ kind }) => kind === 'public')
    emulator.control.changeIntegration(integration?.id ?? '', { redirectUris: [CALLBACK, 'app://back'] })
    expect(redeem(code, {})).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(redeem(code).status).toBe(200)
  })
})

describe('a refresh token', () => {
  it('is used up: whoever brings it again gets invalid_grant, and the next one still works', async () => {
    const { refresh_token: first } = await tokensFor(emulator)
    const second = refresh(first).body['refresh_token']
    expect(refresh(first)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(refresh(second).status).toBe(200)
  })

  it('has one winner when many bring it at the same time', async () => {
    const { refresh_token: token } = await tokensFor(emulator)
    const ask = async () =>
      await officialClient(emulator).oauth.token({
        ...credentialsOf(emulator),
        grant_type: 'refresh_token',
        refresh_token: token ?? '',
      })
    const outcomes = await Promise.allSettled([ask(), ask(), ask(), ask()])
    const winners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    expect(winners).toHaveLength(1)
    expect(me(winners[0]?.access_token ?? '')).toBe(200)
  })

  it('leaves the access token before it alone', async () => {
    const { access_token: before, refresh_token: token } = await tokensFor(emulator)
    refresh(token)
    expect(me(before)).toBe(200)
  })

  it('is no bearer token, and an access token is no refresh token', async () => {
    const { access_token: access, refresh_token: token } = await tokensFor(emulator)
    expect(me(token ?? '')).toBe(401)
    expect(refresh(access)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it("is nothing to another client, and neither is an internal integration's token", async () => {
    const { refresh_token: token } = await tokensFor(emulator)
    const other = emulator.control.createIntegration({ name: 'Another', kind: 'public', redirectUris: [CALLBACK] })
    const another = { client_id: other.clientId ?? '', client_secret: other.clientSecret ?? '' }
    const body = { grant_type: 'refresh_token', refresh_token: token }
    expect(post(emulator, 'token', body, another)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(refresh(emulator.control.mintToken(AURORA_BOT)).status).toBe(400)
    expect(refresh(token).status).toBe(200)
  })
})

describe('an access token', () => {
  it('lives for ever unless a setting says how long; then only a refresh helps', async () => {
    const forever = await tokensFor(emulator)
    emulator.control.configure({ accessTtlMs: 5000 })
    const short = await tokensFor(emulator)
    emulator.control.advanceClock(4999)
    expect([me(forever.access_token), me(short.access_token)]).toEqual([200, 200])
    emulator.control.advanceClock(1)
    expect([me(forever.access_token), me(short.access_token)]).toEqual([200, 401])
    expect(post(emulator, 'introspect', { token: short.access_token }).body['active']).toBe(false)
    expect(me(String(refresh(short.refresh_token).body['access_token']))).toBe(200)
  })

  it('ends alone when it is revoked, unless a setting says that its whole authorization ends', async () => {
    const alone = await tokensFor(emulator)
    post(emulator, 'revoke', { token: alone.access_token })
    expect([me(alone.access_token), refresh(alone.refresh_token).status]).toEqual([401, 200])
    emulator.control.configure({ revocationEnds: 'authorization' })
    const [first, other] = [await tokensFor(emulator), await tokensFor(emulator)]
    const second = refresh(first.refresh_token).body
    post(emulator, 'revoke', { token: first.access_token })
    expect([me(first.access_token), me(String(second['access_token']))]).toEqual([401, 401])
    expect(refresh(second['refresh_token']).status).toBe(400)
    expect([me(other.access_token), refresh(other.refresh_token).status]).toEqual([200, 200])
  })

  it('ends by the control plane, for one token or for all of an install', async () => {
    const [first, second] = [await tokensFor(emulator), await tokensFor(emulator)]
    emulator.control.revokeToken(first.access_token)
    expect([me(first.access_token), me(second.access_token)]).toEqual([401, 200])
    const third = await tokensFor(emulator)
    expect(emulator.control.expireAccessTokens(AURORA_ANA, 1000)).toBe(2)
    expect([me(second.access_token), me(third.access_token)]).toEqual([200, 200])
    emulator.control.advanceClock(1000)
    expect([me(second.access_token), me(third.access_token)]).toEqual([401, 401])
    expect(refresh(third.refresh_token).status).toBe(200)
    expect(() => emulator.control.expireAccessTokens(NOBODY, 0)).toThrow(RangeError)
  })

  it('shows nothing of another workspace, whoever asks', async () => {
    const mine = await tokensFor(emulator, { roots: [AURORA_HOME] })
    const theirs = await tokensFor(emulator, { person: BOREAL_ANA, roots: [BOREAL_HOME] })
    expect(theirs).toMatchObject({ workspace_name: 'Boreal Advocacia', owner: { user: { id: BOREAL_ANA } } })
    const all = (token: string): string =>
      raw(emulator, 'POST /v1/search', { token, body: {} }).text + raw(emulator, 'GET /v1/users', { token }).text
    expect([page(mine.access_token, BOREAL_HOME), page(theirs.access_token, AURORA_HOME)]).toEqual([404, 404])
    expect(all(mine.access_token)).toContain(AURORA_HOME)
    expect(all(mine.access_token)).not.toMatch(/boreal/i)
    expect(all(theirs.access_token)).toContain(BOREAL_HOME)
    expect(all(theirs.access_token)).not.toMatch(/aurora/i)
    const foreign = raw(emulator, `GET /v1/pages/${BOREAL_HOME}`, { token: mine.access_token })
    const missing = raw(emulator, `GET /v1/pages/${NOBODY}`, { token: mine.access_token })
    const without = (text: string, id: string): string => text.replaceAll(id, '').replace(/"request_id":"[^"]*"/, '')
    expect(without(foreign.text, BOREAL_HOME)).toBe(without(missing.text, NOBODY))
  })
})

describe('authorizing', () => {
  it('again gives fresh tokens of the same bot, and what it sees is replaced for the older ones, too', async () => {
    const first = await tokensFor(emulator, { roots: [AURORA_CLIENTS] })
    expect([page(first.access_token, AURORA_CLIENTS), page(first.access_token, MEETINGS)]).toEqual([200, 404])
    const second = await tokensFor(emulator, { roots: [MEETINGS] })
    expect(second.bot_id).toBe(first.bot_id)
    expect(second.access_token).not.toBe(first.access_token)
    for (const { access_token: token } of [first, second]) {
      expect([page(token, AURORA_CLIENTS), page(token, MEETINGS)]).toEqual([404, 200])
    }
  })

  it('for the first time makes a bot of its own, which shares nothing with the bots of others', async () => {
    const tom = await tokensFor(emulator, { person: TOM, roots: [MEETINGS] })
    expect([AURORA_ANA, AURORA_PEDRO, AURORA_BOT]).not.toContain(tom.bot_id)
    expect(raw(emulator, 'GET /v1/users/me', { token: tom.access_token }).body).toMatchObject({
      id: tom.bot_id,
      name: 'Agent platform',
      bot: { workspace_name: 'Estúdio Aurora', owner: { user: { id: TOM } } },
    })
    expect(emulator.control.installs()).toHaveLength(9)
    expect((await tokensFor(emulator, { person: TOM })).bot_id).toBe(tom.bot_id)
  })

  it('takes what the integration may do from then on, not from before', async () => {
    const { access_token: token } = await tokensFor(emulator, { roots: [AURORA_HOME] })
    const [integration] = emulator.control.integrations().filter(({ kind }) => kind === 'public')
    emulator.control.changeIntegration(integration?.id ?? '', { capabilities: ['update_content', 'user_none'] })
    const search = (bearer: string): number => raw(emulator, 'POST /v1/search', { token: bearer, body: {} }).status
    expect(search(token)).toBe(200)
    const after = await tokensFor(emulator, { roots: [AURORA_HOME] })
    expect(search(after.access_token)).toBe(403)
    expect(after.owner).toEqual({ type: 'user', user: { object: 'user', id: ANA } })
  })

  it('does not bring back the tokens of an install that was removed', async () => {
    const old = await tokensFor(emulator, { roots: [AURORA_HOME] })
    emulator.control.uninstall(old.bot_id)
    expect([me(old.access_token), refresh(old.refresh_token).status]).toEqual([401, 400])
    expect(post(emulator, 'introspect', { token: old.access_token }).body['active']).toBe(false)
    const fresh = await tokensFor(emulator, { roots: [AURORA_HOME] })
    expect(fresh.bot_id).toBe(old.bot_id)
    expect([me(old.access_token), me(fresh.access_token)]).toEqual([401, 200])
  })
})

describe('the OAuth addresses refuse', () => {
  const grant = { grant_type: 'authorization_code', code: 'x', redirect_uri: CALLBACK }
  const unknown = { client_id: NOBODY, client_secret: 'secret_x' }

  it.each(['token', 'introspect', 'revoke'] as const)('%s without the right credentials', (path) => {
    const { client_id } = credentialsOf(emulator)
    const answers = [null, unknown, { client_id, client_secret: '' }, { client_id, client_secret: 'secret_x' }].map(
      (credentials) => post(emulator, path, { ...grant, token: 'x' }, credentials),
    )
    for (const { status, body } of answers) {
      expect({ status, body: { ...body, request_id: '' } }).toEqual({
        status: 401,
        body: {
          object: 'error',
          status: 401,
          code: 'invalid_client',
          message: 'Client authentication failed.',
          error: 'invalid_client',
          error_description: 'Client authentication failed.',
          request_id: '',
        },
      })
    }
  })

  it.each([
    ['no grant_type', {}, 'invalid_request'],
    ['a grant that there is not', { grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    ['no code', { grant_type: 'authorization_code' }, 'invalid_request'],
    ['a code that is no text', { grant_type: 'authorization_code', code: 1 }, 'invalid_request'],
    ['an unknown code', grant, 'invalid_grant'],
    ['half an external account', { ...grant, external_account: { key: 'k' } }, 'invalid_request'],
    ['no refresh token', { grant_type: 'refresh_token' }, 'invalid_request'],
    ['an unknown refresh token', { grant_type: 'refresh_token', refresh_token: 'nrt_x' }, 'invalid_grant'],
    ['a form', 'grant_type=authorization_code&code=x', 'invalid_request'],
    ['a list', [], 'invalid_request'],
    ['nothing', '', 'invalid_request'],
  ])('%s', (_name, body, error) => {
    expect(post(emulator, 'token', body)).toMatchObject({ status: 400, body: { error, code: error } })
  })

  it('to describe or end what is not there, or not theirs, without telling which', async () => {
    const { access_token: token } = await tokensFor(emulator)
    const other = emulator.control.createIntegration({ name: 'Another', kind: 'public', redirectUris: [CALLBACK] })
    const another = { client_id: other.clientId ?? '', client_secret: other.clientSecret ?? '' }
    for (const given of [token, 'ntn_nothing', emulator.control.mintToken(AURORA_BOT)]) {
      const { status, body } = post(emulator, 'introspect', { token: given }, another)
      expect([status, Object.keys(body), body['active']]).toEqual([200, ['active', 'request_id'], false])
      const ended = post(emulator, 'revoke', { token: given }, another)
      expect([ended.status, Object.keys(ended.body)]).toEqual([200, ['request_id']])
    }
    expect(me(token)).toBe(200)
    expect(post(emulator, 'introspect', {}).status).toBe(400)
    expect(post(emulator, 'revoke', { token: '' }).status).toBe(400)
  })

  it.each([
    ['both', ['object', 'status', 'code', 'message', 'error', 'error_description', 'request_id']],
    ['notion', ['object', 'status', 'code', 'message', 'request_id']],
    ['oauth', ['error', 'error_description', 'request_id']],
  ] as const)('with the keys that the setting "%s" says', (shape, keys) => {
    emulator.control.configure({ oauthErrorBody: shape })
    expect(Object.keys(post(emulator, 'token', {}).body)).toEqual(keys)
  })

  it('what is no OAuth address as any other unknown address', () => {
    expect(raw(emulator, 'GET /v1/oauth/token').body['code']).toBe('invalid_request_url')
    expect(raw(emulator, 'POST /v1/oauth/constructor').body['code']).toBe('invalid_request_url')
  })

  it('nothing that faults do not let through', () => {
    emulator.control.injectFault({ match: { pathIncludes: '/oauth/token' }, fault: { type: 'internal_server_error' } })
    expect(post(emulator, 'token', {}).status).toBe(500)
  })
})

it('keeps neither codes nor tokens nor secrets in the log', async () => {
  const { access_token: access, refresh_token: token } = await tokensFor(emulator)
  refresh(token)
  const log = JSON.stringify(emulator.control.requests())
  for (const secret of [access, token ?? '', credentialsOf(emulator).client_secret]) expect(log).not.toContain(secret)
  expect(log).toContain('/v1/oauth/token')
})
