import { createRoute, z } from '@hono/zod-openapi'
import { actorOf } from '#audit/audit.ts'
import { answer, createAppRouter, jsonBody, jsonRoute, type AppRouter } from '#kernel/http.ts'
import { success } from '#kernel/problem.ts'
import type { Authentication } from './authenticate.ts'
import { createApiToken } from './create-api-token.ts'
import type { IdentityDependencies } from './dependencies.ts'
import { revokeApiToken } from './revoke-api-token.ts'
import { listApiTokens } from './api-token-store.ts'
import { findUser, renameUser } from './store.ts'
import { USER_GONE } from './user.ts'
import {
  apiTokenSchema,
  apiTokenView,
  idParameterSchema,
  nameSchema,
  scopeSchema,
  userSchema,
  userView,
} from './wire.ts'

/** `/api/me` and `/api/tokens`: a user's own account. */

const TAG = 'Account'
/** Days that a token lives where its maker names no other time. */
const TOKEN_DEFAULT_DAYS = 90
/** Ten years: longer is the same as no end, which is asked for by null. */
const TOKEN_MAXIMUM_DAYS = 3_650
const MILLISECONDS_PER_DAY = 86_400_000

const meSchema = userSchema
  .extend({
    scopes: z.array(scopeSchema),
    via: z.enum(['session', 'api_token', 'oauth_client', 'external_jwt']),
  })
  .openapi('Me')

const getMeRoute = createRoute(
  jsonRoute({ method: 'get', path: '/api/me', tag: TAG, summary: 'Who I am, and what I may do', response: meSchema }),
)

const patchMeRoute = createRoute({
  ...jsonRoute({ method: 'patch', path: '/api/me', tag: TAG, summary: 'Change my name', response: userSchema }),
  request: { body: jsonBody(z.strictObject({ name: nameSchema })) },
})

const createTokenRoute = createRoute({
  ...jsonRoute({
    method: 'post',
    path: '/api/tokens',
    tag: TAG,
    summary: 'Make an API token',
    description:
      'The token itself is in this answer and nowhere else. `expires_in_days: null` gives one without an end. ' +
      'Made with an API token, it ends no later than that one: `expires_at` says when.',
    response: apiTokenSchema.extend({ token: z.string() }).openapi('NewApiToken'),
  }),
  request: {
    body: jsonBody(
      z.strictObject({
        name: nameSchema,
        scopes: z.array(scopeSchema).min(1).optional(),
        expires_in_days: z.number().int().min(1).max(TOKEN_MAXIMUM_DAYS).nullable().default(TOKEN_DEFAULT_DAYS),
      }),
    ),
  },
})

const listTokensRoute = createRoute(
  jsonRoute({
    method: 'get',
    path: '/api/tokens',
    tag: TAG,
    summary: 'My API tokens, newest first',
    response: z.object({ tokens: z.array(apiTokenSchema), next_cursor: z.null() }),
  }),
)

const revokeTokenRoute = createRoute({
  ...jsonRoute({
    method: 'delete',
    path: '/api/tokens/{id}',
    tag: TAG,
    summary: 'Revoke an API token',
    response: z.object({ id: z.number().int(), revoked: z.literal(true) }),
  }),
  request: { params: idParameterSchema },
})

export function accountRoutes(deps: IdentityDependencies, authentication: Authentication): AppRouter {
  const router = createAppRouter()
  const needsAccount = authentication.requireScope('account')
  router.get(getMeRoute.path, authentication.authenticate)
  router.patch(patchMeRoute.path, needsAccount)
  router.use('/api/tokens', needsAccount)
  router.use('/api/tokens/:id', needsAccount)

  router.openapi(getMeRoute, async (c) => {
    const principal = c.get('principal')
    const user = await findUser(principal.userId, deps.database.login)
    if (user === undefined) return answer(c, USER_GONE)
    return answer(c, success({ ...userView(user), scopes: [...principal.scopes], via: principal.via.kind }))
  })

  router.openapi(patchMeRoute, async (c) => {
    const principal = c.get('principal')
    const user = await renameUser(principal.userId, c.req.valid('json').name, deps.database.login)
    if (user === undefined) return answer(c, USER_GONE)
    await deps.audit.record({
      userId: user.id,
      type: 'user.changed',
      outcome: 'success',
      actor: actorOf(principal),
      target: { kind: 'user', id: user.id },
      details: { changed: ['name'] },
      requestId: c.get('requestId'),
    })
    return answer(c, success(userView(user)))
  })

  router.openapi(createTokenRoute, async (c) => {
    const { name, scopes, expires_in_days: days } = c.req.valid('json')
    const expiresAt = days === null ? null : new Date(deps.clock.now().getTime() + days * MILLISECONDS_PER_DAY)
    const created = await createApiToken(deps, c.get('principal'), { name, scopes, expiresAt }, c.get('requestId'))
    c.header('cache-control', 'no-store')
    if (!created.ok) return answer(c, created)
    return answer(c, success({ ...apiTokenView(created.value), token: created.value.token }))
  })

  router.openapi(listTokensRoute, async (c) => {
    const { userId } = c.get('principal')
    const rows = await deps.database.asUser(userId, (tx) => listApiTokens(userId, tx))
    return answer(c, success({ tokens: rows.map(apiTokenView), next_cursor: null }))
  })

  router.openapi(revokeTokenRoute, async (c) =>
    answer(c, await revokeApiToken(deps, c.get('principal'), c.req.valid('param').id, c.get('requestId'))),
  )

  return router
}
