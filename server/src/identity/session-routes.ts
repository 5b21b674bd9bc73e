import { createRoute, z } from '@hono/zod-openapi'
import { actorOf } from '#audit/audit.ts'
import { answer, createAppRouter, jsonRoute, type AppRouter } from '#kernel/http.ts'
import { failure, success } from '#kernel/problem.ts'
import type { Authentication } from './authenticate.ts'
import type { IdentityDependencies } from './dependencies.ts'
import { deleteOtherSessions, deleteSessionById, listSessions } from './session-store.ts'
import { idParameterSchema, sessionSchema, sessionView } from './wire.ts'

/** `/api/me/sessions`: where a user is signed in, and signing out from afar. */

const TAG = 'Account'
/** The newest; more than a person looks through. */
const SESSIONS_SHOWN = 100

const mySessionSchema = sessionSchema
  .extend({
    ip_address: z.string().nullable(),
    user_agent: z.string().nullable(),
    current: z.boolean().openapi({ description: 'Whether it is the one that asks' }),
  })
  .openapi('MySession')

const listRoute = createRoute(
  jsonRoute({
    method: 'get',
    path: '/api/me/sessions',
    tag: TAG,
    summary: 'Where I am signed in, newest first',
    response: z.object({ sessions: z.array(mySessionSchema), next_cursor: z.null() }),
  }),
)

const endRoute = createRoute({
  ...jsonRoute({
    method: 'delete',
    path: '/api/me/sessions/{id}',
    tag: TAG,
    summary: 'End one of my sessions',
    response: z.object({ id: z.number().int(), ended: z.literal(true) }),
  }),
  request: { params: idParameterSchema },
})

const endOthersRoute = createRoute(
  jsonRoute({
    method: 'delete',
    path: '/api/me/sessions',
    tag: TAG,
    summary: 'End my other sessions',
    description: 'All but the one that asks; all, where an API token asks.',
    response: z.object({ ended: z.number().int() }),
  }),
)

export function sessionRoutes(deps: IdentityDependencies, authentication: Authentication): AppRouter {
  const router = createAppRouter()
  const needsAccount = authentication.requireScope('account')
  router.use('/api/me/sessions', needsAccount)
  router.use('/api/me/sessions/:id', needsAccount)

  router.openapi(listRoute, async (c) => {
    const { userId, via } = c.get('principal')
    const page = { now: deps.clock.now(), limit: SESSIONS_SHOWN }
    const rows = await listSessions(userId, page, deps.database.login)
    const sessions = rows.map((row) => ({
      ...sessionView(row),
      ip_address: row.ip_address,
      user_agent: row.user_agent,
      current: via.kind === 'session' && via.id === String(row.session_id),
    }))
    return answer(c, success({ sessions, next_cursor: null }))
  })

  router.openapi(endOthersRoute, async (c) => {
    const principal = c.get('principal')
    const { userId, via } = principal
    const ended = await deleteOtherSessions(userId, via.kind === 'session' ? Number(via.id) : null, deps.database.login)
    await deps.audit.record({
      userId,
      type: 'user.signed_out',
      outcome: 'success',
      actor: actorOf(principal),
      target: { kind: 'user', id: userId },
      details: { sessions: ended },
      requestId: c.get('requestId'),
    })
    return answer(c, success({ ended }))
  })

  router.openapi(endRoute, async (c) => {
    const principal = c.get('principal')
    const { id } = c.req.valid('param')
    if (!(await deleteSessionById(principal.userId, id, deps.database.login))) return answer(c, NO_SESSION)
    await deps.audit.record({
      userId: principal.userId,
      type: 'user.signed_out',
      outcome: 'success',
      actor: actorOf(principal),
      target: { kind: 'session', id },
      requestId: c.get('requestId'),
    })
    return answer(c, success({ id, ended: true as const }))
  })

  return router
}

const NO_SESSION = failure('not_found', 'You have no such session.')
