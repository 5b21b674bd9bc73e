import { createRoute, z } from '@hono/zod-openapi'
import type { Database } from '#db/database.ts'
import { createAppRouter, jsonRoute, type AppRouter, type RequireScope } from '#kernel/http.ts'
import { FILTER_PARAMETERS, isViaWhole, VIA_FAULT } from './activity-query.ts'
import type { AuditLog } from './audit.ts'
import { eventView } from './event-view.ts'
import { EXPORT_ROWS, exportEvents, type ExportFormat } from './export.ts'
import { listEvents } from './store.ts'

const DEFAULT_PAGE_SIZE = 50
const MAXIMUM_PAGE_SIZE = 200

const limit = z.coerce.number().int().min(1).max(MAXIMUM_PAGE_SIZE).default(DEFAULT_PAGE_SIZE)
const listQuery = z.strictObject({ ...FILTER_PARAMETERS, limit }).refine(isViaWhole, VIA_FAULT)

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

const list = createRoute({
  ...jsonRoute({
    method: 'get',
    path: '/api/activity',
    tag: 'Activity',
    summary: 'What was done in my name',
    description: 'Newest first. `cursor` takes `next_cursor` of the page before.',
    response: z.object({ events: z.array(eventSchema), next_cursor: z.number().int().nullable() }),
  }),
  request: { query: listQuery },
})

const format = z.enum(['csv', 'json']).default('json')
const exportQuery = z.strictObject({ ...FILTER_PARAMETERS, format }).refine(isViaWhole, VIA_FAULT)

const exportJson = jsonRoute({
  method: 'get',
  path: '/api/activity/export',
  tag: 'Activity',
  summary: 'What was done in my name, as a file',
  description: `The filters of \`GET /api/activity\`, all pages in one file: ${EXPORT_ROWS} events at most, newest first. In \`csv\` no cell begins a formula.`,
  response: z.object({ events: z.array(eventSchema), truncated: z.boolean() }),
})

const exportFile = createRoute({
  ...exportJson,
  request: { query: exportQuery },
  responses: {
    ...exportJson.responses,
    200: {
      ...exportJson.responses[200],
      content: { ...exportJson.responses[200].content, 'text/csv': { schema: z.string() } },
    },
  },
})

const FILE_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json',
}

/** `GET /api/activity`: a user's own events. */
export function auditRoutes(deps: { database: Database; audit: AuditLog; requireScope: RequireScope }): AppRouter {
  const router = createAppRouter()
  router.use(list.path, deps.requireScope('activity:read'))
  router.use(exportFile.path, deps.requireScope('activity:read'))
  router.openapi(list, async (c) => {
    const { userId } = c.get('principal')
    const { limit: size, ...filter } = c.req.valid('query')
    // What this process was told before the question is part of the answer.
    await deps.audit.flush()
    const rows = await deps.database.asUser(userId, (tx) => listEvents(userId, tx, filter, size + 1))
    const events = rows.slice(0, size).map(eventView)
    return c.json({ events, next_cursor: rows.length > size ? (events.at(-1)?.id ?? null) : null }, 200)
  })
  router.openapi(exportFile, async (c) => {
    const { userId } = c.get('principal')
    const { format: wanted, ...filter } = c.req.valid('query')
    await deps.audit.flush()
    const pieces = exportEvents(deps.database, userId, { format: wanted, filter })
    return c.body(ReadableStream.from(pieces).pipeThrough(new TextEncoderStream()), 200, {
      'content-type': FILE_TYPES[wanted],
      'content-disposition': `attachment; filename="chaveiro-activity.${wanted}"`,
      'cache-control': 'no-store',
    }) as never
  })
  return router
}
