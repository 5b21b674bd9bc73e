import { createRoute, z } from '@hono/zod-openapi'
import { answer, createAppRouter, jsonBody, jsonRoute, type AppRouter } from '#kernel/http.ts'
import { success } from '#kernel/problem.ts'
import type { Authentication } from './authenticate.ts'
import { changeEmail } from './change-email.ts'
import { deleteOwnAccount } from './delete-own-account.ts'
import type { IdentityDependencies } from './dependencies.ts'
import { endSession } from './end-session.ts'
import { callerOf } from './presented.ts'
import { setCookies } from './session.ts'
import { emailSchema, endedAccessSchema, nameSchema, passwordSchema, userSchema, userView } from './wire.ts'

/** What of a user's own account asks for the password once more. */

const TAG = 'Account'

const changeEmailRoute = createRoute({
  ...jsonRoute({
    method: 'post',
    path: '/api/me/email',
    tag: TAG,
    summary: 'Change my e-mail address',
    description: 'Needs a session and the password. It counts at once, and ends your other sessions; API tokens stay.',
    response: userSchema,
  }),
  request: { body: jsonBody(z.strictObject({ email: emailSchema, password: passwordSchema })) },
})

const deleteRoute = createRoute({
  ...jsonRoute({
    method: 'post',
    path: '/api/me/delete',
    tag: TAG,
    summary: 'Delete my account',
    description:
      'Needs a session, the password and your name as it stands in the account. Ends every session, token and client, ends your connections at the providers where that can be done (`receipts` say what is left to do), and deletes what you own. It cannot be undone. The owner of the instance stays.',
    response: z.object({ deleted: z.literal(true), receipts: z.array(endedAccessSchema) }),
  }),
  request: { body: jsonBody(z.strictObject({ password: passwordSchema, name: nameSchema })) },
})

export function ownAccountRoutes(deps: IdentityDependencies, authentication: Authentication): AppRouter {
  const router = createAppRouter()
  const needsAccount = authentication.requireScope('account')
  for (const { path } of [changeEmailRoute, deleteRoute]) router.use(path, needsAccount)

  router.openapi(changeEmailRoute, async (c) => {
    const changed = await changeEmail(deps, callerOf(c), c.get('principal'), c.req.valid('json'))
    return answer(c, changed.ok ? success(userView(changed.value)) : changed)
  })

  router.openapi(deleteRoute, async (c) => {
    const deleted = await deleteOwnAccount(deps, callerOf(c), c.get('principal'), c.req.valid('json'))
    if (!deleted.ok) return answer(c, deleted)
    setCookies(c, await endSession(deps, callerOf(c), undefined))
    return answer(c, success({ deleted: true as const, receipts: [...deleted.value] }))
  })

  return router
}
