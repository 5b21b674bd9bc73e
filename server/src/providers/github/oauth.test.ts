import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { OAuthAppAccess } from '#providers/contract.ts'
import { webAddress } from './addresses.ts'
import { normalizeAnswer, oauth } from './oauth.ts'
import { identify } from './identify.ts'
import { createLocalGitHub, type LocalGitHub } from './test/local-github.ts'
import { addUser, type User } from './test/state.ts'

/** The quirks of GitHub's token endpoint, and a whole round trip against the local GitHub in both kinds of app. */

describe('endpoints', () => {
  test.each([
    ['https://api.github.com', 'https://github.com'],
    ['https://git.example.com/api/v3', 'https://git.example.com'],
    ['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
  ])('of %s', (apiUrl, web) => {
    expect(webAddress(apiUrl)).toBe(web)
    expect(oauth.endpoints(apiUrl)).toEqual({
      authorization: `${web}/login/oauth/authorize`,
      token: `${web}/login/oauth/access_token`,
    })
  })
})

describe('answers of the token endpoint', () => {
  test.each([
    ['bad_refresh_token', 'invalid_grant'],
    ['bad_verification_code', 'invalid_grant'],
    ['incorrect_client_credentials', 'invalid_client'],
    ['redirect_uri_mismatch', 'invalid_request'],
    ['unsupported_grant_type', 'unsupported_grant_type'],
    ['something_new', 'something_new'],
  ])('%s with status 200 is the refusal %s', (error, standard) => {
    const answer = normalizeAnswer({ status: 200, body: { error, error_description: 'Because.' } })
    expect(answer).toEqual({ status: 400, body: { error: standard, error_description: 'Because.' } })
  })

  test('a refusal with a status of its own keeps it', () => {
    expect(normalizeAnswer({ status: 401, body: { error: 'bad_refresh_token' } }).status).toBe(401)
  })

  test.each([500, 502, 503])('a broken server (%d) is never a refusal of the grant', (status) => {
    for (const body of ['<html>', { message: 'Server Error' }, null, undefined, []]) {
      expect(normalizeAnswer({ status, body })).toEqual({ status, body })
    }
  })

  test('scopes have spaces between them', () => {
    const body = { access_token: 'gho_1', token_type: 'bearer', scope: 'repo,read:org' }
    expect(normalizeAnswer({ status: 200, body }).body).toEqual({ ...body, scope: 'repo read:org' })
  })

  test('tokens of a GitHub App have no scopes, and end', () => {
    const body = { access_token: 'ghu_1', token_type: 'bearer', scope: '', expires_in: 28800, refresh_token: 'ghr_1' }
    const { scope: _, ...rest } = body
    expect(normalizeAnswer({ status: 200, body }).body).toEqual(rest)
  })

  test('forms are read as well', () => {
    const body = 'access_token=ghu_1&expires_in=28800&refresh_token=ghr_1&scope=&token_type=bearer'
    expect(normalizeAnswer({ status: 200, body })).toEqual({
      status: 200,
      body: { access_token: 'ghu_1', expires_in: 28800, refresh_token: 'ghr_1', token_type: 'bearer' },
    })
    expect(normalizeAnswer({ status: 200, body: 'error=bad_refresh_token' })).toEqual({
      status: 400,
      body: { error: 'invalid_grant' },
    })
  })
})

async function tokenRequest(github: LocalGitHub, form: Record<string, string>) {
  const { clientId, clientSecret } = github.app
  const response = await github.fetch('https://github.com/login/oauth/access_token', {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...form }),
  })
  return normalizeAnswer({ status: response.status, body: await response.json() }) as {
    status: number
    body: Record<string, string>
  }
}

