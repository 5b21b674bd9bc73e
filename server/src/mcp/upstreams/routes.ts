import { createRoute, z } from '@hono/zod-openapi'
import { unknownConnection } from '#connections/connection.ts'
import { disconnect } from '#connections/disconnect.ts'
import { returnedTrip } from '#connections/sessions/trip.ts'
import { status } from '#connections/status.ts'
import { answer, createAppRouter, jsonBody, jsonRoute, sendProblem } from '#kernel/http.ts'
import type { AppContext, AppRouter, RequireScope } from '#kernel/http.ts'
import type { Outcome } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { ServerDeps } from './authorize-server.ts'
import { connectServer, ownServer, renewServer } from './connect-server.ts'
import { finishServer } from './finish-server.ts'
import { serverViews } from './list-servers.ts'
import { PRESETS, presetSchema } from './presets.ts'
import { UPSTREAM } from './provider-id.ts'
import { clientDocumentUrl, clientMetadata, ISSUER_DIGEST, serverCallbackUrl } from './register.ts'
import { authorizeSchema, connectServerSchema, renewServerSchema, serverParameters, serverSchema } from './schema.ts'

const TAG = 'Remote servers'
const HTTP_ACCEPTED = 202

const connectRoute = jsonRoute({
  method: 'post',
  path: '/api/mcp/servers',
  tag: TAG,
  summary: 'Connect a remote MCP server by its address',
  description:
    'Answers the connection where the server lets us in, with `token` or without. Where the user has to sign in there, the answer is 202 with `authorize_url`, for a browser in which the same user is signed in here: it works once, for ten minutes, and then opens `return_to` with `connected` or `connect_error`. The same address again renews its connection.',
  response: serverSchema,
})

const routes = {
  list: createRoute(
    jsonRoute({
      method: 'get',
      path: '/api/mcp/servers',
      tag: TAG,
      summary: 'My remote servers',
      response: z.object({ servers: z.array(serverSchema), next_cursor: z.null() }),
    }),
  ),
  presets: createRoute(
    jsonRoute({
      method: 'get',
      path: '/api/mcp/servers/presets',
      tag: TAG,
      summary: 'Well-known remote servers',
      response: z.object({ presets: z.array(presetSchema) }),
    }),
  ),
  connect: createRoute({
    ...connectRoute,
    responses: {
      ...connectRoute.responses,
      [HTTP_ACCEPTED]: {
        description: 'The user has to sign in there first',
        content: { 'application/json': { schema: authorizeSchema } },
      },
    },
    request: { body: jsonBody(connectServerSchema) },
  }),
  renew: createRoute({
    ...jsonRoute({
      method: 'get',
      path: '/api/mcp/servers/{id}/authorize',
      tag: TAG,
      summary: 'Sign in again to a remote server',
      description:
        'Leads a browser to where the user signs in; with `Accept: application/json` the address is the answer. `scope` adds what the server asked for; what was allowed before is asked for again.',
      response: authorizeSchema,
    }),
    request: { params: serverParameters, query: renewServerSchema },
  }),
  test: createRoute({
    ...jsonRoute({
      method: 'post',
      path: '/api/mcp/servers/{id}/test',
      tag: TAG,
      summary: 'Ask a remote server now whether it lets me in',
      response: serverSchema.partial(),
    }),
    request: { params: serverParameters },
  }),
  remove: createRoute({
    ...jsonRoute({
      method: 'delete',
      path: '/api/mcp/servers/{id}',
      tag: TAG,
      summary: 'End the connection to a remote server',
      description: 'Its token is revoked where the server offers that. Its tools and what was accepted of them go too.',
      response: z.looseObject({ disconnected: z.literal(true), provider: z.string(), connection_id: z.number().int() }),
    }),
    request: { params: serverParameters },
  }),
}

export interface ServerRouteDeps extends ServerDeps {
  readonly requireScope: RequireScope
  readonly resolve: (c: AppContext) => Promise<Outcome<Principal>>
  readonly stillValid: (principal: Principal) => Promise<boolean>
}

