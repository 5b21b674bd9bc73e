import { createRoute, z } from '@hono/zod-openapi'
import { answer, createAppRouter, jsonBody, jsonRoute, LARGEST_ID, sendProblem } from '#kernel/http.ts'
import type { AppContext, AppRouter, RequireScope } from '#kernel/http.ts'
import type { ProviderApps } from './authorization/apps.ts'
import { changeConnection } from './change.ts'
import { connect } from './connect.ts'
import { unknownProvider, type ConnectionDeps } from './connection.ts'
import { readCredential } from './credential.ts'
import { disconnect } from './disconnect.ts'
import { connection, connections } from './list.ts'
import { providersView } from './providers.ts'
import { status } from './status.ts'

const TAG = 'Connections'
const LABEL_CHARACTERS = 100

const providerParameter = z.object({ provider: z.string().max(50).openapi({ example: 'a provider’s id' }) })
const connectionId = z.coerce.number().int().positive().max(LARGEST_ID)
const label = z.string().trim().min(1).max(LABEL_CHARACTERS)

const connectionSchema = z
  .object({
    connected: z.boolean(),
    status: z.enum(['connected', 'needs_reauthorization', 'error', 'disabled']),
    provider: z.string(),
    connection_id: z.number().int(),
    label: z.string(),
    is_default: z.boolean(),
    account: z.record(z.string(), z.unknown()),
    permissions: z.record(z.string(), z.boolean().nullable()),
    missing_permissions: z.array(z.object({ permission: z.string(), en: z.string(), pt: z.string() })),
    status_reason: z.string().nullable(),
    connected_at: z.string(),
    last_used_at: z.string().nullable(),
    expires_at: z.string().nullable(),
    method: z.enum(['api_key', 'oauth2', 'none']),
    scopes: z.array(z.string()),
    status_since: z.string(),
    last_success_at: z.string().nullable(),
    last_error_at: z.string().nullable(),
    last_error: z.string().nullable().openapi({ description: 'What went wrong then, in words' }),
    next_refresh_at: z.string().nullable(),
    connect_url: z.string().nullable(),
    cut_off: z.string().nullable().openapi({ description: 'In words, while the owner has cut its provider off' }),
  })
  .openapi('Connection')

const checkSchema = z.object({
  ok: z.boolean(),
  code: z.string().nullable(),
  detail: z.string().nullable(),
  checked_at: z.string(),
})

const statusSchema = z.union([
  connectionSchema.extend({ check: checkSchema.optional() }),
  z.object({
    connected: z.literal(false),
    status: z.literal('not_connected'),
    provider: z.string(),
    connect_url: z.string(),
    cut_off: z.string().nullable(),
  }),
])

const receiptSchema = z.object({
  disconnected: z.literal(true),
  provider: z.string(),
  connection_id: z.number().int(),
  label: z.string(),
  revoked_at_provider: z.boolean(),
  next_step: z.string(),
})

const routes = {
  providers: createRoute({
    ...jsonRoute({
      method: 'get',
      path: '/api/mcp/providers',
      tag: TAG,
      summary: 'What can be connected, and how',
      response: z.object({ providers: z.array(z.record(z.string(), z.unknown())) }),
    }),
  }),
  connections: createRoute({
    ...jsonRoute({
      method: 'get',
      path: '/api/mcp/connections',
      tag: TAG,
      summary: 'My connections',
      response: z.object({ connections: z.array(connectionSchema), next_cursor: z.null() }),
    }),
  }),
  connection: createRoute({
    ...jsonRoute({
      method: 'get',
      path: '/api/mcp/connections/{id}',
      tag: TAG,
      summary: 'One of my connections',
      response: connectionSchema,
    }),
    request: { params: z.object({ id: connectionId }) },
  }),
  change: createRoute({
    ...jsonRoute({
      method: 'patch',
      path: '/api/mcp/connections/{id}',
      tag: TAG,
      summary: 'Rename a connection, or make it the default of its provider',
      response: connectionSchema,
    }),
    request: {
      params: z.object({ id: connectionId }),
      body: jsonBody(z.strictObject({ label: label.optional(), is_default: z.literal(true).optional() })),
    },
  }),
  connect: createRoute({
    ...jsonRoute({
      method: 'post',
      path: '/api/mcp/{provider}/connect',
      tag: TAG,
      summary: 'Connect an account with a key',
      description:
        'The key is checked with the provider before it is stored. The same account again replaces its key. A refused key (422 `credential_rejected`) changes nothing.',
      response: connectionSchema,
    }),
    request: {
      params: providerParameter,
      body: jsonBody(
        z
          .object({ label: label.optional(), is_default: z.boolean().optional() })
          .catchall(z.unknown())
          .openapi({ example: { api_key: 'the key' } }),
      ),
    },
  }),
  status: createRoute({
    ...jsonRoute({
      method: 'get',
      path: '/api/mcp/{provider}/status',
      tag: TAG,
      summary: 'How my connection stands',
      description: '`check=true` asks the provider now.',
      response: statusSchema,
    }),
    request: {
      params: providerParameter,
      query: z.strictObject({ connection_id: connectionId.optional(), check: z.stringbool().optional() }),
    },
  }),
  disconnect: createRoute({
    ...jsonRoute({
      method: 'delete',
      path: '/api/mcp/{provider}/disconnect',
      tag: TAG,
      summary: 'End a connection and delete its key',
      description: 'The default connection, unless `connection_id` names another.',
      response: receiptSchema,
    }),
    request: { params: providerParameter, query: z.strictObject({ connection_id: connectionId.optional() }) },
  }),
}

