import { timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'
import { sendProblem, type AppEnv } from '#kernel/http.ts'

/** Counts and times for Prometheus. Labels are routes, tools and codes: never a user, an id or a word of theirs. */
export interface Metrics {
  /** Counts and times every request by its route. */
  readonly observe: MiddlewareHandler<AppEnv>
  /** Counts a request that no router saw. */
  readonly countRequest: (request: RequestLabels, seconds: number) => void
  readonly countToolCall: (tool: string, outcome: string, seconds: number) => void
  readonly countStoreError: () => void
  /** Ends of tool calls that could not be written to the ledger or the log. */
  readonly countLostRecords: (count: number) => void
  /** `/metrics`: in production only with a token, because counts tell what users do. */
  readonly routes: (token: string | undefined, production: boolean) => Hono<AppEnv>
}

export interface RequestLabels {
  readonly method: string
  readonly route: string
  readonly status: number
}

/** Seconds; the fast end is where most requests are, the slow end is the provider's deadline. */
const DURATION_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

export function createMetrics(gauges: { readonly cachedUsers: () => number }): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const requests = new Histogram({
    name: 'chaveiro_http_request_duration_seconds',
    help: 'Duration of requests by method, route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS,
    registers,
  })
  const calls = new Histogram({
    name: 'chaveiro_tool_call_duration_seconds',
    help: 'Duration of tool calls by tool and outcome (a problem code, or ok)',
    labelNames: ['tool', 'outcome'],
    buckets: DURATION_BUCKETS,
    registers,
  })
  const observeRequest = remembering(requests)
  const countRequest: Metrics['countRequest'] = ({ method, route, status }, seconds) =>
    observeRequest([method, route, String(status)], seconds)
  const observeCall = remembering(calls)
  const { storeErrors, lostRecords } = createCounters(registers)
  addCachedUsers(registers, gauges.cachedUsers)

  return {
    async observe(c, next) {
      const startedAt = performance.now()
      await next()
      const seconds = (performance.now() - startedAt) / MILLISECONDS_PER_SECOND
      countRequest({ method: c.req.method, route: routePath(c, -1), status: c.res.status }, seconds)
    },
    countRequest,
    countToolCall(tool, outcome, seconds) {
      observeCall([tool, outcome], seconds)
    },
    countLostRecords(count) {
      lostRecords.inc(count)
    },
    countStoreError() {
      storeErrors.inc()
    },
    routes(token, production) {
      const router = new Hono<AppEnv>()
      router.get('/metrics', async (c) => {
        const open = token === undefined && !production
        if (!open && !isToken(c.req.header('authorization'), token)) {
          return sendProblem(c, { code: 'invalid_token', detail: 'Send CHAVEIRO_METRICS_TOKEN as a bearer token.' })
        }
        return c.body(await registry.metrics(), 200, { 'content-type': registry.contentType })
      })
      return router
    },
  }
}

/** Combinations of labels that are remembered; the rest is looked up each time. */
const REMEMBERED = 1_000

/** Observes under labels whose place in the histogram was looked up once: the look-up costs more than the counting. */
function remembering(histogram: Histogram): (labels: readonly string[], seconds: number) => void {
  const places = new Map<string, Histogram.Internal<string>>()
  return (labels, seconds) => {
    const key = labels.join(' ')
    const place = places.get(key) ?? histogram.labels(...labels)
    if (places.size < REMEMBERED) places.set(key, place)
    place.observe(seconds)
  }
}

function createCounters(registers: Registry[]) {
  const storeErrors = new Counter({
    name: 'chaveiro_limit_store_errors_total',
    help: 'Failures of the shared store of limits; each replica counts alone meanwhile',
    registers,
  })
  const lostRecords = new Counter({
    name: 'chaveiro_lost_records_total',
    help: 'Ends of tool calls that could not be recorded; their beginning is on record',
    registers,
  })
  return { storeErrors, lostRecords }
}

function addCachedUsers(registers: Registry[], count: () => number): void {
  const cachedUsers = new Gauge({
    name: 'chaveiro_cached_users',
    help: 'Users whose connections are in the cache',
    registers,
    collect() {
      cachedUsers.set(count())
    },
  })
}

function isToken(header: string | undefined, token: string | undefined): boolean {
  if (token === undefined) return false
  const given = Buffer.from(header ?? '')
  const expected = Buffer.from(`Bearer ${token}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
