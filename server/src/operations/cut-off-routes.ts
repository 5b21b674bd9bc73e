import { createRoute, z } from '@hono/zod-openapi'
import type { ConnectionDeps } from '#connections/connection.ts'
import { blockProvider, providerBlock, providerBlocks, unblockProvider } from '#connections/cut-off.ts'
import { disconnectAll } from '#connections/disconnect-all.ts'
import {
  answer,
  createAppRouter,
  jsonBody,
  jsonRoute,
  LARGEST_ID,
  type AppRouter,
  type RequireScope,
} from '#kernel/http.ts'
import { success } from '#kernel/problem.ts'
import { ownerOnly } from './owner-only.ts'

/** `/api/admin/provider-blocks` and `/api/admin/users/{id}/disconnect-all`: for whoever owns the instance. */

const TAG = 'Administration'
const REASON_CHARACTERS = 500

type CutOffRoutesDeps = ConnectionDeps & { readonly requireScope: RequireScope }

const blockSchema = z
  .object({
    provider: z.string(),
    blocked: z.boolean(),
    reason: z.string(),
    blocked_at: z.string().nullable(),
  })
  .openapi('ProviderBlock')

const params = z.object({ provider: z.string().max(50).openapi({ example: 'a provider’s id' }) })

const receiptSchema = z.object({
  disconnected: z.literal(true),
  provider: z.string(),
  connection_id: z.number().int(),
  label: z.string(),
  revoked_at_provider: z.boolean(),
  next_step: z.string(),
})

const path = '/api/admin/provider-blocks/{provider}'

const routes = {
  list: createRoute(
    jsonRoute({
      method: 'get',
      path: '/api/admin/provider-blocks',
      tag: TAG,
      summary: 'The providers that are cut off',
      response: z.object({ blocks: z.array(blockSchema), next_cursor: z.null() }),
    }),
  ),
  read: createRoute({
    ...jsonRoute({
      method: 'get',
      path,
      tag: TAG,
      summary: 'Whether a provider is cut off',
      response: blockSchema,
    }),
    request: { params },
  }),
  block: createRoute({
    ...jsonRoute({
      method: 'put',
      path,
      tag: TAG,
      summary: 'Cut a provider off',
      description:
        'At once, for everyone, on every replica: calls and attempts to connect answer 403 `forbidden` with the reason, and nothing is sent there. Connections are kept.',
      response: blockSchema,
    }),
    request: {
      params,
      body: jsonBody(z.strictObject({ reason: z.string().trim().max(REASON_CHARACTERS).default('') })),
    },
  }),
  unblock: createRoute({
    ...jsonRoute({ method: 'delete', path, tag: TAG, summary: 'Let a provider in again', response: blockSchema }),
    request: { params },
  }),
  disconnectAll: createRoute({
    ...jsonRoute({
      method: 'post',
      path: '/api/admin/users/{id}/disconnect-all',
      tag: TAG,
      summary: 'End every connection of a user',
      description:
        'Deletes the credentials and ends the grants at the providers where that can be done; the receipts say which. To keep the user out too, suspend the account.',
      response: z.object({ user_id: z.number().int(), receipts: z.array(receiptSchema) }),
    }),
    request: { params: z.object({ id: z.coerce.number().int().positive().max(LARGEST_ID) }) },
  }),
}

export function cutOffRoutes(deps: CutOffRoutesDeps): AppRouter {
  const router = createAppRouter()
  for (const guarded of ['provider-blocks', 'provider-blocks/*', 'users/:id/disconnect-all']) {
    router.use(
      `/api/admin/${guarded}`,
      deps.requireScope('admin'),
      ownerOnly(deps, 'cut off a provider or end the connections of others'),
    )
  }
  router.openapi(routes.list, async (c) => answer(c, success({ blocks: providerBlocks(deps), next_cursor: null })))
  router.openapi(routes.read, async (c) => answer(c, providerBlock(deps, c.req.valid('param').provider)))
  router.openapi(routes.block, async (c) => {
    const block = { ...c.req.valid('param'), ...c.req.valid('json'), requestId: c.get('requestId') }
    return answer(c, await blockProvider(deps, c.get('principal'), block))
  })
  router.openapi(routes.unblock, async (c) => {
    const block = { ...c.req.valid('param'), requestId: c.get('requestId') }
    return answer(c, await unblockProvider(deps, c.get('principal'), block))
  })
  router.openapi(routes.disconnectAll, async (c) => {
    const { id } = c.req.valid('param')
    const ended = await disconnectAll(deps, c.get('principal'), id, c.get('requestId'))
    return answer(c, ended.ok ? success({ user_id: id, receipts: ended.value }) : ended)
  })
  return router
}
