import { createRoute, z } from '@hono/zod-openapi'
import type { Database } from '#db/database.ts'
import { countServers } from '#db/servers.ts'
import type { Clock } from '#kernel/clock.ts'
import { answer, createAppRouter, jsonRoute, type AppRouter, type RequireScope } from '#kernel/http.ts'
import { success } from '#kernel/problem.ts'

/** `GET /api/admin/instance`: how this server is, and by which settings it works. Needs the scope `admin`. */

/** Of the settings: nothing secret. */
export interface InstanceFacts {
  readonly version: string
  readonly production: boolean
  readonly publicUrl: string
  readonly signUp: 'open' | 'invitation' | 'closed'
  readonly limitsStore: 'memory' | 'postgres' | 'redis'
  readonly limits: readonly { readonly setting: string; readonly value: number }[]
  /** What works, and may still not be what was meant. */
  readonly advice: readonly {
    readonly code: 'exposed' | 'not_https' | 'limits_alone' | 'provider_redirected'
    readonly detail: string
  }[]
}

export interface InstanceDeps {
  readonly facts: InstanceFacts
  readonly database: Database
  readonly clock: Clock
  readonly requireScope: RequireScope
  /** The last of each kind of background work. */
  readonly rounds: {
    readonly last: () => readonly { readonly job: string; readonly ended_at: string; readonly succeeded: boolean }[]
  }
}

const route = createRoute(
  jsonRoute({
    method: 'get',
    path: '/api/admin/instance',
    tag: 'Administration',
    summary: 'How this server is, and by which settings it works',
    response: z
      .object({
        version: z.string(),
        node_version: z.string(),
        started_at: z.iso.datetime().openapi({ description: 'Of the process that answers' }),
        production: z.boolean(),
        public_url: z.string(),
        database: z.object({
          engine: z.enum(['pglite', 'postgres']),
          answered_in_ms: z.number().int(),
          servers: z.number().int().openapi({ description: 'How many work on it at this moment' }),
        }),
        jobs: z.array(z.object({ job: z.string(), ended_at: z.iso.datetime(), succeeded: z.boolean() })),
        sign_up: z.object({ mode: z.enum(['open', 'invitation', 'closed']), setting: z.string() }),
        limits_store: z.enum(['memory', 'postgres', 'redis']),
        limits: z.array(z.object({ setting: z.string(), value: z.number() })),
        advice: z.array(
          z.object({
            code: z.enum(['exposed', 'not_https', 'limits_alone', 'provider_redirected']),
            detail: z.string(),
          }),
        ),
      })
      .openapi('Instance'),
  }),
)

export function instanceRoutes({ facts, database, clock, rounds, requireScope }: InstanceDeps): AppRouter {
  const startedAt = clock.now().toISOString()
  const router = createAppRouter()
  router.use(route.path, requireScope('admin'))
  router.openapi(route, async (c) => {
    const asked = performance.now()
    // A database that does not answer is told of by the failure of this request.
    await database.ping()
    const answeredIn = Math.round(performance.now() - asked)
    return answer(
      c,
      success({
        version: facts.version,
        node_version: process.version,
        started_at: startedAt,
        production: facts.production,
        public_url: facts.publicUrl,
        database: { engine: database.engine, answered_in_ms: answeredIn, servers: await countServers(database) },
        jobs: [...rounds.last()],
        sign_up: { mode: facts.signUp, setting: 'CHAVEIRO_SIGN_UP' },
        limits_store: facts.limitsStore,
        limits: [...facts.limits],
        advice: facts.advice.map(({ code, detail }) => ({ code, detail })),
      }),
    )
  })
  return router
}
