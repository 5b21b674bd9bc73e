import type { ProviderSummary } from '@chaveiro/sdk'

/** Where a person is sent to allow access, where the provider has that and the operator has set it up. */
export function authorizeUrlOf(provider: ProviderSummary): string | undefined {
  const methods: readonly object[] = provider.auth
  const holders: readonly object[] = [
    provider,
    ...methods.filter((method) => 'kind' in method && method.kind === 'oauth2'),
  ]
  for (const holder of holders) {
    const url = 'authorize_url' in holder ? holder.authorize_url : undefined
    if (typeof url === 'string' && isOwn(url)) return url
  }
  return undefined
}

/** The way leads over this server, which knows who asked; any other address is a mistake or a trap. */
function isOwn(url: string): boolean {
  if (/^\/(?![/\\])/.test(url)) return true
  return URL.canParse(url) && new URL(url).origin === globalThis.location?.origin
}
