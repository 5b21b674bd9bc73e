import { createRoute, z } from '@hono/zod-openapi'
import { VIA_KINDS, isViaWhole, VIA_FAULT } from '#audit/activity-query.ts'
import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import { answer, createAppRouter, jsonRoute, LARGEST_ID, type AppRouter, type RequireScope } from '#kernel/http.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { LedgerQueue } from '#tools/ledger-queue.ts'
import { GROUPINGS, INTERVALS, type Interval, type UsageQuestion } from '#tools/usage.ts'
import { readUsage } from './read-usage.ts'

const DAY_MS = 86_400_000
/** What is asked for where nobody says. */
const DEFAULT_DAYS = 7
/** Days in hours: more points than this no chart shows, and no table is read. */
const MAXIMUM_DAYS: Readonly<Record<Interval, number>> = { hour: 31, day: 366 }
/** Up to here hours tell more than days. */
const HOURLY_DAYS = 3
/** Longer than any name of the IANA database. */
const ZONE_CHARACTERS = 64
const TOOL_CHARACTERS = 200
const PROVIDER_CHARACTERS = 50
const VIA_ID_CHARACTERS = 400

const timeSchema = (description: string) =>
  z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional()
    .openapi({ type: 'string', format: 'date-time', description })

const querySchema = z
  .strictObject({
    from: timeSchema('The first moment; seven days before `to` where it is left out.'),
    to: timeSchema('The first moment after; now where it is left out.'),
    interval: z.enum(INTERVALS).optional().openapi({ description: 'Hours for three days or less, else days.' }),
    time_zone: z
      .string()
      .max(ZONE_CHARACTERS)
      .refine(isTimeZone, 'is no time zone of the IANA database, such as America/Sao_Paulo')
      .default('UTC')
      .openapi({ description: 'Says when an hour and a day begin.', example: 'America/Sao_Paulo' }),
    by: z.enum(GROUPINGS).default('provider'),
    provider: z.string().max(PROVIDER_CHARACTERS).optional(),
    tool: z.string().max(TOOL_CHARACTERS).optional(),
    agent_id: z.coerce.number().int().positive().max(LARGEST_ID).optional(),
    via: z.enum(VIA_KINDS).optional().openapi({ description: 'How the caller came in.' }),
    via_id: z.string().max(VIA_ID_CHARACTERS).optional(),
  })
  .refine(isViaWhole, VIA_FAULT)

/** Offsets are left out: the platform and the database read their signs in opposite ways (POSIX). */
function isTimeZone(name: string): boolean {
  if (!/^[a-z]/i.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const FIGURES = {
  calls: z.number().int(),
  errors: z.number().int().openapi({ description: 'Calls that failed, or whose outcome is not known.' }),
  p50_ms: z.number().int().nullable(),
  p95_ms: z.number().int().nullable(),
  runs: z.number().int().nullable().openapi({ description: 'Null where runs cannot be told apart by this.' }),
  input_tokens: z.number().int().nullable(),
  output_tokens: z.number().int().nullable(),
  cost_usd: z.number().nullable().openapi({ description: 'Of the runs whose model had a price; null where none had.' }),
}

const usageSchema = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    interval: z.enum(INTERVALS),
    time_zone: z.string(),
    by: z.enum(GROUPINGS),
    totals: z.object(FIGURES),
    buckets: z.array(z.object({ at: z.iso.datetime(), ...FIGURES })),
    groups: z.array(z.object({ key: z.string().nullable(), ...FIGURES })),
    more_groups: z.number().int(),
    series: z.array(
      z.object({
        key: z.string().nullable(),
        at: z.iso.datetime(),
        calls: z.number().int(),
        errors: z.number().int(),
      }),
    ),
  })
  .openapi('Usage')

const route = createRoute({
  ...jsonRoute({
    method: 'get',
    path: '/api/usage',
    tag: 'Activity',
    summary: 'How much was done in my name',
    description:
      'Calls, errors, latency and tokens: all together (`totals`), by hour or day (`buckets`, those without a call too), by provider, tool, agent or client (`groups`), and the largest groups over time (`series`).',
    response: usageSchema,
  }),
  request: { query: querySchema },
})

export interface UsageDependencies {
  readonly database: Database
  readonly clock: Clock
  readonly ledgerQueue: LedgerQueue
  readonly requireScope: RequireScope
}

/** `GET /api/usage`: a user's own figures. */
export function usageRoutes(deps: UsageDependencies): AppRouter {
  const router = createAppRouter()
  router.use(route.path, deps.requireScope('activity:read'))
  router.openapi(route, async (c) => {
    const { userId } = c.get('principal')
    const asked = questionOf(c.req.valid('query'), deps.clock.now())
    if (!asked.ok) return answer(c, asked)
    // Calls that this process has seen end are part of the answer.
    await deps.ledgerQueue.flush()
    const question = asked.value
    const { from, to, interval, by } = question
    const usage = await readUsage(deps.database, userId, question)
    if (!usage.ok) return answer(c, usage)
    const scope = { from: from.toISOString(), to: to.toISOString(), interval, time_zone: question.timeZone, by }
    return answer(c, success({ ...scope, ...usage.value }))
  })
  return router
}

function questionOf(query: z.output<typeof querySchema>, now: Date): Outcome<UsageQuestion> {
  const { time_zone: timeZone, agent_id: agentId, via_id: viaId, to = now, ...rest } = query
  const { from = new Date(to.getTime() - DEFAULT_DAYS * DAY_MS) } = query
  const days = (to.getTime() - from.getTime()) / DAY_MS
  const interval = query.interval ?? (days <= HOURLY_DAYS ? 'hour' : 'day')
  if (days <= 0) return failure('invalid_request', 'to: must be after `from`.', { path: 'to' })
  if (days > MAXIMUM_DAYS[interval]) {
    return failure(
      'invalid_request',
      `from: an answer in ${interval}s covers ${MAXIMUM_DAYS[interval]} days at most.`,
      { path: 'from' },
    )
  }
  return success({ ...rest, from, to, interval, timeZone, agentId, viaId })
}
