import { createHash } from 'node:crypto'
import { addressKey, outcomeOfTaken, type Limit, type Limits } from '#kernel/limits.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import type { Caller, IdentityDependencies } from './dependencies.ts'
import { recordFailedSignIn } from './failed-sign-ins.ts'
import { issuedSession, libraryHeaders, type IssuedSession } from './session.ts'
import { openSessionToken } from './session-token.ts'
import { deleteSession, forgetSessions } from './session-store.ts'
import { findLoginsOf, findUserIdByEmail } from './store.ts'
import { normalizeEmail } from './user.ts'

export interface SignInRequest {
  readonly email: string
  readonly password: string
  /** The signed token of a session that the browser still holds; it ends, so that nobody can plant one (fixation). */
  readonly replaces?: string | undefined
}

/** More browsers and programs than a person has; the oldest session makes room for the newest. */
const SESSIONS_PER_USER = 100
/** No user has this id. */
const NOBODY = 0

/** Checks the password and starts a session. Unknown address and wrong password are the same answer after the same work. */
export async function signIn(
  deps: IdentityDependencies,
  caller: Caller,
  request: SignInRequest,
): Promise<Outcome<IssuedSession>> {
  const email = normalizeEmail(request.email)
  const account = createHash('sha256').update(email).digest('hex')
  const counted = attemptsOf(deps.limits, account, caller.address)
  const allowed = await takeAll(counted)
  if (!allowed.ok) return allowed
  const userId = await findUserIdByEmail(email, deps.database.login)
  // For a known address the library asks for its logins, too; the time must not tell.
  if (userId === undefined) await findLoginsOf(NOBODY, deps.database.login)
  const issued = await sessionOrGiveBack(counted, () =>
    startSession(deps, caller, { email, password: request.password }),
  )
  if (!issued.ok) {
    await recordFailedSignIn(deps, caller, { account, userId: userId ?? null, code: issued.problem.code })
    return issued
  }
  await endReplaced(deps, request.replaces)
  const keep = { now: deps.clock.now(), newest: SESSIONS_PER_USER }
  await forgetSessions(issued.value.session.id, keep, deps.database.login)
  await deps.audit.record({
    userId: issued.value.session.id,
    type: 'user.signed_in',
    outcome: 'success',
    actor: { kind: 'user', user_id: issued.value.session.id, address: caller.address },
    target: { kind: 'session', id: issued.value.session.session_id },
    requestId: caller.requestId,
  })
  return issued
}

/** Only refusals stay counted: a right password is no attack, and one that could not be checked tells nothing. */
async function sessionOrGiveBack(
  counted: readonly Attempt[],
  start: () => Promise<Outcome<IssuedSession>>,
): Promise<Outcome<IssuedSession>> {
  let isRefused = false
  try {
    const issued = await start()
    isRefused = !issued.ok
    return issued
  } finally {
    if (!isRefused) await Promise.all(counted.map(({ limit, key }) => limit.giveBack(key)))
  }
}

/** A session for a right e-mail address and password, without limits or records. */
export async function startSession(
  deps: IdentityDependencies,
  caller: Caller,
  body: { email: string; password: string },
): Promise<Outcome<IssuedSession>> {
  const answer = await deps.library.api.signInEmail({ body, headers: libraryHeaders(caller), asResponse: true })
  return issuedSession(deps, answer)
}

async function endReplaced(deps: IdentityDependencies, signed: string | undefined): Promise<void> {
  const token = signed === undefined ? null : openSessionToken(signed, deps.authSecret)
  if (token !== null) await deleteSession(token, deps.database.login)
}

interface Attempt {
  readonly limit: Limit
  readonly key: string
}

/**
 * What an attempt is refused by: what its own address failed at, never what others did, or anybody could keep the owner of
 * an account out. The work of many addresses is bounded by the queue of passwords to check.
 */
function attemptsOf(limits: Limits, account: string, address: string): Attempt[] {
  const from = addressKey(address)
  return [
    { limit: limits.signInAddress, key: from },
    { limit: limits.signInAccountAddress, key: `${account}:${from}` },
  ]
}

async function takeAll(attempts: readonly Attempt[]): Promise<Outcome<null>> {
  for (const { limit, key } of attempts) {
    const taken = await limit.take(key)
    if (!taken.ok) return outcomeOfTaken(taken, 'Too many attempts to sign in. Wait, then try again.')
  }
  return success(null)
}
