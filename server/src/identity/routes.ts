import { createRoute, z } from '@hono/zod-openapi'
import {
  answer,
  createAppRouter,
  jsonBody,
  jsonRoute,
  sendProblem,
  type AppContext,
  type AppRouter,
} from '#kernel/http.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Authentication } from './authenticate.ts'
import { changePassword } from './change-password.ts'
import { currentSession } from './current-session.ts'
import type { IdentityDependencies } from './dependencies.ts'
import { endSession } from './end-session.ts'
import { callerOf, presentedCredential, refuseForeign, sessionCookie } from './presented.ts'
import { setCookies, type IssuedSession } from './session.ts'
import { signIn } from './sign-in.ts'
import { signUp } from './sign-up.ts'
import { signUpOffer } from './sign-up-offer.ts'
import {
  emailSchema,
  invitationTokenSchema,
  nameSchema,
  newPasswordSchema,
  passwordSchema,
  sessionSchema,
  sessionView,
  userSchema,
  userView,
} from './wire.ts'

/** `/api/auth/*`: accounts and sessions. */

const TAG = 'Sign-in'

const issuedSchema = z
  .object({
    token: z.string().openapi({ description: 'Send it as `Authorization: Bearer <token>`; also in `set-auth-token`.' }),
    user: userSchema,
    session: sessionSchema,
  })
  .openapi('SignedIn')

const signUpOfferRoute = createRoute(
  jsonRoute({
    method: 'get',
    path: '/api/auth/sign-up',
    tag: TAG,
    summary: 'Whether and how an account can be made',
    response: z
      .object({
        mode: z.enum(['open', 'invitation', 'closed']),
        is_first: z
          .boolean()
          .openapi({ description: 'Nobody owns the instance yet: whoever comes does, whatever the mode' }),
        password_minimum: z.number().int().openapi({ description: 'Characters' }),
      })
      .openapi('SignUpOffer'),
    authenticated: false,
  }),
)

const signUpRoute = createRoute({
  ...jsonRoute({
    method: 'post',
    path: '/api/auth/sign-up/email',
    tag: TAG,
    summary: 'Make an account and sign in',
    description: 'The first account owns the instance. Where sign-up needs an invitation, send it as `invitation`.',
    response: issuedSchema,
    authenticated: false,
  }),
  request: {
    body: jsonBody(
      z.strictObject({
        name: nameSchema,
        email: emailSchema,
        password: newPasswordSchema,
        invitation: invitationTokenSchema.optional(),
      }),
    ),
  },
})

const signInRoute = createRoute({
  ...jsonRoute({
    method: 'post',
    path: '/api/auth/sign-in/email',
    tag: TAG,
    summary: 'Sign in with e-mail and password',
    response: issuedSchema,
    authenticated: false,
  }),
  request: { body: jsonBody(z.strictObject({ email: z.string().min(1).max(1_024), password: passwordSchema })) },
})

const signOutRoute = createRoute(
  jsonRoute({
    method: 'post',
    path: '/api/auth/sign-out',
    tag: TAG,
    summary: 'End this session',
    description: 'Succeeds without one, too.',
    response: z.object({ success: z.literal(true) }),
    authenticated: false,
  }),
)

const getSessionRoute = createRoute(
  jsonRoute({
    method: 'get',
    path: '/api/auth/get-session',
    tag: TAG,
    summary: 'The session of the cookie or bearer token, or null',
    description: 'Extends the session where that is due. `GET /api/me` works with every kind of token.',
    response: z.object({ session: sessionSchema, user: userSchema }).nullable(),
    authenticated: false,
  }),
)

const changePasswordRoute = createRoute({
  ...jsonRoute({
    method: 'post',
    path: '/api/auth/change-password',
    tag: TAG,
    summary: 'Set another password',
    description:
      'Needs a session. Ends every session of yours and answers with a new one, unless `end_other_sessions` is false; API tokens stay.',
    response: issuedSchema,
  }),
  request: {
    body: jsonBody(
      z.strictObject({
        current_password: passwordSchema,
        new_password: newPasswordSchema,
        end_other_sessions: z.boolean().default(true),
      }),
    ),
  },
})

export function authRoutes(deps: IdentityDependencies, authentication: Authentication): AppRouter {
  const router = createAppRouter()

  // Before any body is read, so that a foreign page learns nothing.
  for (const { path } of [signUpRoute, signInRoute, signOutRoute]) {
    router.use(path, async (c, next) => {
      const own = refuseForeign(c, deps)
      return own.ok ? next() : sendProblem(c, own.problem)
    })
  }

  router.openapi(signUpOfferRoute, async (c) => answer(c, success(await signUpOfferView(deps))))

  router.openapi(signUpRoute, async (c) => sendIssued(c, await signUp(deps, callerOf(c), c.req.valid('json'))))

  router.openapi(signInRoute, async (c) => {
    const request = { ...c.req.valid('json'), replaces: sessionCookie(c, deps) }
    return sendIssued(c, await signIn(deps, callerOf(c), request))
  })

  router.openapi(signOutRoute, async (c) => {
    const presented = presentedCredential(c, deps)
    // A cookie that foreign pages could send does not end the session: that would be a nuisance to its user.
    if (!presented.ok && presented.problem.code === 'forbidden') return answer(c, presented)
    const token = presented.ok ? presented.value.token : undefined
    setCookies(c, await endSession(deps, callerOf(c), token))
    return answer(c, success({ success: true as const }))
  })

  router.openapi(getSessionRoute, async (c) => {
    const presented = presentedCredential(c, deps)
    if (!presented.ok && presented.problem.code === 'missing_token') return answer(c, success(null))
    const resolved = await authentication.resolve(c)
    if (!resolved.ok) return answer(c, resolved)
    if (!presented.ok || resolved.value.via.kind !== 'session') return answer(c, success(null))
    const current = await currentSession(deps, callerOf(c), presented.value.token)
    if (current === null) return answer(c, success(null))
    setCookies(c, current.cookies)
    return answer(c, success({ session: sessionView(current.session), user: userView(current.session) }))
  })

  router.use(changePasswordRoute.path, authentication.authenticate)
  router.openapi(changePasswordRoute, async (c) => {
    const principal = c.get('principal')
    const presented = presentedCredential(c, deps)
    if (principal.via.kind !== 'session' || !presented.ok) return answer(c, NEEDS_SESSION)
    const body = c.req.valid('json')
    const change = {
      currentPassword: body.current_password,
      newPassword: body.new_password,
      endsOtherSessions: body.end_other_sessions,
      signedToken: presented.value.token,
    }
    return sendIssued(c, await changePassword(deps, callerOf(c), principal, change))
  })

  return router
}

const NEEDS_SESSION = failure(
  'forbidden',
  'A password is changed in a session. Sign in with e-mail and password first.',
)

function sendIssued(c: AppContext, outcome: Outcome<IssuedSession>): never {
  if (!outcome.ok) return answer(c, outcome)
  const { token, cookies, session } = outcome.value
  setCookies(c, cookies)
  c.header('set-auth-token', token)
  c.header('cache-control', 'no-store')
  return answer(c, success({ token, user: userView(session), session: sessionView(session) }))
}

async function signUpOfferView(deps: IdentityDependencies) {
  const { mode, isFirst, passwordMinimum } = await signUpOffer(deps)
  return { mode, is_first: isFirst, password_minimum: passwordMinimum }
}
