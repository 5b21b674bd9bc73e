import { createRoute, z } from '@hono/zod-openapi'
import type { Database } from '#db/database.ts'
import { createAppRouter, jsonRoute, LARGEST_ID, type AppRouter, type RequireScope } from '#kernel/http.ts'
import { EVENT_TYPES, type AuditLog } from './audit.ts'
import { eventView } from './event-view.ts'
import { listEvents } from './store.ts'

const DEFAULT_PAGE_SIZE = 50
const MAXIMUM_PAGE_SIZE = 200

const querySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAXIMUM_PAGE_SIZE).default(DEFAULT_PAGE_SIZE),
  cursor: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  type: z.enum(EVENT_TYPES).optional(),
  outcome: z.enum(['success', 'failure', 'denied']).optional(),
  provider: z.string().max(50).optional(),
  agent_id: z.coerce.number().int().positive().max(LARGEST_ID).optional(),
})

const eventSchema = z
  .object({
    id: z.number().int(),
    type: z.string(),
    outcome: z.string(),
    actor: z.record(z.string(), z.unknown()),
    target: z.record(z.string(), z.unknown()),
    details: z.record(z.string(), z.unknown()),
    request_id: z.string().nullable(),
    at: z.iso.datetime(),
  })
  .openapi('Event')

const route = createRoute({
  ...jsonRoute({
    method: 'get',
    path: '/api/activity',
    tag: 'Activity',
    summary: 'What was done in my name',
    description: 'Newest first. `cursor` takes `next_cursor` of the page before.',
    response: z.object({ events: z.array(eventSchema), next_cursor: z.number().int().nullable() }),
  }),
  request: { query: querySchema },
})

/** `GET /api/activity`: a user's own events. */
export function auditRoutes(deps: { database: Database; audit: AuditLog; requireScope: RequireScope }): AppRouter {
  const router = createAppRouter()
  router.use(route.path, deps.requireScope('activity:read'))
  router.openapi(route, async (c) => {
    const { userId } = c.get('principal')
    const query = c.req.valid('query')
    // What this process was told before the question is part of the answer.
    await deps.audit.flush()
    const rows = await deps.database.asUser(userId, (tx) =>
      listEvents(userId, tx, {
        limit: query.limit + 1,
        ...(query.cursor === undefined ? {} : { before: query.cursor }),
        ...(query.type === undefined ? {} : { type: query.type }),
        ...(query.outcome === undefined ? {} : { outcome: query.outcome }),
        ...(query.provider === undefined ? {} : { provider: query.provider }),
        ...(query.agent_id === undefined ? {} : { agentId: query.agent_id }),
      }),
    )
    const events = rows.slice(0, query.limit).map(eventView)
    return c.json({ events, next_cursor: rows.length > query.limit ? (events.at(-1)?.id ?? null) : null }, 200)
  })
  return router
}
