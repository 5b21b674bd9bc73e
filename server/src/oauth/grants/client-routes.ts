import { createRoute, z } from '@hono/zod-openapi'
import { idParameterSchema } from '#identity/wire.ts'
import { answer, createAppRouter, jsonRoute, type AppRouter, type RequireScope } from '#kernel/http.ts'
import { failure, success } from '#kernel/problem.ts'
import { ownOrigin } from '#oauth/addresses.ts'
import { CLIENT_SCOPES, type AuthorizationServer, type ClientGrant } from '#oauth/authorization-server.ts'
import { shownName } from '#oauth/pages/shown-client.ts'

/** `/api/clients`: the clients that a user let in, and letting them out again. */

const TAG = 'Clients'

const clientSchema = z
  .object({
    id: z.number().int(),
    client_id: z.string(),
    name: z.string().openapi({ description: 'What the client calls itself; nobody vouches for it.' }),
    host: z.string().openapi({ description: 'Who vouches for the client, or where its access went.' }),
    kind: z.enum(['pre_registered', 'metadata_document', 'dynamic']),
    scopes: z.array(z.enum(CLIENT_SCOPES)),
    connections: z
      .array(z.number().int())
      .nullable()
      .openapi({ description: 'Ids of the connections that it may use; null: all, also those that are added later.' }),
    created_at: z.iso.datetime(),
    last_used_at: z.iso.datetime().nullable(),
    expires_at: z.iso.datetime(),
  })
  .openapi('Client')

function clientView(grant: ClientGrant): z.infer<typeof clientSchema> {
  return {
    id: grant.id,
    client_id: grant.clientId,
    name: shownName(grant.clientName) || grant.clientHost,
    host: grant.clientHost,
    kind: grant.clientKind,
    scopes: [...grant.scopes],
    connections: grant.connectionIds === null ? null : [...grant.connectionIds],
    created_at: grant.createdAt.toISOString(),
    last_used_at: grant.lastUsedAt?.toISOString() ?? null,
    expires_at: grant.expiresAt.toISOString(),
  }
}

const listRoute = createRoute(
  jsonRoute({
    method: 'get',
    path: '/api/clients',
    tag: TAG,
    summary: 'The clients that I let in, newest first',
    description: 'One entry for each time that a client was allowed and that has not ended.',
    response: z.object({
      clients: z.array(clientSchema),
      mcp_url: z.string().openapi({ description: 'The address that clients are given' }),
      next_cursor: z.null(),
    }),
  }),
)

const revokeRoute = createRoute({
  ...jsonRoute({
    method: 'delete',
    path: '/api/clients/{id}',
    tag: TAG,
    summary: 'End the access of a client',
    description: 'Every token of it ends at once, on every replica.',
    response: z.object({ id: z.number().int(), revoked: z.literal(true) }),
  }),
  request: { params: idParameterSchema },
})

export function clientRoutes({
  server,
  requireScope,
  publicUrl,
}: {
  readonly server: Pick<AuthorizationServer, 'listGrants' | 'revokeGrant'>
  readonly requireScope: RequireScope
  readonly publicUrl: string
}): AppRouter {
  const router = createAppRouter()
  router.use('/api/clients', requireScope('account'))
  router.use('/api/clients/:id', requireScope('account'))

  router.openapi(listRoute, async (c) => {
    const grants = await server.listGrants(c.get('principal').userId)
    return answer(
      c,
      success({ clients: grants.map(clientView), mcp_url: `${ownOrigin(c, publicUrl)}/mcp`, next_cursor: null }),
    )
  })

  router.openapi(revokeRoute, async (c) => {
    const { id } = c.req.valid('param')
    const revoked = await server.revokeGrant(c.get('principal'), id, c.get('requestId'))
    return answer(c, revoked ? success({ id, revoked: true as const }) : NO_CLIENT)
  })

  return router
}

/** The same for another user's, for one that has ended and for one that never was. */
const NO_CLIENT = failure('not_found', 'You have no such client. GET /api/clients lists yours.')
