import type { AuthMethod, Provider } from '#providers/contract.ts'

/** What the console, the CLI and the docs show of each provider: all of it comes from its folder. */
export function providersView(providers: readonly Provider[]): Record<string, unknown>[] {
  return providers.map((provider) => ({
    id: provider.id,
    name: provider.name,
    description: provider.description,
    docs_url: provider.docsUrl,
    auth: provider.auth.map(methodView),
    permissions: provider.permissions,
    tools: provider.tools.map(({ name, title, annotations }) => ({ name, title, ...annotations })),
  }))
}

function methodView(method: AuthMethod): Record<string, unknown> {
  if (method.kind === 'oauth2') return { kind: method.kind, scopes: method.scopes }
  return {
    kind: method.kind,
    fields: method.fields.map(({ name, label, steps, pattern }) => ({
      name,
      label,
      steps,
      ...(pattern === undefined ? {} : { pattern: pattern.source }),
    })),
  }
}
