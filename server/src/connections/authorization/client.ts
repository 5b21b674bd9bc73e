import type { OAuthApp, OAuthMethod, Provider } from '#providers/contract.ts'
import type { AuthorizationClient } from './protocol.ts'

/** The operator's app at a provider, as a client of its authorization server. */
export function clientOf(
  provider: Pick<Provider, 'name'>,
  method: OAuthMethod,
  { apiUrl, app }: { readonly apiUrl: string; readonly app: OAuthApp },
): AuthorizationClient {
  const { issuer, authorization, token } = method.endpoints(apiUrl)
  return {
    name: provider.name,
    ...(issuer === undefined ? {} : { issuer, requiresIssuer: true }),
    authorizationEndpoint: authorization,
    tokenEndpoint: token,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    clientAuth: method.clientAuthentication,
    quirks: method,
  }
}

/** Where a provider sends the user back to. One for each, so that no answer passes for another provider's. */
export function callbackUrl(publicUrl: string, provider: string): string {
  return `${publicUrl}/api/mcp/${encodeURIComponent(provider)}/callback`
}