/** `/api/mcp/*`: connect, status, disconnect, list, change. */
export function connectionRoutes(
  deps: ConnectionDeps & { readonly requireScope: RequireScope; readonly apps: Pick<ProviderApps, 'names'> },
): AppRouter {
  const router = createAppRouter()
  const read = deps.requireScope('connections:read')
  const write = deps.requireScope('connections:write')
  router.get('/api/mcp/providers', read)
  router.get('/api/mcp/connections/:id?', read)
  router.patch('/api/mcp/connections/:id', write)
  router.post('/api/mcp/:provider/connect', write)
  router.get('/api/mcp/:provider/status', read)
  router.delete('/api/mcp/:provider/disconnect', write)

  router.openapi(routes.providers, async (c) => {
    const shown = { publicUrl: deps.publicUrl, apps: await deps.apps.names() }
    return c.json({ providers: providersView(deps.registry.providers, shown) }, 200)
  })
  router.openapi(routes.connections, async (c) => answer(c, await connections(deps, c.get('principal'))))
  router.openapi(routes.connection, async (c) =>
    answer(c, await connection(deps, c.get('principal'), c.req.valid('param').id)),
  )
  router.openapi(routes.change, async (c) => {
    const change = c.req.valid('json')
    return answer(
      c,
      await changeConnection(deps, c.get('principal'), c.req.valid('param').id, {
        ...(change.label === undefined ? {} : { label: change.label }),
        ...(change.is_default === undefined ? {} : { is_default: change.is_default }),
        requestId: c.get('requestId'),
      }),
    )
  })
  router.openapi(
    routes.connect,
    async (c) => connectRoute(deps, c, c.req.valid('param').provider, c.req.valid('json')) as never,
  )
  router.openapi(routes.status, async (c) => {
    const query = c.req.valid('query')
    return answer(
      c,
      await status(deps, c.get('principal'), {
        provider: c.req.valid('param').provider,
        ...(query.connection_id === undefined ? {} : { connectionId: query.connection_id }),
        ...(query.check === undefined ? {} : { check: query.check }),
        requestId: c.get('requestId'),
      }),
    )
  })
  router.openapi(routes.disconnect, async (c) => {
    const query = c.req.valid('query')
    return answer(
      c,
      await disconnect(deps, c.get('principal'), {
        provider: c.req.valid('param').provider,
        ...(query.connection_id === undefined ? {} : { connectionId: query.connection_id }),
        requestId: c.get('requestId'),
      }),
    )
  })
  return router
}

async function connectRoute(
  deps: ConnectionDeps,
  c: AppContext,
  id: string,
  body: Record<string, unknown> & { label?: string | undefined; is_default?: boolean | undefined },
): Promise<Response> {
  const provider = deps.registry.provider(id)
  if (provider === undefined) return sendProblem(c, unknownProvider(id).problem)
  const credential = readCredential(provider, body)
  if (!credential.ok) return sendProblem(c, credential.problem)
  const outcome = await connect(deps, c.get('principal'), {
    provider: id,
    credential: credential.value,
    ...(body.label === undefined ? {} : { label: body.label }),
    ...(body.is_default === undefined ? {} : { makeDefault: body.is_default }),
    requestId: c.get('requestId'),
  })
  return answer(c, outcome)
}
