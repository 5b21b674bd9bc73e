import type { GrantMethod, ProviderSummary } from '@chaveiro/sdk'

/** Where a provider leads back to. */
export const RETURN_PATH = '/connections'

/** How a person allows access at a provider, where it has that and the operator has set it up. */
export function grantMethodOf(provider: ProviderSummary): GrantMethod | undefined {
  const method = provider.auth.find(({ kind }) => kind === 'oauth2')
  if (method?.kind !== 'oauth2' || !method.configured || !isOwn(method.authorize_url)) return undefined
  return method
}

/**
 * Where a person is sent to allow access.
 * @param again id of the connection that is to be made again: no other account is taken in its place
 */
export function authorizeUrlOf(provider: ProviderSummary, again?: number): string | undefined {
  const method = grantMethodOf(provider)
  if (method === undefined) return undefined
  const query = new URLSearchParams({ return_to: RETURN_PATH })
  if (again !== undefined) query.set('connection_id', String(again))
  return `${method.authorize_url}?${query.toString()}`
}

/** The way leads over this server, which knows who asked; any other address is a mistake or a trap. */
function isOwn(url: string): boolean {
  if (/^\/(?![/\\])/.test(url)) return true
  return URL.canParse(url) && new URL(url).origin === globalThis.location?.origin
}
