import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Clock } from '#kernel/clock.ts'
import { oauthMethodOf, type Credential, type OAuthApp, type Provider } from '#providers/contract.ts'
import type { Registry } from '#providers/registry.ts'
import { clientOf } from './authorization/client.ts'
import { credentialOf, refreshTokens, type AuthorizationClient, type TokenSet } from './authorization/protocol.ts'
import type { ConnectionRow } from './connection.ts'
import type { Edges } from './edges.ts'
import { refreshTokenOf, textOf, type RenewGrant } from './renewal.ts'

/** Asks for new tokens where the connection's came from: at its provider, or where the credential itself says. */

export interface GrantDeps {
  readonly registry: Registry
  readonly edges: Edges
  readonly clock: Clock
  /** The operator's app at a provider; null where there is none. */
  readonly findApp: (provider: string) => Promise<Outcome<OAuthApp | null>>
}

export function createRenewGrant(deps: GrantDeps): RenewGrant {
  return async (row, credential, signal) => {
    const tokens = await askForTokens(deps, row, credential, signal)
    if (tokens.ok) return { kind: 'renewed', tokens: credentialOf(tokens.value) }
    const { code, detail } = tokens.problem
    return { kind: code === 'credential_rejected' ? 'ended' : 'failed', reason: detail }
  }
}

async function askForTokens(
  deps: GrantDeps,
  row: ConnectionRow,
  credential: Credential,
  signal: AbortSignal,
): Promise<Outcome<TokenSet>> {
  const refreshToken = refreshTokenOf(credential) ?? ''
  const now = deps.clock.now()
  const provider = deps.registry.provider(row.provider)
  if (provider === undefined) return noClient(row.label)
  const own = ownClient(row.label, credential)
  const client = own === null ? await providerClient(deps, provider) : success(own)
  if (!client.ok) return client
  return refreshTokens(client.value, refreshToken, { fetch: deps.edges.of(provider).fetch, now, signal })
}

async function providerClient(deps: GrantDeps, provider: Provider): Promise<Outcome<AuthorizationClient>> {
  const method = oauthMethodOf(provider)
  const app = await deps.findApp(provider.id)
  if (!app.ok) return app
  if (method === undefined || app.value === null) return noClient(provider.name)
  const { apiUrl } = deps.edges.of(provider)
  return success(clientOf(provider, method, { apiUrl, app: app.value }))
}

function noClient(name: string): ReturnType<typeof failure> {
  return failure('unavailable', `The operator's app at ${name} is not set, so its access cannot be renewed.`)
}

/** Of a remote server, whose authorization server nobody knows beforehand: the sealed credential names it. */
export function ownClient(name: string, credential: Credential): AuthorizationClient | null {
  const tokenEndpoint = textOf(credential['token_endpoint'])
  const clientId = textOf(credential['client_id'])
  if (tokenEndpoint === null || clientId === null) return null
  const [issuer, clientSecret, resource] = ['issuer', 'client_secret', 'resource'].map((member) =>
    textOf(credential[member]),
  )
  return {
    name,
    tokenEndpoint,
    // Nobody is sent there any more.
    authorizationEndpoint: tokenEndpoint,
    clientId,
    clientAuth: clientAuthOf(credential['client_auth']),
    ...(typeof issuer === 'string' ? { issuer } : {}),
    ...(typeof clientSecret === 'string' ? { clientSecret } : {}),
    ...(typeof resource === 'string' ? { resource } : {}),
  }
}

function clientAuthOf(given: unknown): AuthorizationClient['clientAuth'] {
  return given === 'client_secret_basic' || given === 'client_secret_post' ? given : 'none'
}
