import { createRoute, z } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { actorOf } from '#audit/audit.ts'
import { listDenials } from '#audit/denials.ts'
import { verifyAudit } from '#audit/verify.ts'
import type { ConnectionDeps } from '#connections/connection.ts'
import { exportConnections } from '#connections/export.ts'
import { importConnections } from '#connections/import.ts'
import {
  answer,
  createAppRouter,
  jsonBody,
  jsonRoute,
  type AppEnv,
  type AppRouter,
  type RequireScope,
} from '#kernel/http.ts'
import { success } from '#kernel/problem.ts'
import { rotateAll, wholeKeyState } from './keys.ts'
import { ownerOnly } from './owner-only.ts'

const TAG = 'Administration'
/** Rows in one import request; the CLI sends as many requests as it takes. */
const MAXIMUM_IMPORTED_ROWS = 200
const DENIALS_PAGE_SIZE = 100

export type AdministrationDeps = ConnectionDeps & { readonly requireScope: RequireScope }

const anything = z.record(z.string(), z.unknown())

const routes = {
  keys: createRoute(
    jsonRoute({
      method: 'get',
      path: '/api/admin/keys',
      tag: TAG,
      summary: 'Which keys seal how many credentials',
      response: z.object({
        primary: z.string(),
        keys: z.array(
          z.object({ key_id: z.string(), role: z.enum(['primary', 'listed', 'retired']), rows: z.number() }),
        ),
        unbound: z.number().openapi({ description: 'Rows that only the import command opens' }),
      }),
    }),
  ),
  rotate: createRoute(
    jsonRoute({
      method: 'post',
      path: '/api/admin/keys/rotate',
      tag: TAG,
      summary: 'Seal everything again under the primary key',
      description: 'Online and resumable: send it again until `remaining` is 0.',
      response: z.object({
        rotated: z.number(),
        unreadable: z.number(),
        unreadable_connections: z.array(z.number()),
        remaining: z.number(),
      }),
    }),
  ),
  verify: createRoute({
    ...jsonRoute({
      method: 'post',
      path: '/api/admin/audit/verify',
      tag: TAG,
      summary: 'Walk the audit chain',
      description: 'Send the head of an earlier verification as `noted` to prove that nothing before it was rewritten.',
      response: anything,
    }),
    request: {
      body: jsonBody(
        z.strictObject({
          noted: z
            .strictObject({ id: z.number().int().positive().max(Number.MAX_SAFE_INTEGER), hash: z.string().length(64) })
            .optional(),
        }),
      ),
    },
  }),
  denials: createRoute({
    ...jsonRoute({
      method: 'get',
      path: '/api/admin/denials',
      tag: TAG,
      summary: 'What failed or was denied, over all users',
      response: z.object({ events: z.array(anything), next_cursor: z.number().int().nullable() }),
    }),
    request: {
      query: z.strictObject({ cursor: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional() }),
    },
  }),
  exportConnections: createRoute(
    jsonRoute({
      method: 'get',
      path: '/api/admin/connections/export',
      tag: TAG,
      summary: 'Every connection, still sealed',
      description: 'Rows that Python’s `Fernet(key)` opens with the same MCP_ENCRYPTION_KEY.',
      response: z.object({ connections: z.array(anything) }),
    }),
  ),
  importConnections: createRoute({
    ...jsonRoute({
      method: 'post',
      path: '/api/admin/connections/import',
      tag: TAG,
      summary: 'Bind rows that were sealed elsewhere to their users',
      response: z.object({ results: z.array(anything) }),
    }),
    request: {
      body: jsonBody(
        z.strictObject({
          connections: z
            .array(
              z.object({
                user_email: z.email(),
                provider: z.string().max(50),
                encrypted_credentials: z.string().min(1).max(20_000),
                is_active: z.boolean().optional(),
                connected_at: z.iso.datetime({ offset: true }).optional(),
                expires_at: z.iso.datetime({ offset: true }).nullish(),
                metadata: anything.optional(),
                label: z.string().max(100).optional(),
              }),
            )
            .min(1)
            .max(MAXIMUM_IMPORTED_ROWS),
        }),
      ),
    },
  }),
}

/** `/api/admin/*` but for the users: keys, the audit chain, moving in and out. Needs the scope `admin`. */
export function administrationRoutes(deps: AdministrationDeps): AppRouter {
  const router = createAppRouter()
  const admin: MiddlewareHandler<AppEnv> = deps.requireScope('admin')
  for (const path of ['keys', 'keys/*', 'audit/*', 'denials', 'connections/*']) router.use(`/api/admin/${path}`, admin)
  // Sealed credentials of everyone leave and enter only by the hand of whoever owns the instance.
  router.use('/api/admin/connections/*', ownerOnly(deps, 'export and import connections'))

  router.openapi(routes.keys, async (c) => answer(c, success(await wholeKeyState(deps))))
  router.openapi(routes.rotate, async (c) => {
    const principal = c.get('principal')
    const progress = await rotateAll(deps)
    deps.cache.dropAll()
    await deps.audit.record({
      userId: principal.userId,
      type: 'keys.rotated',
      outcome: 'success',
      actor: actorOf(principal),
      details: { ...progress },
      requestId: c.get('requestId'),
    })
    return answer(c, success(progress))
  })
  router.openapi(routes.verify, async (c) => {
    const principal = c.get('principal')
    const verification = await verifyAudit(deps.database, c.req.valid('json').noted)
    await deps.audit.record({
      userId: principal.userId,
      type: 'audit.verified',
      outcome: verification.intact ? 'success' : 'failure',
      actor: actorOf(principal),
      details: { events: verification.events },
      requestId: c.get('requestId'),
    })
    return c.json({ ...verification }, 200)
  })
  router.openapi(routes.denials, async (c) => {
    const { cursor } = c.req.valid('query')
    const page = await listDenials(deps.database, {
      limit: DENIALS_PAGE_SIZE,
      ...(cursor === undefined ? {} : { cursor }),
    })
    return c.json({ events: page.events.map((event) => ({ ...event })), next_cursor: page.next_cursor }, 200)
  })
  router.openapi(routes.exportConnections, async (c) => {
    const connections = await exportConnections(deps, c.get('principal'), c.get('requestId'))
    return c.json({ connections: connections.map((connection) => ({ ...connection })) }, 200)
  })
  router.openapi(routes.importConnections, async (c) => {
    const { connections } = c.req.valid('json')
    const results = await importConnections(deps, c.get('principal'), connections, c.get('requestId'))
    return c.json({ results: results.map((result) => ({ ...result })) }, 200)
  })
  return router
}
