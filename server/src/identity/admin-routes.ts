import { createRoute, z } from '@hono/zod-openapi'
import { actorOf } from '#audit/audit.ts'
import { answer, createAppRouter, jsonBody, jsonRoute, LARGEST_ID, type AppRouter } from '#kernel/http.ts'
import { failure, success } from '#kernel/problem.ts'
import type { Authentication } from './authenticate.ts'
import { changeUser } from './change-user.ts'
import { createUser } from './create-user.ts'
import { deleteUser } from './delete-user.ts'
import type { IdentityDependencies } from './dependencies.ts'
import { invite } from './invite.ts'
import { deleteInvitation, listInvitations } from './invitation-store.ts'
import { listUsers } from './store.ts'
import {
  emailSchema,
  idParameterSchema,
  invitationSchema,
  invitationView,
  managedUserSchema,
  managedUserView,
  nameSchema,
  newPasswordSchema,
} from './wire.ts'

/** `/api/admin/users` and `/api/invitations`: who is on this instance. For its owner and administrators. */

const TAG = 'Administration'
const PAGE_SIZE = 50
const PAGE_MAXIMUM = 200
/** More pending invitations than anyone reads through. */
const INVITATIONS_SHOWN = 200
const BAN_REASON_MAXIMUM_LENGTH = 500
/** As long as the longest address. */
const SEARCH_MAXIMUM_LENGTH = 254

const grantedRoleSchema = z.enum(['admin', 'user'])

const listUsersRoute = createRoute({
  ...jsonRoute({
    method: 'get',
    path: '/api/admin/users',
    tag: TAG,
    summary: 'The users of this instance',
    description: 'By id. `cursor` takes `next_cursor` of the page before.',
    response: z.object({ users: z.array(managedUserSchema), next_cursor: z.number().int().nullable() }),
  }),
  request: {
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(PAGE_MAXIMUM).default(PAGE_SIZE),
      cursor: z.coerce.number().int().min(0).max(LARGEST_ID).default(0),
      search: z.string().trim().max(SEARCH_MAXIMUM_LENGTH).optional().openapi({
        description: 'Part of a name or an e-mail address; or an id',
      }),
    }),
  },
})

const createUserRoute = createRoute({
  ...jsonRoute({
    method: 'post',
    path: '/api/admin/users',
    tag: TAG,
    summary: 'Make an account for somebody',
    response: managedUserSchema,
  }),
  request: {
    body: jsonBody(
      z.strictObject({
        name: nameSchema,
        email: emailSchema,
        password: newPasswordSchema,
        role: grantedRoleSchema.default('user'),
      }),
    ),
  },
})

const changeUserRoute = createRoute({
  ...jsonRoute({
    method: 'patch',
    path: '/api/admin/users/{id}',
    tag: TAG,
    summary: 'Change a role, suspend or restore an account',
    description: 'Ends the sessions of that user.',
    response: managedUserSchema,
  }),
  request: {
    params: idParameterSchema,
    body: jsonBody(
      z
        .strictObject({
          role: grantedRoleSchema.optional(),
          banned: z.boolean().optional(),
          ban_reason: z.string().max(BAN_REASON_MAXIMUM_LENGTH).nullable().optional(),
          ban_expires_at: z.iso.datetime({ offset: true }).nullable().optional(),
        })
        .refine((change) => Object.keys(change).length > 0, 'Name at least one change'),
    ),
  },
})

const deleteUserRoute = createRoute({
  ...jsonRoute({
    method: 'delete',
    path: '/api/admin/users/{id}',
    tag: TAG,
    summary: 'Delete a user with everything they own',
    response: z.object({ id: z.number().int(), deleted: z.literal(true) }),
  }),
  request: { params: idParameterSchema },
})

const inviteRoute = createRoute({
  ...jsonRoute({
    method: 'post',
    path: '/api/invitations',
    tag: TAG,
    summary: 'Invite an e-mail address',
    description:
      'The token is in this answer and nowhere else. Sent as `invitation` it lets that address sign up once.',
    response: invitationSchema.extend({ token: z.string() }).openapi('NewInvitation'),
  }),
  request: { body: jsonBody(z.strictObject({ email: emailSchema })) },
})

