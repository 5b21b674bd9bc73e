import { createRoute, z } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { ALERT_KINDS, recentAlerts } from '#audit/alerts.ts'
import { actorOf, EVENT_TYPES } from '#audit/audit.ts'
import { listDenials } from '#audit/denials.ts'
import { verifyAudit } from '#audit/verify.ts'
import type { ConnectionDeps } from '#connections/connection.ts'
import { exportConnections } from '#connections/export.ts'
import { importConnections } from '#connections/import.ts'
import { nameUsers } from '#identity/name-users.ts'
import {
  answer,
  createAppRouter,
  jsonBody,
  jsonRoute,
  LARGEST_ID,
  type AppEnv,
  type AppRouter,
  type RequireScope,
} from '#kernel/http.ts'
import { success } from '#kernel/problem.ts'
import { ownerOnly } from './owner-only.ts'

const TAG = 'Administration'
/** Rows in one import request; the CLI sends as many requests as it takes. */
const MAXIMUM_IMPORTED_ROWS = 200
const DENIALS_PAGE_SIZE = 100
/** The longest text of an IPv6 address. */
const ADDRESS_CHARACTERS = 45

export type AdministrationDeps = ConnectionDeps & { readonly requireScope: RequireScope }

const anything = z.record(z.string(), z.unknown())

const routes = {
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
      query: z.strictObject({
        cursor: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
        type: z.enum(EVENT_TYPES).optional(),
        user_id: z.coerce.number().int().positive().max(LARGEST_ID).optional(),
        address: z.string().max(ADDRESS_CHARACTERS).optional(),
      }),
    },
  }),
  alerts: createRoute(
    jsonRoute({
      method: 'get',
      path: '/api/admin/alerts',
      tag: TAG,
      summary: 'What is unusual among them',
      description: 'Of the last day: many attempts from one address or on one account, and what should never happen.',
      response: z.object({
        alerts: z.array(
          z.object({
            kind: z.enum(ALERT_KINDS),
            count: z.number().int(),
            address: z.string().nullable(),
            user_id: z.number().int().nullable(),
            user_name: z.string().nullable(),
            first_at: z.iso.datetime(),
            last_at: z.iso.datetime(),
          }),
        ),
        since: z.iso.datetime(),
      }),
    }),
  ),
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

/** `/api/admin/*`: what was denied, the audit chain, moving in and out. Needs the scope `admin`. */
export function administrationRoutes(deps: AdministrationDeps): AppRouter {
  const router = createAppRouter()
  const admin: MiddlewareHandler<AppEnv> = deps.requireScope('admin')
  for (const path of ['audit/*', 'denials', 'alerts', 'connections/*']) router.use(`/api/admin/${path}`, admin)
  // Sealed credentials of everyone leave and enter only by the hand of whoever owns the instance.
  router.use('/api/admin/connections/*', ownerOnly(deps, 'export and import connections'))

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
    const { cursor, type, user_id: userId, address } = c.req.valid('query')
    const page = await listDenials(deps.database, {
      limit: DENIALS_PAGE_SIZE,
      ...(cursor === undefined ? {} : { before: cursor }),
      ...(type === undefined ? {} : { type }),
      ...(userId === undefined ? {} : { userId }),
      ...(address === undefined ? {} : { address }),
    })
    const events = await nameUsers(deps.database, page.events)
    return c.json({ events: events.map((event) => ({ ...event })), next_cursor: page.next_cursor }, 200)
  })
  router.openapi(routes.alerts, async (c) => {
    const { alerts, since } = await recentAlerts(deps)
    return answer(c, success({ alerts: await nameUsers(deps.database, alerts), since }))
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
