import type { ApiKeyMethod, OAuthMethod, Provider } from '#providers/contract.ts'

export interface ProvidersShown {
  readonly publicUrl: string
  /** Names of the operator's apps. */
  readonly apps: ReadonlySet<string>
}

/** What the console, the CLI and the docs show of each provider: all of it comes from its folder. */
export function providersView(
  providers: readonly Provider[],
  { publicUrl, apps }: ProvidersShown,
): Record<string, unknown>[] {
  return providers.map((provider) => ({
    id: provider.id,
    name: provider.name,
    description: provider.description,
    docs_url: provider.docsUrl,
    auth: provider.auth.map((method) =>
      method.kind === 'oauth2'
        ? grantView(method, { configured: apps.has(provider.id), authorizeUrl: authorizeUrl(publicUrl, provider.id) })
        : keyView(method),
    ),
    permissions: provider.permissions,
    tools: provider.tools.map(({ name, title, annotations }) => ({ name, title, ...annotations })),
  }))
}

/** Where a person begins to connect by allowing access at the provider. */
function authorizeUrl(publicUrl: string, provider: string): string {
  return `${publicUrl}/api/mcp/${provider}/authorize`
}

/** Without the operator's app it cannot be used yet. */
function grantView(
  { kind, scopes, grantsUrl }: OAuthMethod,
  { configured, authorizeUrl: url }: { readonly configured: boolean; readonly authorizeUrl: string },
): Record<string, unknown> {
  return { kind, scopes, configured, authorize_url: url, grants_url: grantsUrl }
}

function keyView(method: ApiKeyMethod): Record<string, unknown> {
  return {
    kind: method.kind,
    keys_url: method.keysUrl,
    fields: method.fields.map(({ name, label, steps, pattern }) => ({
      name,
      label,
      steps,
      ...(pattern === undefined ? {} : { pattern: pattern.source }),
    })),
  }
}
