import { describe, expect, test } from 'vitest'
import {
  authorizationUrl,
  credentialOf,
  exchangeCode,
  isTerminal,
  newCodeVerifier,
  newState,
  refreshTokens,
  validateCallback,
  type AuthorizationClient,
} from '#connections/authorization/protocol.ts'
import { oauth } from './oauth.ts'
import slack from './provider.ts'
import { USER_SCOPES } from './scopes.ts'
import { APP } from './test/oauth.ts'
import { ANA, Stage } from './test/stage.ts'

/** The whole way, with the protocol as the house speaks it. */

const { authorization, token } = oauth.endpoints('https://slack.com')
const client: AuthorizationClient = {
  name: 'Slack',
  authorizationEndpoint: authorization,
  tokenEndpoint: token,
  clientId: APP.clientId,
  clientSecret: APP.clientSecret,
  clientAuth: oauth.clientAuthentication,
  quirks: oauth,
}
const redirectUri = 'https://chaveiro.test/api/mcp/slack/callback'
const now = new Date('2026-01-15T12:00:00Z')

async function connected(stage: Stage) {
  const [codeVerifier, state] = [newCodeVerifier(), newState()]
  const { scopeParameter } = oauth
  if (scopeParameter === undefined) throw new Error('scopes would ask for a bot')
  const scopes = Object.keys(oauth.scopes)
  const url = await authorizationUrl(client, { redirectUri, state, codeVerifier, scopes, scopeParameter })
  if (!url.ok) throw new Error(url.problem.detail)
  const response = await stage.slack.answer(url.value)
  const back = new URL(response.headers.get('location') ?? '')
  const callback = validateCallback(client, back.searchParams, state)
  if (!callback.ok) return callback
  return exchangeCode(
    client,
    { callback: callback.value, redirectUri, codeVerifier },
    { fetch: stage.slack.answer, now },
  )
}

describe('connecting by OAuth', () => {
  test('gives a credential with which the tools work as the user', async () => {
    const stage = new Stage()
    const tokens = await connected(stage)
    if (!('value' in tokens)) throw new Error('nothing was granted')
    expect(tokens.value).toMatchObject({ scope: USER_SCOPES.join(' '), kept: {} })
    expect(tokens.value.expiresAt).toBeUndefined()
    const access = stage.access(ANA, { credential: credentialOf(tokens.value) })
    expect(await slack.identify(access)).toMatchObject({ value: { accountId: 'T0ACME00:U0ANA0001' } })
    expect(await stage.callWith(access, 'slack_list_channels', {})).toMatchObject({ ok: true })
  })

  test('asks for no bot', async () => {
    const stage = new Stage()
    await connected(stage)
    const issued = stage.slack.mint(ANA.team, ANA.user, [])
    // One token was issued before this one: the user's.
    expect(issued).toBe('xoxp-2-emulated')
  })

  test('renews what rotates, once for each refresh token', async () => {
    const stage = new Stage()
    stage.slack.authorization.rotates = true
    const tokens = await connected(stage)
    if (!('value' in tokens)) throw new Error('nothing was granted')
    const { refreshToken = '', expiresAt, accessToken } = tokens.value
    expect(expiresAt).toEqual(new Date('2026-01-16T00:00:00Z'))
    const options = { fetch: stage.slack.answer, now }
    const renewed = await refreshTokens(client, refreshToken, options)
    expect(renewed).toMatchObject({ ok: true, value: { refreshToken: expect.stringMatching(/^xoxe-1-/) as string } })
    expect(renewed.ok && renewed.value.accessToken).not.toBe(accessToken)
    const again = await refreshTokens(client, refreshToken, options)
    expect(again.ok ? null : isTerminal(again.problem)).toBe(true)
  })

  test.each([{ error: 'internal_error' }, { error: 'ratelimited' }, { status: 500, body: '' }, 'broken' as const])(
    'loses no grant to %j',
    async (fault) => {
      const stage = new Stage()
      stage.slack.authorization.rotates = true
      const tokens = await connected(stage)
      if (!('value' in tokens)) throw new Error('nothing was granted')
      stage.slack.fail('oauth.v2.access', fault)
      const options = { fetch: stage.slack.answer, now }
      const failed = await refreshTokens(client, tokens.value.refreshToken ?? '', options)
      expect(failed.ok ? null : isTerminal(failed.problem)).toBe(false)
      expect(await refreshTokens(client, tokens.value.refreshToken ?? '', options)).toMatchObject({ ok: true })
    },
  )

  test('that the user denies gives nothing', async () => {
    const stage = new Stage()
    stage.slack.consent = { ...stage.slack.consent, allows: false }
    expect(await connected(stage)).toEqual({ ok: false, fault: 'denied' })
  })
})
