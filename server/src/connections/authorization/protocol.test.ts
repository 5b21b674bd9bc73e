import { describe, expect, it } from 'vitest'
import { EgressError } from '#kernel/egress-error.ts'
import type { BoundFetch } from '#providers/contract.ts'
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
} from './protocol.ts'

const NOW = new Date('2026-11-22T12:00:00.000Z')
const SECRET = 'the-secret_of.this-client'
const CLIENT: AuthorizationClient = {
  name: 'Example',
  authorizationEndpoint: 'https://login.example.com/authorize?tenant=1',
  tokenEndpoint: 'https://api.example.com/token',
  clientId: 'client-1_a',
  clientSecret: SECRET,
  clientAuth: 'client_secret_basic',
}
const STATE = newState()
const REDIRECT = 'https://keys.example.org/api/mcp/example/callback'
const TOKENS = { access_token: 'at-1', token_type: 'Bearer', refresh_token: 'rt-1', expires_in: 3600 }

interface Sent {
  readonly url: string
  readonly headers: Headers
  readonly body: string
}

/** A token endpoint that answers once, and what it was sent. */
function endpoint(answer: () => Response | Promise<Response>): { fetch: BoundFetch; sent: Sent[] } {
  const sent: Sent[] = []
  return {
    sent,
    fetch: async (input, init) => {
      const { url, body, headers } = { ...init, url: input, body: init?.body }
      if (typeof url !== 'string' || typeof body !== 'string') throw new TypeError('an address and a text are sent')
      sent.push({ url, headers: new Headers(headers), body })
      return answer()
    },
  }
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  endpoint(() => new Response(JSON.stringify(body), { status, headers }))

const refreshAt = ({ fetch }: { fetch: BoundFetch }, client: AuthorizationClient = CLIENT) =>
  refreshTokens(client, 'rt-0', { fetch, now: NOW })

function callbackOf(parameters: Record<string, string>, client = CLIENT) {
  return validateCallback(client, new URLSearchParams({ state: STATE, ...parameters }), STATE)
}

describe('the address that a user is sent to', () => {
  const request = { redirectUri: REDIRECT, state: STATE, scopes: ['read', 'write'] }

  it('has what the protocol asks for, and keeps what the endpoint has', async () => {
    const url = await authorizationUrl(CLIENT, { ...request, codeVerifier: newCodeVerifier() })
    const parameters = new URL(url.ok ? url.value : '').searchParams
    expect(Object.fromEntries(parameters)).toEqual({
      tenant: '1',
      response_type: 'code',
      client_id: 'client-1_a',
      redirect_uri: REDIRECT,
      state: STATE,
      scope: 'read write',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
  })

  it('lets no further parameter replace one of the protocol', async () => {
    const parameters = { owner: 'user', state: 'mine', redirect_uri: 'https://evil.example' }
    const url = await authorizationUrl({ ...CLIENT, resource: 'https://mcp.example.com' }, { ...request, parameters })
    const sent = new URL(url.ok ? url.value : '').searchParams
    expect(sent.get('owner')).toBe('user')
    expect(sent.getAll('state')).toEqual([STATE])
    expect(sent.getAll('redirect_uri')).toEqual([REDIRECT])
    expect(sent.get('resource')).toBe('https://mcp.example.com')
  })

  it.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'data:text/html,x',
    'https://login.example.com/authorize#fragment',
    'https://user:password@login.example.com/authorize',
    '$(reboot)',
    '-oProxyCommand=x',
    '',
  ])('is never %j', async (authorizationEndpoint) => {
    const url = await authorizationUrl({ ...CLIENT, authorizationEndpoint }, request)
    expect(url).toMatchObject({ ok: false, problem: { code: 'provider_unavailable' } })
  })
})

describe('what comes back', () => {
  it('is taken with a code and the state', () => {
    expect(callbackOf({ code: 'c' }).ok).toBe(true)
  })

  it.each([
    ['another state', new URLSearchParams({ code: 'c', state: newState() })],
    ['no state', new URLSearchParams({ code: 'c' })],
    ['no code, as where it was put in a fragment', new URLSearchParams({ state: STATE })],
    ['an empty code', new URLSearchParams({ code: '', state: STATE })],
    ['two codes', new URLSearchParams(`code=a&code=b&state=${STATE}`)],
    ['two states', new URLSearchParams(`code=a&state=${STATE}&state=${STATE}`)],
    ['a token', new URLSearchParams({ code: 'c', state: STATE, access_token: 't' })],
    ['an id token', new URLSearchParams({ code: 'c', state: STATE, id_token: 't' })],
    ['a signed answer', new URLSearchParams({ response: 'x.y.z', state: STATE })],
    ['a code longer than any', new URLSearchParams({ code: 'c'.repeat(9_000), state: STATE })],
    [
      'more parameters than any',
      new URLSearchParams(Object.fromEntries([...Array(30).keys()].map((n) => [`p${n}`, 'x']))),
    ],
  ])('is refused with %s', (_name, parameters) => {
    expect(validateCallback(CLIENT, parameters, STATE)).toEqual({ ok: false, fault: 'malformed' })
  })

  it.each([
    ['access_denied', 'denied'],
    ['server_error', 'refused_by_provider'],
    ['unauthorized_client', 'refused_by_provider'],
  ])('says %s as %s', (error, fault) => {
    expect(callbackOf({ error, error_description: 'x' })).toEqual({ ok: false, fault })
  })

  const issuer = 'https://login.example.com'
  it.each([
    ['the issuer that is known', { issuer }, issuer, true],
    ['another issuer', { issuer }, 'https://evil.example', false],
    ['an issuer that begins like it', { issuer }, `${issuer}.evil.example`, false],
    ['an issuer with a slash more', { issuer }, `${issuer}/`, false],
    ['none, where one must come', { issuer, requiresIssuer: true }, null, false],
    ['none, where it need not come', { issuer }, null, true],
    ['one from the same origin, where none is known', {}, `${issuer}/oauth`, true],
    ['one from elsewhere, where none is known', {}, 'https://evil.example', false],
    ['one that is no address, where none is known', {}, 'login.example.com', false],
  ])('with %s', (_name, more, iss, isTaken) => {
    const result = callbackOf({ code: 'c', ...(iss === null ? {} : { iss }) }, { ...CLIENT, ...more })
    expect(result).toEqual(isTaken ? expect.objectContaining({ ok: true }) : { ok: false, fault: 'wrong_issuer' })
  })

  it('is measured by its issuer before its error is believed', () => {
    const result = callbackOf({ error: 'access_denied', iss: 'https://evil.example' }, { ...CLIENT, issuer })
    expect(result).toEqual({ ok: false, fault: 'wrong_issuer' })
  })
})

describe('the exchange of a code', () => {
  async function exchange(server: { fetch: BoundFetch }, client: AuthorizationClient = CLIENT) {
    const callback = callbackOf({ code: 'the-code' })
    if (!callback.ok) throw new Error('a good callback')
    const grant = { callback: callback.value, redirectUri: REDIRECT, codeVerifier: 'v'.repeat(43) }
    return exchangeCode(client, grant, { fetch: server.fetch, now: NOW })
  }

  it('sends the form of the standard, and the secret where it belongs', async () => {
    const server = json(TOKENS)
    expect(await exchange(server)).toEqual({
      ok: true,
      value: { accessToken: 'at-1', refreshToken: 'rt-1', expiresAt: new Date('2026-11-22T13:00:00.000Z'), kept: {} },
    })
    const [sent] = server.sent
    expect(sent?.url).toBe(CLIENT.tokenEndpoint)
    expect(Object.fromEntries(new URLSearchParams(sent?.body))).toEqual({
      grant_type: 'authorization_code',
      code: 'the-code',
      redirect_uri: REDIRECT,
      code_verifier: 'v'.repeat(43),
    })
    const basic = Buffer.from(`client-1_a:${SECRET}`).toString('base64')
    expect(sent?.headers.get('authorization')).toBe(`Basic ${basic}`)
    expect(sent?.headers.get('content-type')).toContain('application/x-www-form-urlencoded')
  })

  it('encodes what would break the header apart', async () => {
    const server = json(TOKENS)
    await exchange(server, { ...CLIENT, clientId: 'a:b', clientSecret: 'c d' })
    expect(server.sent[0]?.headers.get('authorization')).toBe(`Basic ${Buffer.from('a%3Ab:c+d').toString('base64')}`)
  })

  it('puts the secret into the body, or has none', async () => {
    const posted = json(TOKENS)
    await exchange(posted, { ...CLIENT, clientAuth: 'client_secret_post' })
    expect(Object.fromEntries(new URLSearchParams(posted.sent[0]?.body))).toMatchObject({ client_secret: SECRET })
    const open = json(TOKENS)
    await exchange(open, { ...CLIENT, clientAuth: 'none', resource: 'https://mcp.example.com' })
    const body = Object.fromEntries(new URLSearchParams(open.sent[0]?.body))
    expect(body).toMatchObject({ client_id: 'client-1_a', resource: 'https://mcp.example.com' })
    expect(open.sent[0]?.headers.has('authorization') || 'client_secret' in body).toBe(false)
  })

  it('speaks as the provider does, and keeps what it wants kept', async () => {
    const server = json({ ok: true, team: { token: 'at-2' }, bot_id: 'b', workspace_id: 7 })
    const quirks: AuthorizationClient['quirks'] = {
      tokenRequestBody: 'json',
      keep: ['bot_id', 'workspace_id', 'absent'],
      normalizeAnswer: ({ status, body }) => {
        const { team, ...rest } = body as { team: { token: string } }
        return { status, body: { ...rest, access_token: team.token, token_type: 'bearer', refresh_token: null } }
      },
    }
    const tokens = await exchange(server, { ...CLIENT, quirks })
    expect(tokens).toEqual({ ok: true, value: { accessToken: 'at-2', kept: { bot_id: 'b', workspace_id: 7 } } })
    expect(JSON.parse(server.sent[0]?.body ?? '')).toMatchObject({ grant_type: 'authorization_code', code: 'the-code' })
    expect(server.sent[0]?.headers.get('content-type')).toBe('application/json')
    expect(tokens.ok && credentialOf(tokens.value)).toEqual({ access_token: 'at-2', bot_id: 'b', workspace_id: 7 })
  })
})

describe('a refresh', () => {
  it('sends the refresh token, and gives what is sealed', async () => {
    const server = json({ ...TOKENS, scope: 'read', id_token: 'not.checked.here' })
    const tokens = await refreshAt(server)
    const sent = Object.fromEntries(new URLSearchParams(server.sent[0]?.body))
    expect(sent).toEqual({ grant_type: 'refresh_token', refresh_token: 'rt-0' })
    expect(tokens.ok && credentialOf(tokens.value)).toEqual({
      access_token: 'at-1',
      refresh_token: 'rt-1',
      expires_at: '2026-11-22T13:00:00.000Z',
      scope: 'read',
    })
  })

  it.each([
    [undefined, undefined],
    [null, undefined],
    [0, undefined],
    ['3600', '2026-11-22T13:00:00.000Z'],
    [1e300, '2036-11-19T12:00:00.000Z'],
  ])('takes a lifetime of %j as one until %j', async (seconds, end) => {
    const tokens = await refreshAt(json({ ...TOKENS, expires_in: seconds }))
    expect(tokens.ok && tokens.value.expiresAt?.toISOString()).toBe(end)
  })

  it.each([
    ['the standard', 400, { error: 'invalid_grant', error_description: 'x' }],
    ['a status of success', 200, { error: 'invalid_grant' }],
  ])('tells a dead grant by %s', async (_name, status, body) => {
    const refused = await refreshAt(json(body, status))
    expect(refused).toMatchObject({ ok: false, problem: { code: 'credential_rejected' } })
    expect(!refused.ok && isTerminal(refused.problem)).toBe(true)
  })

  it.each([
    ['500', json({ error: 'invalid_grant' }, 500), 'provider_unavailable'],
    ['503 with a page', endpoint(() => new Response('<html>', { status: 503 })), 'provider_unavailable'],
    ['200 with a page', endpoint(() => new Response('<html>invalid_grant</html>')), 'provider_unavailable'],
    ['an empty body', endpoint(() => new Response('')), 'provider_unavailable'],
    ['no access token', json({ token_type: 'bearer' }), 'provider_unavailable'],
    ['an access token that is no text', json({ ...TOKENS, access_token: 7 }), 'provider_unavailable'],
    ['an access token with a line break', json({ ...TOKENS, access_token: 'a\nb' }), 'provider_unavailable'],
    ['an access token of 100 kB', json({ ...TOKENS, access_token: 'a'.repeat(50_000) }), 'provider_unavailable'],
    ['a negative lifetime', json({ ...TOKENS, expires_in: -1 }), 'provider_unavailable'],
    ['another type of token', json({ ...TOKENS, token_type: 'mac' }), 'provider_unavailable'],
    ['a list', json([TOKENS]), 'provider_unavailable'],
    ['a megabyte', endpoint(() => new Response('['.repeat(1_000_000))), 'provider_unavailable'],
    ['a redirect', endpoint(() => new Response('{}', { status: 302 })), 'provider_unavailable'],
    ['a member twice', endpoint(() => new Response('{"access_token":"a","access_token":"b"}')), 'provider_unavailable'],
    ['the wrong app', json({ error: 'invalid_client' }, 401), 'forbidden_by_provider'],
    ['an app that may not', json({ error: 'unauthorized_client' }, 400), 'forbidden_by_provider'],
    ['another error', json({ error: 'invalid_request' }, 400), 'provider_unavailable'],
    ['too many requests', json({ error: 'slow_down' }, 429, { 'retry-after': '7' }), 'rate_limited'],
    ['too many requests, said by a page', endpoint(() => new Response('<p>', { status: 429 })), 'rate_limited'],
    ['no answer', endpoint(() => Promise.reject(new EgressError('timeout', 'total', true))), 'provider_unavailable'],
    [
      'an address inside',
      endpoint(() => Promise.reject(new EgressError('egress_refused', 'private_address'))),
      'provider_unavailable',
    ],
  ])('says nothing of the grant after %s', async (_name, server, code) => {
    const refused = await refreshAt(server)
    expect(refused).toMatchObject({ ok: false, problem: { code } })
    expect(!refused.ok && isTerminal(refused.problem)).toBe(false)
    expect(server.sent).toHaveLength(1)
  })

  it('waits as long as it was told, within reason', async () => {
    const asked = async (seconds: string) => refreshAt(json({ error: 'x' }, 429, { 'retry-after': seconds }))
    expect(await asked('7')).toMatchObject({ problem: { retryAfterSeconds: 7 } })
    expect(await asked('999999')).toMatchObject({ problem: { retryAfterSeconds: 3600 } })
    expect(await asked('Wed, 21 Oct 2099 07:28:00 GMT')).toMatchObject({ problem: { retryAfterSeconds: 60 } })
  })

  it('repeats nothing of what the server says, in whatever form it comes', async () => {
    const said = 'rt-0 and the-secret'
    const bodies = [{ error: said }, { error: 'invalid_grant', error_description: said }, { access_token: 7, said }]
    for (const body of bodies) {
      for (const status of [200, 400, 500]) {
        expect(JSON.stringify(await refreshAt(json(body, status)))).not.toContain(said)
      }
    }
  })

  it('survives a provider’s own code that fails', async () => {
    const quirks: AuthorizationClient['quirks'] = {
      normalizeAnswer: () => {
        throw new TypeError('cannot read')
      },
    }
    expect(await refreshAt(json(TOKENS), { ...CLIENT, quirks })).toMatchObject({ ok: false })
  })

  it('ends when whoever asked has left', async () => {
    const { fetch } = endpoint(() => new Promise<Response>(() => {}))
    const signal = AbortSignal.abort(new Error('left'))
    await expect(refreshTokens(CLIENT, 'rt-0', { fetch, now: NOW, signal })).rejects.toThrow('left')
  })
})
