import * as oauth from 'oauth4webapi'
import { SHARED_TITLE, type McpStage, type StageUser } from '../support/mcp-stage.ts'
import { letIn } from '../support/person.ts'

/** A client made of a library that others wrote for OAuth: everything that it knows of the server is the URL of /mcp. */

const INSECURE = { [oauth.allowInsecureRequests]: true }
const REDIRECT = 'http://127.0.0.1:49152/callback'

export interface OauthClient {
  readonly tokens: () => oauth.TokenEndpointResponse
  /** One message of JSON-RPC to /mcp with the access token, or without one. */
  readonly send: (method: string, params: object, token?: string) => Promise<Response>
  readonly refresh: () => Promise<void>
  readonly revoke: () => Promise<void>
}

/** From a refused call over the metadata to a registration, the user's consent, and tokens for this server alone. */
export async function startOauthClient({ url }: McpStage, user: StageUser): Promise<OauthClient> {
  const server = await discover(url)
  const client = await register(server, `Client of ${user.name}`)
  let tokens = await authorize(server, client, { url, user })
  const none = oauth.None()
  return {
    tokens: () => tokens,
    send: (method, params, token = tokens.access_token) => send(url, token, { id: 1, method, params }),
    async refresh() {
      const answer = await oauth.refreshTokenGrantRequest(server, client, none, tokens.refresh_token ?? '', INSECURE)
      tokens = await oauth.processRefreshTokenResponse(server, client, answer)
    },
    async revoke() {
      const answer = await oauth.revocationRequest(server, client, none, tokens.refresh_token ?? '', INSECURE)
      await oauth.processRevocationResponse(answer)
    },
  }
}

/** RFC 9728 section 5.1: a refused call leads to the resource's metadata, that to the authorization server's. */
async function discover(url: string): Promise<oauth.AuthorizationServer> {
  const refused = await send(url, undefined, { id: 1, method: 'tools/list' })
  const challenge = refused.headers.get('www-authenticate') ?? ''
  const metadata = /resource_metadata="([^"]+)"/.exec(challenge)?.[1]
  if (refused.status !== 401 || metadata === undefined) throw new Error(`${refused.status}: ${challenge}`)
  const resource = await oauth.processResourceDiscoveryResponse(new URL(url), await fetch(metadata))
  const issuer = new URL(resource.authorization_servers?.[0] ?? '')
  const answer = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...INSECURE })
  return oauth.processDiscoveryResponse(issuer, answer)
}

async function register(server: oauth.AuthorizationServer, name: string): Promise<oauth.Client> {
  const metadata = { client_name: name, redirect_uris: [REDIRECT], token_endpoint_auth_method: 'none' }
  const answer = await oauth.dynamicClientRegistrationRequest(server, metadata, INSECURE)
  return oauth.processDynamicClientRegistrationResponse(answer)
}

async function authorize(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  { url, user }: { readonly url: string; readonly user: StageUser },
): Promise<oauth.TokenEndpointResponse> {
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const address = new URL(server.authorization_endpoint ?? '')
  address.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: REDIRECT,
    response_type: 'code',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    scope: 'tools:read tools:write',
    state,
    resource: url,
  }).toString()
  const callback = await letIn(address.href, user)
  const parameters = oauth.validateAuthResponse(server, client, callback, state)
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    REDIRECT,
    verifier,
    { ...INSECURE, additionalParameters: { resource: url } },
  )
  return oauth.processAuthorizationCodeResponse(server, client, answer)
}

function send(url: string, token: string | undefined, message: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
  })
}

/** A search for the page that both users have, as a message. */
export const SEARCH = { name: 'notion_search_pages', arguments: { query: SHARED_TITLE } }
