import { CONNECT_ERROR, connectUrl, unknownConnection, unknownProvider } from '#connections/connection.ts'
import { loadConnections } from '#connections/list.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import { oauthMethodOf, type OAuthMethod, type Provider } from '#providers/contract.ts'
import type { AuthorizationDeps } from './authorization.ts'
import { callbackUrl, clientOf } from './client.ts'
import { authorizationUrl, newCodeVerifier, newState, type AuthorizationClient } from './protocol.ts'
import { readReturnTo } from './return-to.ts'
import { beginTransaction } from './transactions.ts'

export interface AuthorizeInput {
  readonly provider: string
  /** Where the user is led afterwards; the provider's own page here where absent. */
  readonly returnTo?: string
  /** The connection that is renewed. */
  readonly connectionId?: number
}

export interface AuthorizeView {
  /** For the user's own browser. It works once. */
  readonly authorize_url: string
  /** When the way back closes. */
  readonly expires_at: string
}

/** Begins the round trip to a provider where the user allows access. Nothing is sent to the provider from here. */
export async function authorize(
  deps: AuthorizationDeps,
  principal: Principal,
  input: AuthorizeInput,
): Promise<Outcome<AuthorizeView>> {
  const found = await clientFor(deps, input.provider)
  if (!found.ok) return found
  const { provider, method, client } = found.value
  const returnTo = readReturnTo(input.returnTo ?? connectUrl(deps.publicUrl, provider.id), deps)
  if (!returnTo.ok) return returnTo
  const own = await ownConnection(deps, principal.userId, { provider, connectionId: input.connectionId })
  if (!own.ok) return own
  const allowed = await deps.takeConnect(principal.userId)
  if (!allowed.ok) return allowed

  const state = newState()
  const codeVerifier = method.pkce === false ? undefined : newCodeVerifier()
  const redirectUri = callbackUrl(deps.publicUrl, provider.id)
  const url = await authorizationUrl(client, {
    redirectUri,
    state,
    ...(codeVerifier === undefined ? {} : { codeVerifier }),
    scopes: Object.keys(method.scopes),
    scopeParameter: method.scopeParameter,
    parameters: method.authorizationParameters,
  })
  if (!url.ok) return url
  const expiresAt = await beginTransaction(deps, principal, {
    provider: provider.id,
    state,
    contents: {
      state,
      redirect_uri: redirectUri,
      return_to: returnTo.value,
      ...fingerprintOf(client),
      ...(codeVerifier === undefined ? {} : { code_verifier: codeVerifier }),
      ...(input.connectionId === undefined ? {} : { connection_id: input.connectionId }),
    },
  })
  return success({ authorize_url: url.value, expires_at: expiresAt.toISOString() })
}

export interface FoundClient {
  readonly provider: Provider
  readonly method: OAuthMethod
  readonly client: AuthorizationClient
}

/** The operator's app at a provider that can be connected so, now. */
export async function clientFor(deps: AuthorizationDeps, id: string): Promise<Outcome<FoundClient>> {
  const provider = deps.registry.provider(id)
  if (provider === undefined) return unknownProvider(id)
  const method = oauthMethodOf(provider)
  if (method === undefined) {
    const detail = `${provider.name} is connected with a key: POST /api/mcp/${provider.id}/connect.`
    return failure('invalid_request', detail, { extra: { [CONNECT_ERROR]: 'not_configured' } })
  }
  const open = deps.blocks.check(provider.id)
  if (!open.ok) return open
  const app = await deps.apps.find(provider.id)
  if (!app.ok) return app
  if (app.value === null) {
    const detail = `This server has no app at ${provider.name} yet. Its operator registers one and sets its client id and secret.`
    return failure('conflict', detail, { extra: { [CONNECT_ERROR]: 'not_configured' } })
  }
  const { apiUrl } = deps.edges.of(provider)
  return success({ provider, method, client: clientOf(provider, method, { apiUrl, app: app.value }) })
}

/** Whom the user was sent to: the answer must be taken to the same, whatever has been configured meanwhile. */
export function fingerprintOf(client: AuthorizationClient): Record<string, string | null> {
  return { client_id: client.clientId, issuer: client.issuer ?? null, token_endpoint: client.tokenEndpoint }
}

async function ownConnection(
  deps: AuthorizationDeps,
  userId: number,
  { provider, connectionId }: { readonly provider: Provider; readonly connectionId: number | undefined },
): Promise<Outcome<null>> {
  if (connectionId === undefined) return success(null)
  const rows = await loadConnections(deps, userId)
  const isOwn = rows.some((row) => row.id === connectionId && row.provider === provider.id)
  return isOwn ? success(null) : unknownConnection()
}