async function connect(github: LocalGitHub, user: User, verifier = 'v'.repeat(43)) {
  const address = new URL(oauth.endpoints('https://api.github.com').authorization)
  address.search = new URLSearchParams({
    client_id: github.app.clientId,
    redirect_uri: github.app.redirectUri,
    scope: Object.keys(oauth.scopes).join(' '),
    state: 's',
    code_challenge: createHash('sha256').update('v'.repeat(43)).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString()
  const back = github.authorizations.allow(address.href, user)
  return tokenRequest(github, {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
    redirect_uri: github.app.redirectUri,
    code_verifier: verifier,
  })
}

function revocation(
  github: LocalGitHub,
  credential: Record<string, unknown>,
  secret = github.app.clientSecret,
): OAuthAppAccess {
  const app = { clientId: github.app.clientId, clientSecret: secret }
  return { ...github.access(''), credential, app, extent: 'grant' }
}

describe('a round trip', () => {
  test('with an OAuth app gives a token that lasts and acts as the user', async () => {
    const github = createLocalGitHub()
    const ana = addUser(github.state, 'ana')
    const { body } = await connect(github, ana)
    expect(body).toEqual({ access_token: expect.stringMatching(/^gho_/), token_type: 'bearer', scope: 'repo read:org' })
    const who = await identify({ ...github.access(''), credential: body })
    expect(who).toMatchObject({ ok: true, value: { label: 'ana', permissions: { write_issues: true } } })
  })

  test('with a GitHub App gives tokens that are renewed, each refresh token once', async () => {
    const github = createLocalGitHub({ expiring: true })
    const { body: first } = await connect(github, addUser(github.state, 'ana'))
    expect(first).toMatchObject({ expires_in: 28_800, refresh_token: expect.stringMatching(/^ghr_/) })
    expect(first).not.toHaveProperty('scope')
    const renewed = await tokenRequest(github, {
      grant_type: 'refresh_token',
      refresh_token: first['refresh_token'] ?? '',
    })
    expect(renewed.status).toBe(200)
    expect(renewed.body['access_token']).not.toBe(first['access_token'])
    const again = await tokenRequest(github, {
      grant_type: 'refresh_token',
      refresh_token: first['refresh_token'] ?? '',
    })
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  test('fails with another verifier', async () => {
    const github = createLocalGitHub()
    const answer = await connect(github, addUser(github.state, 'ana'), 'w'.repeat(43))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })
})

describe('revoking', () => {
  test('ends every token of the grant', async () => {
    const github = createLocalGitHub()
    const { body } = await connect(github, addUser(github.state, 'ana'))
    const access = revocation(github, body)
    expect(await oauth.revoke?.(access)).toEqual({ ok: true, value: null })
    expect(await identify(access)).toMatchObject({ ok: false, problem: { code: 'credential_rejected' } })
    expect(await oauth.revoke?.(access)).toEqual({ ok: true, value: null })
  })

  test('of one connection leaves the others of the same account, where it is asked to', async () => {
    const github = createLocalGitHub()
    const ana = addUser(github.state, 'ana')
    const [one, other] = [await connect(github, ana), await connect(github, ana)]
    const works = async ({ body }: typeof one) => (await identify({ ...github.access(''), credential: body })).ok
    expect(await oauth.revoke?.({ ...revocation(github, one.body), extent: 'tokens' })).toMatchObject({ ok: true })
    expect([await works(one), await works(other)]).toEqual([false, true])
    const third = await connect(github, ana)
    expect(await oauth.revoke?.(revocation(github, other.body))).toMatchObject({ ok: true })
    expect(await works(third)).toBe(false)
  })

  test('of a token that ended by itself is not taken for done', async () => {
    const github = createLocalGitHub({ expiring: true })
    const { body } = await connect(github, addUser(github.state, 'ana'))
    await tokenRequest(github, { grant_type: 'refresh_token', refresh_token: body['refresh_token'] ?? '' })
    expect(await oauth.revoke?.(revocation(github, body))).toMatchObject({
      ok: false,
      problem: { detail: expect.stringContaining('https://github.com/settings/applications') },
    })
  })

  test('says what the user must do by hand where it fails', async () => {
    const github = createLocalGitHub()
    const { body } = await connect(github, addUser(github.state, 'ana'))
    expect(await oauth.revoke?.(revocation(github, body, 'wrong'))).toMatchObject({
      ok: false,
      problem: { detail: expect.stringContaining('client secret') },
    })
    github.fault(/^DELETE/, () => new TypeError('fetch failed'))
    expect(await oauth.revoke?.(revocation(github, body))).toMatchObject({ ok: false })
    expect(await oauth.revoke?.(revocation(github, {}))).toMatchObject({ ok: false })
    expect((await identify({ ...github.access(''), credential: body })).ok).toBe(true)
  })

  test('ends with the signal of the caller', async () => {
    const github = createLocalGitHub()
    const { body } = await connect(github, addUser(github.state, 'ana'))
    const controller = new AbortController()
    controller.abort(new Error('left'))
    const access = { ...revocation(github, body), signal: controller.signal }
    await expect(oauth.revoke?.(access)).rejects.toThrow('left')
  })
})
