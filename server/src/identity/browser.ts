import { z } from '@hono/zod-openapi'
import { problemOfIssues, type AppContext } from '#kernel/http.ts'
import { outcomeOfTaken } from '#kernel/limits.ts'
import { ProblemError, success, type Outcome } from '#kernel/problem.ts'
import type { IdentityDependencies } from './dependencies.ts'
import { endSession } from './end-session.ts'
import { callerOf, refuseForeign, sessionCookie } from './presented.ts'
import { setCookies, type IssuedSession } from './session.ts'
import { signIn } from './sign-in.ts'
import { signUp, type SignUpRequest } from './sign-up.ts'
import { signUpOffer, type SignUpOffer } from './sign-up-offer.ts'
import { findUser } from './store.ts'
import { verifyToken } from './verify-token.ts'
import { emailSchema, invitationTokenSchema, nameSchema, newPasswordSchema } from './wire.ts'

/** The session of a browser, for pages that the server renders: the same use cases as the API's, with forms before them. */
export interface BrowserIdentity {
  /**
   * The user of the session cookie, or null. A bearer token does not count: a page is for whoever sits before it.
   * @throws ProblemError `rate_limited`
   */
  readonly current: (c: AppContext) => Promise<BrowserUser | null>
  /** What a user is called, for a page that says for whom it is; null for one that is gone. */
  readonly person: (userId: number) => Promise<{ readonly name: string; readonly email: string } | null>
  /** Fails where a page of another site sent the request. */
  readonly refuseForeign: (c: AppContext) => Outcome<undefined>
  /** Leaves the session's cookie with the answer to come. */
  readonly signIn: (c: AppContext, credentials: { email: string; password: string }) => Promise<Outcome<null>>
  /** The same for an account that is made. `invalid_request` names the field as its path. */
  readonly signUp: (c: AppContext, draft: SignUpRequest) => Promise<Outcome<null>>
  readonly signOut: (c: AppContext) => Promise<void>
  readonly signUpOffer: () => Promise<SignUpOffer>
}

export interface BrowserUser {
  readonly id: number
  readonly name: string
  readonly email: string
  readonly sessionId: string
}

const signUpSchema = z.object({
  name: nameSchema,
  email: emailSchema,
  password: newPasswordSchema,
  invitation: invitationTokenSchema.optional(),
})

export function createBrowserIdentity(deps: IdentityDependencies): BrowserIdentity {
  return {
    current: (c) => current(deps, c),
    async person(userId) {
      const user = await findUser(userId, deps.database.login)
      return user === undefined ? null : { name: user.name, email: user.email }
    },
    refuseForeign: (c) => refuseForeign(c, deps),
    async signIn(c, credentials) {
      return issued(c, await signIn(deps, callerOf(c), { ...credentials, replaces: sessionCookie(c, deps) }))
    },
    async signUp(c, draft) {
      const parsed = signUpSchema.safeParse(draft)
      if (!parsed.success) return { ok: false, problem: problemOfIssues(parsed.error.issues) }
      return issued(c, await signUp(deps, callerOf(c), parsed.data))
    },
    async signOut(c) {
      setCookies(c, await endSession(deps, callerOf(c), sessionCookie(c, deps)))
    },
    signUpOffer: () => signUpOffer(deps),
  }
}

async function current(deps: IdentityDependencies, c: AppContext): Promise<BrowserUser | null> {
  const cookie = sessionCookie(c, deps)
  const verdict = cookie === undefined ? null : await verifyToken(deps, cookie)
  if (verdict === null || !verdict.ok || verdict.value.via.kind !== 'session') return null
  const { userId, via } = verdict.value
  const allowed = outcomeOfTaken(await deps.limits.requests.take(userId), 'Too many requests. Wait, then go on.')
  if (!allowed.ok) throw new ProblemError(allowed.problem)
  const user = await findUser(userId, deps.database.login)
  return user === undefined ? null : { id: user.id, name: user.name, email: user.email, sessionId: via.id }
}

function issued(c: AppContext, outcome: Outcome<IssuedSession>): Outcome<null> {
  if (!outcome.ok) return outcome
  setCookies(c, outcome.value.cookies)
  return success(null)
}
