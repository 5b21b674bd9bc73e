import { createRoute, z } from '@hono/zod-openapi'
import type { Audit } from '#audit/audit.ts'
import type { AppView, ProviderApps } from '#connections/authorization/apps.ts'
import { callbackUrl } from '#connections/authorization/client.ts'
import { unknownProvider } from '#connections/connection.ts'
import { answer, createAppRouter, jsonBody, jsonRoute, type AppRouter, type RequireScope } from '#kernel/http.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { serverCallbackUrl } from '#mcp/upstreams/register.ts'
import { oauthMethodOf, type OAuthMethod } from '#providers/contract.ts'
import type { Registry } from '#providers/registry.ts'
import { ownerOnly } from './owner-only.ts'

const TAG = 'Administration'
const NAME_CHARACTERS = 500
/** Ids and secrets in use have below 100; some servers hand out tokens of their own making. */
const CLIENT_CHARACTERS = 2_000
const PATH = '/api/admin/provider-apps/{provider}'

const localText = z.object({ en: z.string(), pt: z.string() })

const appSchema = z
  .object({
    provider: z.string(),
    configured: z.boolean(),
    source: z.enum(['settings', 'stored']).nullable(),
    client_id: z.string().nullable(),
    updated_at: z.string().nullable(),
    redirect_uri: z.string().openapi({ description: 'What the app must be registered with' }),
    app_url: z.string().nullable().openapi({ description: 'Where apps are registered' }),
    steps: z.array(localText),
  })
  .openapi('ProviderApp')

const request = {
  params: z.object({
    provider: z.string().max(NAME_CHARACTERS).openapi({
      description: 'Id of a provider, or the issuer of a remote server’s authorization server, percent-encoded',
    }),
  }),
}

/** What an HTTP header and a form can carry: printable ASCII without spaces. */
const clientText = z
  .string()
  .trim()
  .max(CLIENT_CHARACTERS)
  .regex(/^[\x21-\x7e]*$/, 'holds characters that no client id or secret has')

const LIST_PATH = '/api/admin/provider-apps'

const routes = {
  list: createRoute(
    jsonRoute({
      method: 'get',
      path: LIST_PATH,
      tag: TAG,
      summary: 'The apps of this server at providers',
      description: 'One for each provider that needs one, set or not, and those of remote servers that were set.',
      response: z.object({ apps: z.array(appSchema), next_cursor: z.null() }),
    }),
  ),
  read: createRoute({
    ...jsonRoute({
      method: 'get',
      path: PATH,
      tag: TAG,
      summary: 'The app of this server at a provider',
      description: 'Never its secret.',
      response: appSchema,
    }),
    request,
  }),
  set: createRoute({
    ...jsonRoute({
      method: 'put',
      path: PATH,
      tag: TAG,
      summary: 'Set the app of this server at a provider',
      description:
        'The secret is sealed and never shown again. An app of the settings wins and cannot be changed here.',
      response: appSchema,
    }),
    request: {
      ...request,
      body: jsonBody(z.strictObject({ client_id: clientText.min(1), client_secret: clientText.default('') })),
    },
  }),
  remove: createRoute({
    ...jsonRoute({
      method: 'delete',
      path: PATH,
      tag: TAG,
      summary: 'Delete the app of this server at a provider',
      description: 'Connections stay, but can no longer be renewed where their access ends.',
      response: appSchema,
    }),
    request,
  }),
}

export interface ProviderAppDeps {
  readonly apps: ProviderApps
  readonly registry: Registry
  readonly audit: Audit
  readonly publicUrl: string
  readonly requireScope: RequireScope
}

/** `/api/admin/provider-apps/{provider}`: for the owner, because whoever sets an app receives what users allow. */
export function providerAppRoutes(deps: ProviderAppDeps): AppRouter {
  const router = createAppRouter()
  for (const path of [LIST_PATH, `${LIST_PATH}/*`]) {
    router.use(path, deps.requireScope('admin'), ownerOnly(deps, 'look at and change the apps at providers'))
  }
  router.openapi(routes.list, async (c) =>
    answer(
      c,
      success({
        apps: await Promise.all((await namesOf(deps)).map((name) => appNamed(deps, name))),
        next_cursor: null,
      }),
    ),
  )
  router.openapi(routes.read, async (c) => {
    const name = c.req.valid('param').provider
    const known = methodOf(deps, name)
    return answer(c, known.ok ? shown(deps, known.value, success(await deps.apps.view(name))) : known)
  })
  router.openapi(routes.set, async (c) => {
    const name = c.req.valid('param').provider
    const known = methodOf(deps, name)
    if (!known.ok) return answer(c, known)
    const { client_id: clientId, client_secret: clientSecret } = c.req.valid('json')
    // Only a remote server's authorization server may have clients without a secret.
    if (known.value !== null && clientSecret === '') {
      return answer(c, failure('invalid_request', 'client_secret: is missing.', { path: 'client_secret' }))
    }
    const set = await deps.apps.set(c.get('principal'), { name, clientId, clientSecret }, c.get('requestId'))
    return answer(c, shown(deps, known.value, set))
  })
  router.openapi(routes.remove, async (c) => {
    const name = c.req.valid('param').provider
    const known = methodOf(deps, name)
    if (!known.ok) return answer(c, known)
    return answer(c, shown(deps, known.value, await deps.apps.remove(c.get('principal'), name, c.get('requestId'))))
  })
  return router
}

/** Providers that need an app, then what else is configured. */
async function namesOf({ apps, registry }: ProviderAppDeps): Promise<string[]> {
  const needing = registry.providers.filter((provider) => oauthMethodOf(provider) !== undefined).map(({ id }) => id)
  // A name of the settings may be of another program on the machine: only what is known here is shown.
  const others = [...(await apps.names())].filter((name) => URL.canParse(name)).toSorted()
  return [...needing, ...others]
}

async function appNamed(deps: ProviderAppDeps, name: string): Promise<z.infer<typeof appSchema>> {
  const provider = deps.registry.provider(name)
  const method = provider === undefined ? null : (oauthMethodOf(provider) ?? null)
  return shownApp(deps, method, await deps.apps.view(name))
}

/** How the provider of this name is connected by OAuth; null for an issuer. Fails for what is neither. */
function methodOf({ registry }: ProviderAppDeps, name: string): Outcome<OAuthMethod | null> {
  const provider = registry.provider(name)
  const method = provider === undefined ? undefined : oauthMethodOf(provider)
  if (method !== undefined) return success(method)
  const issuer = URL.parse(name)
  // Without TLS it is of use only where the operator lets remote servers be private.
  const isWeb = issuer?.protocol === 'https:' || issuer?.protocol === 'http:'
  const isIssuer = isWeb && issuer.search === '' && issuer.hash === ''
  return isIssuer ? success(null) : unknownProvider(name)
}

function shown(
  deps: ProviderAppDeps,
  method: OAuthMethod | null,
  view: Outcome<AppView>,
): Outcome<z.infer<typeof appSchema>> {
  return view.ok ? success(shownApp(deps, method, view.value)) : view
}

function shownApp(
  { publicUrl }: ProviderAppDeps,
  method: OAuthMethod | null,
  view: AppView,
): z.infer<typeof appSchema> {
  const redirectUri = method === null ? serverCallbackUrl(publicUrl) : callbackUrl(publicUrl, view.provider)
  const steps = (method?.appSteps ?? []).map(({ en, pt }) => ({ en, pt }))
  return { ...view, redirect_uri: redirectUri, app_url: method?.appUrl ?? null, steps }
}
