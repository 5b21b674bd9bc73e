import { createRoute, z } from '@hono/zod-openapi'
import { actorOf } from '#audit/audit.ts'
import type { ConnectionDeps } from '#connections/connection.ts'
import { answer, createAppRouter, jsonRoute, type AppRouter, type RequireScope } from '#kernel/http.ts'
import { success } from '#kernel/problem.ts'
import { retireEverywhere, rotateAll, wholeKeyState } from './keys.ts'

/** `/api/admin/keys`: which keys seal what, and the steps of a rotation. Needs the scope `admin`. */

const TAG = 'Administration'
/** Digests of keys are shorter. */
const KEY_ID_CHARACTERS = 64

export type KeyRoutesDeps = Pick<ConnectionDeps, 'database' | 'vault' | 'cache' | 'audit' | 'refresher'> & {
  readonly requireScope: RequireScope
}

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
  retire: createRoute({
    ...jsonRoute({
      method: 'delete',
      path: '/api/admin/keys/{key_id}',
      tag: TAG,
      summary: 'Forget a key that nothing is sealed with',
      description:
        'The last step of a rotation. Refused for the primary key, and while a credential is sealed with it.',
      response: z.object({ key_id: z.string(), forgotten: z.literal(true) }),
    }),
    request: { params: z.object({ key_id: z.string().max(KEY_ID_CHARACTERS) }) },
  }),
}

export function keyRoutes(deps: KeyRoutesDeps): AppRouter {
  const router = createAppRouter()
  for (const path of ['keys', 'keys/*']) router.use(`/api/admin/${path}`, deps.requireScope('admin'))

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
  router.openapi(routes.retire, async (c) => {
    const principal = c.get('principal')
    const { key_id: keyId } = c.req.valid('param')
    const retired = await retireEverywhere(deps, keyId)
    if (!retired.ok) return answer(c, retired)
    await deps.audit.record({
      userId: principal.userId,
      type: 'keys.retired',
      outcome: 'success',
      actor: actorOf(principal),
      target: { kind: 'key', key_id: keyId },
      requestId: c.get('requestId'),
    })
    return answer(c, success({ key_id: keyId, forgotten: true as const }))
  })
  return router
}