const listInvitationsRoute = createRoute(
  jsonRoute({
    method: 'get',
    path: '/api/invitations',
    tag: TAG,
    summary: 'Invitations that wait',
    response: z.object({ invitations: z.array(invitationSchema), next_cursor: z.null() }),
  }),
)

const withdrawRoute = createRoute({
  ...jsonRoute({
    method: 'delete',
    path: '/api/invitations/{id}',
    tag: TAG,
    summary: 'Withdraw an invitation',
    response: z.object({ id: z.number().int(), withdrawn: z.literal(true) }),
  }),
  request: { params: idParameterSchema },
})

export function adminRoutes(deps: IdentityDependencies, authentication: Authentication): AppRouter {
  const router = createAppRouter()
  const needsAdmin = authentication.requireScope('admin')
  for (const path of ['/api/admin/users', '/api/admin/users/:id', '/api/invitations', '/api/invitations/:id']) {
    router.use(path, needsAdmin)
  }
  addUserRoutes(router, deps)
  addInvitationRoutes(router, deps)
  return router
}

function addUserRoutes(router: AppRouter, deps: IdentityDependencies): void {
  router.openapi(listUsersRoute, async (c) => {
    const { limit, cursor, search } = c.req.valid('query')
    const rows = await listUsers({ after: cursor, limit: limit + 1, search }, deps.database.login)
    const users = rows.slice(0, limit)
    const next = rows.length > limit ? (users.at(-1)?.id ?? null) : null
    return answer(c, success({ users: users.map(managedUserView), next_cursor: next }))
  })

  router.openapi(createUserRoute, async (c) => {
    const created = await createUser(deps, c.get('principal'), c.req.valid('json'), c.get('requestId'))
    return answer(c, created.ok ? success(managedUserView(created.value)) : created)
  })

  router.openapi(changeUserRoute, async (c) => {
    const body = c.req.valid('json')
    const ends = body.ban_expires_at
    const change = {
      role: body.role,
      banned: body.banned,
      banReason: body.ban_reason,
      banExpiresAt: typeof ends === 'string' ? new Date(ends) : ends,
    }
    const request = { id: c.req.valid('param').id, change }
    const changed = await changeUser(deps, c.get('principal'), request, c.get('requestId'))
    return answer(c, changed.ok ? success(managedUserView(changed.value)) : changed)
  })

  router.openapi(deleteUserRoute, async (c) =>
    answer(c, await deleteUser(deps, c.get('principal'), c.req.valid('param').id, c.get('requestId'))),
  )
}

function addInvitationRoutes(router: AppRouter, deps: IdentityDependencies): void {
  router.openapi(inviteRoute, async (c) => {
    const created = await invite(deps, c.get('principal'), c.req.valid('json'), c.get('requestId'))
    c.header('cache-control', 'no-store')
    if (!created.ok) return answer(c, created)
    return answer(c, success({ ...invitationView(created.value), token: created.value.token }))
  })

  router.openapi(listInvitationsRoute, async (c) => {
    const rows = await listInvitations(deps.clock.now(), INVITATIONS_SHOWN, deps.database.login)
    return answer(c, success({ invitations: rows.map(invitationView), next_cursor: null }))
  })

  router.openapi(withdrawRoute, async (c) => {
    const { id } = c.req.valid('param')
    if (!(await deleteInvitation(id, deps.database.login))) return answer(c, NO_INVITATION)
    await deps.audit.record({
      userId: c.get('principal').userId,
      type: 'invitation.withdrawn',
      outcome: 'success',
      actor: actorOf(c.get('principal')),
      target: { kind: 'invitation', id },
      requestId: c.get('requestId'),
    })
    return answer(c, success({ id, withdrawn: true as const }))
  })
}

const NO_INVITATION = failure('not_found', 'There is no such invitation, or it was used.')
