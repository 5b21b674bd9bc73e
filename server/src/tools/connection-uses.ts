import { createRoute, z } from '@hono/zod-openapi'
import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import { createAppRouter, jsonRoute } from '#kernel/http.ts'
import type { AppRouter, RequireScope } from '#kernel/http.ts'
import type { Principal } from '#kernel/principal.ts'
import { usesSince, type UseRow } from './uses-store.ts'

/** Who worked with a connection lately: agents, clients, programs, or the user. */
export interface ConnectionUse {
  readonly connection_id: number
  readonly kind: 'agent' | 'client' | 'token' | 'you'
  /** Null for the user, and where it is not known. */
  readonly id: string | null
  readonly calls: number
  readonly last_used_at: string
}

/** A month: what was not used in it is hardly in use. */
const USED_WITHIN_MS = 30 * 24 * 60 * 60 * 1_000
const CALLS_READ = 20_000
/** More than a person reads. */
const USES_MAXIMUM = 500

export interface UsesDeps {
  readonly database: Database
  readonly clock: Clock
}

async function connectionUses(
  { database, clock }: UsesDeps,
  { userId }: Pick<Principal, 'userId'>,
): Promise<readonly ConnectionUse[]> {
  const since = new Date(clock.now().getTime() - USED_WITHIN_MS)
  const rows = await database.asUser(userId, (tx) =>
    usesSince(userId, tx, { since, callsRead: CALLS_READ, limit: USES_MAXIMUM }),
  )
  return rows.map(useOf)
}

function useOf(row: UseRow): ConnectionUse {
  const { connection_id, calls } = row
  return { connection_id, ...userOf(row), calls, last_used_at: row.last_used_at.toISOString() }
}

/** The agent that acted, else whom the request came from. */
function userOf({ agent_id: agentId, via, via_id: viaId }: UseRow): Pick<ConnectionUse, 'kind' | 'id'> {
  if (agentId !== null) return { kind: 'agent', id: String(agentId) }
  if (via === 'oauth_client') return { kind: 'client', id: viaId }
  if (via === 'session') return { kind: 'you', id: null }
  return { kind: 'token', id: via === 'api_token' ? viaId : null }
}

const usesRoute = createRoute(
  jsonRoute({
    method: 'get',
    path: '/api/mcp/connection-uses',
    tag: 'Connections',
    summary: 'Who worked with my connections in the last 30 days',
    description: 'From my own calls alone, the newest 20,000 of them; grouped by connection and by who made them.',
    response: z.object({
      uses: z.array(
        z
          .object({
            connection_id: z.number().int(),
            kind: z.enum(['agent', 'client', 'token', 'you']),
            id: z.string().nullable(),
            calls: z.number().int(),
            last_used_at: z.string(),
          })
          .openapi('ConnectionUse'),
      ),
      next_cursor: z.null(),
    }),
  }),
)

/** `/api/mcp/connection-uses`. */
export function connectionUseRoutes(deps: UsesDeps & { readonly requireScope: RequireScope }): AppRouter {
  const router = createAppRouter()
  router.get('/api/mcp/connection-uses', deps.requireScope('connections:read'))
  router.openapi(usesRoute, async (c) =>
    c.json({ uses: [...(await connectionUses(deps, c.get('principal')))], next_cursor: null }, 200),
  )
  return router
}
