import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestUser, openTestDatabase, type TestDatabase } from '#test/support/database.ts'
import { Browser, startOauthApp, type OauthApp } from '#test/support/oauth.ts'

const INSECURE = { [oauth.allowInsecureRequests]: true }
const REDIRECT = 'http://127.0.0.1:49152/callback'

describe.each(['pglite', 'postgres'] as const)('the flow with a client by others (%s)', (engine) => {
  let database: TestDatabase
  let app: OauthApp
  let userId = 0
  beforeAll(async () => {
    database = await openTestDatabase(engine)
    userId = await createTestUser(database, 'ana@example.com')
    app = await startOauthApp(database, { userId })
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  it('registers, authorizes with PKCE, gets a token for /mcp, refreshes and revokes', async () => {
    const issuer = new URL(app.url)
    const server = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...INSECURE }),
    )
    const registration = await oauth.dynamicClientRegistrationRequest(
      server,
      { client_name: 'Somebody', redirect_uris: [REDIRECT] },
      INSECURE,
    )
    const client = await oauth.processDynamicClientRegistrationResponse(registration)
    const verifier = oauth.generateRandomCodeVerifier()
    const state = oauth.generateRandomState()
    const address = new URL(server.authorization_endpoint ?? '')
    address.search = new URLSearchParams({
      client_id: client.client_id,
      redirect_uri: REDIRECT,
      response_type: 'code',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      resource: `${app.url}/mcp`,
    }).toString()
    const { url } = await new Browser().open(address.href)
    expect(url.origin + url.pathname).toBe(REDIRECT)
    const parameters = oauth.validateAuthResponse(server, client, url, state)
    const none = oauth.None()
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      none,
      parameters,
      REDIRECT,
      verifier,
      INSECURE,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer)
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 600, scope: 'tools:read tools:write' })
    expect(await app.verifier.verify(tokens.access_token, '/mcp')).toMatchObject({
      ok: true,
      value: { userId, via: { kind: 'oauth_client' }, scopes: new Set(['tools:read', 'tools:write']) },
    })
    expect(await app.verifier.verify(tokens.access_token, '/api/tools')).toMatchObject({
      ok: false,
      problem: { code: 'invalid_token' },
    })
    const refreshed = await oauth.processRefreshTokenResponse(
      server,
      client,
      await oauth.refreshTokenGrantRequest(server, client, none, tokens.refresh_token ?? '', INSECURE),
    )
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token)
    expect(await app.verifier.verify(refreshed.access_token, '/mcp')).toMatchObject({ ok: true })
    const revocation = await oauth.revocationRequest(server, client, none, refreshed.access_token, INSECURE)
    await oauth.processRevocationResponse(revocation)
    expect(await app.verifier.verify(tokens.access_token, '/mcp')).toMatchObject({
      ok: false,
      problem: { code: 'revoked_token' },
      userId,
    })
  })
})
