import { createRoute, z } from '@hono/zod-openapi'
import { connectUrl, unknownProvider } from '#connections/connection.ts'
import { returnedTrip } from '#connections/sessions/trip.ts'
import { answer, createAppRouter, jsonRoute, LARGEST_ID, sendProblem } from '#kernel/http.ts'
import type { AppContext, AppRouter, RequireScope } from '#kernel/http.ts'
import type { Principal } from '#kernel/principal.ts'
import { PROBLEMS, type Outcome } from '#kernel/problem.ts'
import { ERROR_PARAMETER, type AuthorizationDeps } from './authorization.ts'
import { authorize } from './authorize.ts'
import { errorOf } from './endings.ts'
import { finish } from './finish.ts'
import { withResult } from './return-to.ts'

const PROVIDER_CHARACTERS = 50
const RETURN_TO_CHARACTERS = 2_000

const authorizeRoute = createRoute({
  ...jsonRoute({
    method: 'get',
    path: '/api/mcp/{provider}/authorize',
    tag: 'Connections',
    summary: 'Connect by allowing access at the provider',
    description:
      'Leads a browser to the provider, which leads it back. With `Accept: application/json` the address is the answer; open it in a browser where the same user is signed in. It works once, for ten minutes. Afterwards `return_to` is opened with `connected` (the id of the connection) or `connect_error` (why nothing was connected). `connection_id` renews a connection: another account is not taken in its place.',
    response: z.object({ authorize_url: z.string(), expires_at: z.string() }),
  }),
  request: {
    params: z.object({ provider: z.string().max(PROVIDER_CHARACTERS).openapi({ example: 'a provider’s id' }) }),
    query: z.strictObject({
      return_to: z.string().min(1).max(RETURN_TO_CHARACTERS).optional(),
      connection_id: z.coerce.number().int().positive().max(LARGEST_ID).optional(),
    }),
  },
})

export interface AuthorizationRouteDeps extends AuthorizationDeps {
  readonly requireScope: RequireScope
  readonly resolve: (c: AppContext) => Promise<Outcome<Principal>>
  readonly stillValid: (principal: Principal) => Promise<boolean>
}

/** `/api/mcp/{provider}/authorize`, and where providers lead back to, which is no part of the described API. */
export function authorizationRoutes(deps: AuthorizationRouteDeps): AppRouter {
  const router = createAppRouter()
  const write = deps.requireScope('connections:write')
  router.get('/api/mcp/:provider/authorize', async (c, next) => {
    const refused = await write(c, next)
    // A person who followed a link is asked to sign in, on the page where the link is.
    const isPerson = refused instanceof Response && refused.status === PROBLEMS.missing_token.status && isBrowser(c)
    return isPerson ? c.redirect(connectUrl(deps.publicUrl, encodeURIComponent(c.req.param('provider')))) : refused
  })
  router.openapi(authorizeRoute, async (c) => {
    const { provider } = c.req.valid('param')
    const { return_to: returnTo, connection_id: connectionId } = c.req.valid('query')
    const begun = await authorize(deps, c.get('principal'), {
      provider,
      ...(returnTo === undefined ? {} : { returnTo }),
      ...(connectionId === undefined ? {} : { connectionId }),
    })
    if (!wantsPage(c)) return answer(c, begun)
    return c.redirect(begun.ok ? begun.value.authorize_url : failedAt(deps, provider, errorOf(begun.problem))) as never
  })
  router.get('/api/mcp/:provider/callback', async (c) => {
    const provider = c.req.param('provider')
    if (deps.registry.provider(provider) === undefined) return sendProblem(c, unknownProvider(provider).problem)
    const parameters = new URL(c.req.url).searchParams
    const callback = { provider, parameters, requestId: c.get('requestId') }
    const trip = await returnedTrip(deps, c, provider)
    if (trip !== null) {
      return c.redirect(await trip.end((principal, alongside) => finish(deps, principal, { ...callback, alongside })))
    }
    const principal = await deps.resolve(c)
    return c.redirect(await finish(deps, principal.ok ? principal.value : null, callback))
  })
  return router
}

function failedAt({ publicUrl }: AuthorizationDeps, provider: string, error: string): string {
  return withResult(connectUrl(publicUrl, encodeURIComponent(provider)), { [ERROR_PARAMETER]: error })
}

/** A program that wants JSON says so, and one that says nothing follows the link. */
function wantsPage(c: AppContext): boolean {
  return isBrowser(c) || c.req.header('accept')?.includes('application/json') !== true
}

/** Browsers name the form of a page. */
function isBrowser(c: AppContext): boolean {
  return c.req.header('accept')?.includes('text/html') === true
}
