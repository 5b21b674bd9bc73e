import { z } from 'zod'
import { oauthMethodOf, type OAuthApp, type Provider } from '#providers/contract.ts'

/** Settings whose names begin with a provider's: nobody here knows which of the names are providers. */

export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'an http or https address' })
  .transform((url) => url.replace(/\/+$/, ''))

const MODEL_PROVIDERS = new Set(['ANTHROPIC', 'OPENAI', 'GOOGLE'])

/** `<PROVIDER>_API_URL`, by provider. */
export function providerUrls(given: Record<string, string>): { urls: Map<string, string>; problems: string[] } {
  const urls = new Map<string, string>()
  const problems: string[] = []
  for (const [name, value] of Object.entries(given)) {
    const id = /^([A-Z][A-Z0-9]*)_API_URL$/.exec(name)?.[1]
    if (id === undefined || MODEL_PROVIDERS.has(id)) continue
    const url = httpUrl.safeParse(value)
    if (url.success) urls.set(id.toLowerCase(), url.data)
    else problems.push(`${name} must be an http or https address`)
  }
  return { urls, problems }
}

export interface AppSettings {
  readonly providerApps: Map<string, OAuthApp>
  readonly incompleteApps: Map<string, string>
}

/** `<PROVIDER>_CLIENT_ID` and `_SECRET`. Other programs on the machine have settings of this form too, and some have only one. */
export function providerAppsOf(given: Record<string, string>): AppSettings {
  const providerApps = new Map<string, OAuthApp>()
  const incompleteApps = new Map<string, string>()
  for (const name of Object.keys(given)) {
    const prefix = /^([A-Z][A-Z0-9]*)_CLIENT_(?:ID|SECRET)$/.exec(name)?.[1]
    if (prefix === undefined) continue
    const [idName, secretName] = [`${prefix}_CLIENT_ID`, `${prefix}_CLIENT_SECRET`]
    const [clientId, clientSecret] = [given[idName], given[secretName]]
    const provider = prefix.toLowerCase()
    if (clientId === undefined) incompleteApps.set(provider, idName)
    else if (clientSecret === undefined) incompleteApps.set(provider, secretName)
    else providerApps.set(provider, { clientId: clientId.trim(), clientSecret: clientSecret.trim() })
  }
  return { providerApps, incompleteApps }
}

/** Begins each of these problems; stable. */
const INCOMPLETE = 'provider_app_incomplete'

/** A sentence for each provider whose app is half set: connecting to it would fail with its users, and not here. */
export function appProblems(
  incompleteApps: ReadonlyMap<string, string>,
  providers: readonly Pick<Provider, 'auth' | 'id' | 'name'>[],
): string[] {
  const withApps = providers.filter((provider) => oauthMethodOf(provider) !== undefined)
  return withApps.flatMap(({ id, name }) => {
    const missing = incompleteApps.get(id)
    if (missing === undefined) return []
    const other = missing.endsWith('_ID') ? missing.replace(/_ID$/, '_SECRET') : missing.replace(/_SECRET$/, '_ID')
    return [`${INCOMPLETE}: ${missing} is not set, but ${other} is. Set both for the app at ${name}, or neither.`]
  })
}
