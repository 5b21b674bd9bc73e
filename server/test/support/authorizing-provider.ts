import { createProviderApps } from '../../src/connections/authorization/apps.ts'
import type { AuthorizationDeps } from '../../src/connections/authorization/authorization.ts'
import { failure, success } from '../../src/kernel/problem.ts'
import type { OAuthApp, OAuthMethod, Provider } from '../../src/providers/contract.ts'
import { exampleProvider } from './example-provider.ts'
import type { TestHouse } from './house.ts'

/** Providers that are connected by allowing access, and the server behind them, which does what a test tells it to. */

export const ISSUER = 'https://login.example.test'

export interface AuthorizingBackend {
  /** What the token endpoint answers; {@link tokensFor} by default. */
  token: (body: URLSearchParams) => Response | Promise<Response>
  /** The bodies of all requests to the token endpoint. */
  readonly asked: URLSearchParams[]
  /** Access token → account; every other is refused. */
  readonly accounts: Map<string, string>
}

export const tokensFor = (accessToken: string, more: object = {}): Response =>
  Response.json({ access_token: accessToken, token_type: 'bearer', expires_in: 3600, refresh_token: 'rt-1', ...more })

const method: OAuthMethod = {
  kind: 'oauth2',
  appUrl: 'https://example.test/apps',
  appSteps: [{ en: 'Register.', pt: 'Registre.' }],
  endpoints: (apiUrl) => ({ issuer: ISSUER, authorization: `${ISSUER}/authorize`, token: `${apiUrl}/token` }),
  scopes: { 'notes:read': { en: 'Read notes', pt: 'Ler notas' }, 'notes:write': { en: 'Write', pt: 'Escrever' } },
  clientAuthentication: 'client_secret_post',
  grantsUrl: 'https://example.test/grants',
}

function providerOf(id: string): Provider {
  return {
    ...exampleProvider,
    id,
    auth: [method],
    async identify({ credential, fetch, apiUrl, signal }) {
      const response = await fetch(`${apiUrl}/me`, {
        headers: { authorization: `Bearer ${String(credential['access_token'])}` },
        signal,
      })
      if (!response.ok) return failure('credential_rejected', 'Refused.')
      const account = await response.text()
      return success({ accountId: account, label: account, account: { id: account }, permissions: {} })
    },
  }
}

export interface AuthorizingHouse {
  readonly deps: AuthorizationDeps
  readonly backend: AuthorizingBackend
  /** The operator's apps; a test changes them. */
  readonly settings: Map<string, OAuthApp>
}

/** The house with two such providers, `first` and `second`. */
export function authorizingHouse({ deps }: TestHouse): AuthorizingHouse {
  const accounts = new Map<string, string>([['at-ana', 'account-a']])
  const backend: AuthorizingBackend = { token: () => tokensFor('at-ana'), asked: [], accounts }
  const providers = ['first', 'second'].map(providerOf)
  const app = { clientId: 'client-1', clientSecret: 'secret-1' }
  const settings = new Map<string, OAuthApp>(providers.map(({ id }) => [id, app]))
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    if (new URL(request.url).pathname === '/token') {
      const body = new URLSearchParams(await request.text())
      backend.asked.push(body)
      return backend.token(body)
    }
    const token = request.headers.get('authorization')?.replace('Bearer ', '') ?? ''
    const account = backend.accounts.get(token)
    return account === undefined ? new Response('no', { status: 401 }) : new Response(account)
  }
  return {
    backend,
    settings,
    deps: {
      ...deps,
      registry: { ...deps.registry, providers, provider: (id) => providers.find((each) => each.id === id) },
      edges: { of: () => ({ apiUrl: 'https://api.example.test', fetch }) },
      apps: createProviderApps({ ...deps, settings }),
      returnOrigins: new Set(['http://localhost:8001', 'https://app.example.org']),
    },
  }
}
