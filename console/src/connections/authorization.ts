import type { ProviderSummary } from '@chaveiro/sdk'

/** Where a person is sent to allow access, where the provider has that and the operator has set it up. */
export function authorizeUrlOf(provider: ProviderSummary): string | undefined {
  const method = provider.auth.find(({ kind }) => kind === 'oauth2')
  if (method?.kind !== 'oauth2' || !method.configured || !isOwn(method.authorize_url)) return undefined
  return method.authorize_url
}

/** The way leads over this server, which knows who asked; any other address is a mistake or a trap. */
function isOwn(url: string): boolean {
  if (/^\/(?![/\\])/.test(url)) return true
  return URL.canParse(url) && new URL(url).origin === globalThis.location?.origin
}