/** `/api/mcp/servers`. To be mounted before the routes of providers, whose paths fit these too. */
export function serverRoutes(deps: ServerRouteDeps): AppRouter {
  const router = createAppRouter()
  const [read, write] = [deps.requireScope('connections:read'), deps.requireScope('connections:write')]
  returnRoutes(router, deps)
  router.on('GET', ['/api/mcp/servers', '/api/mcp/servers/presets'], read)
  router.on(['POST'], ['/api/mcp/servers', '/api/mcp/servers/:id/test'], write)
  router.on(['GET'], ['/api/mcp/servers/:id/authorize'], write)
  router.on(['DELETE'], ['/api/mcp/servers/:id'], write)

  router.openapi(routes.list, async (c) => c.json(await serverViews(deps, c.get('principal')), 200) as never)
  router.openapi(routes.presets, (c) => c.json({ presets: [...PRESETS] }, 200))
  router.openapi(routes.connect, async (c) => {
    const { return_to: returnTo, ...given } = c.req.valid('json')
    const outcome = await connectServer(deps, c.get('principal'), {
      url: given.url,
      ...(given.label === undefined ? {} : { label: given.label }),
      ...(given.token === undefined ? {} : { token: given.token }),
      ...(returnTo === undefined ? {} : { returnTo }),
      requestId: c.get('requestId'),
    })
    if (!outcome.ok) return sendProblem(c, outcome.problem) as never
    const { value } = outcome
    return (value.kind === 'connected' ? c.json(value.server, 200) : c.json(value.view, HTTP_ACCEPTED)) as never
  })
  router.openapi(routes.renew, async (c) => {
    const { scope, return_to: returnTo } = c.req.valid('query')
    const begun = await renewServer(deps, c.get('principal'), {
      id: c.req.valid('param').id,
      ...(scope === undefined ? {} : { scope }),
      ...(returnTo === undefined ? {} : { returnTo }),
      requestId: c.get('requestId'),
    })
    const wantsPage = c.req.header('accept')?.includes('text/html') === true
    return begun.ok && wantsPage ? (c.redirect(begun.value.authorize_url) as never) : answer(c, begun)
  })
  router.openapi(routes.test, async (c) => answer(c, await testServer(deps, c, c.req.valid('param').id)))
  router.openapi(routes.remove, async (c) => {
    const { id } = c.req.valid('param')
    const own = { provider: UPSTREAM, connectionId: id, requestId: c.get('requestId') }
    return answer(c, await disconnect(deps, c.get('principal'), own))
  })
  return router
}

async function testServer(deps: ServerDeps, c: AppContext, id: number): Promise<Outcome<unknown>> {
  const principal = c.get('principal')
  const own = await ownServer(deps, principal.userId, id)
  if (own === undefined) return unknownConnection()
  const input = { provider: UPSTREAM, connectionId: id, check: true, requestId: c.get('requestId') }
  return status(deps, principal, input)
}

/** Where authorization servers lead back to, and what they read of us: no part of the described API. */
function returnRoutes(router: AppRouter, deps: ServerRouteDeps): void {
  const { publicUrl } = deps
  const finish = async (c: AppContext, digest: string | undefined) => {
    const parameters = new URL(c.req.url).searchParams
    const callback = { parameters, requestId: c.get('requestId'), ...(digest === undefined ? {} : { digest }) }
    const trip = await returnedTrip(deps, c, UPSTREAM)
    if (trip !== null) {
      return c.redirect(
        await trip.end((principal, alongside) => finishServer(deps, principal, { ...callback, alongside })),
      )
    }
    const principal = await deps.resolve(c)
    return c.redirect(await finishServer(deps, principal.ok ? principal.value : null, callback))
  }
  router.get('/api/mcp/servers/callback', (c) => finish(c, undefined))
  router.get('/api/mcp/servers/callback/:digest', (c) => finish(c, c.req.param('digest')))
  router.get('/oauth/client-metadata/:document', (c) => {
    const digest = /^(.*)\.json$/.exec(c.req.param('document'))?.[1] ?? ''
    if (!ISSUER_DIGEST.test(digest)) return c.notFound()
    const redirectUri = serverCallbackUrl(publicUrl, digest)
    const document = { client_id: clientDocumentUrl(publicUrl, digest), ...clientMetadata(publicUrl, redirectUri) }
    return c.json({ ...document, token_endpoint_auth_method: 'none' })
  })
}
