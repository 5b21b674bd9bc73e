import { addressKey, outcomeOfTaken } from '#kernel/limits.ts'
import { ProblemError, type Outcome, type Problem } from '#kernel/problem.ts'
import { hashToken } from './api-token.ts'
import type { Caller, IdentityDependencies } from './dependencies.ts'
import { recordQuietly } from './record-denial.ts'
import type { IssuedSession } from './session.ts'
import { startSession } from './sign-in.ts'
import { claimInvitation } from './invitation-store.ts'
import { anyLocalUserExists, insertUser, type NewUser } from './store.ts'
import { normalizeEmail, type User } from './user.ts'

export interface SignUpRequest {
  readonly name: string
  readonly email: string
  readonly password: string
  readonly invitation?: string | undefined
}

const CLOSED: Problem = {
  code: 'forbidden',
  detail: 'Sign-up is closed on this instance. Ask its administrator for an account.',
}
const NOT_INVITED: Problem = {
  code: 'forbidden',
  detail: 'Sign-up needs an unused invitation for this e-mail address. Ask the administrator of this instance for one.',
}
export const EMAIL_TAKEN: Problem = {
  code: 'conflict',
  detail: 'This e-mail address has an account already.',
  path: 'email',
}

/**
 * Makes an account and its first session. The very first one owns the instance. In `open` mode the answer tells whether an
 * address has an account (without mail there is no other way to say it); in `invitation` mode only the invited learn it.
 */
export async function signUp(
  deps: IdentityDependencies,
  caller: Caller,
  request: SignUpRequest,
): Promise<Outcome<IssuedSession>> {
  const taken = await deps.limits.signUpAddress.take(addressKey(caller.address))
  const allowed = outcomeOfTaken(taken, 'Too many sign-ups from this address. Wait, then try again.')
  if (!allowed.ok) return allowed
  const email = normalizeEmail(request.email)
  // Hashed before anything is looked up, and outside the transaction: it takes long, whatever the outcome.
  const passwordHash = await deps.passwords.hash(request.password)
  const created = await admit(deps, { name: request.name, email, passwordHash }, request.invitation)
  if (!created.ok) {
    if (created.problem.code === 'forbidden') await recordRefusal(deps, caller, created.problem)
    return created
  }
  await deps.audit.record({
    userId: created.value.id,
    type: 'user.signed_up',
    outcome: 'success',
    actor: { kind: 'user', user_id: created.value.id, address: caller.address },
    target: { kind: 'user', id: created.value.id, role: created.value.role },
    requestId: caller.requestId,
  })
  return startSession(deps, caller, { email, password: request.password })
}

/** The limit of sign-ups from one address keeps the log from filling. */
async function recordRefusal(deps: IdentityDependencies, caller: Caller, problem: Problem): Promise<void> {
  await recordQuietly(deps, {
    userId: null,
    type: 'access.denied',
    outcome: 'denied',
    actor: { kind: 'anonymous', address: caller.address },
    details: { reason: problem.code, action: 'sign_up', mode: deps.signUpMode },
    requestId: caller.requestId,
  })
}

type Applicant = Omit<NewUser, 'role'>

/** Twice at most: whoever loses the race for the first account meets an instance that has its owner. */
async function admit(deps: IdentityDependencies, applicant: Applicant, invitation?: string): Promise<Outcome<User>> {
  const first = await insertApplicant(deps, applicant, invitation)
  return first === 'owner_exists' ? afterRace(await insertApplicant(deps, applicant, invitation)) : first
}

function afterRace(second: Outcome<User> | 'owner_exists'): Outcome<User> {
  if (second === 'owner_exists') throw new Error('An instance with an owner has no users')
  return second
}

async function insertApplicant(
  deps: IdentityDependencies,
  applicant: Applicant,
  invitation: string | undefined,
): Promise<Outcome<User> | 'owner_exists'> {
  try {
    const user = await deps.database.login.transaction().execute(async (tx) => {
      // Users of trusted issuers may be there before; they never own the instance.
      const isFirst = !(await anyLocalUserExists(tx))
      if (!isFirst) {
        const refusal = await refusalOf(deps, invitation, (tokenHash) =>
          claimInvitation({ tokenHash, email: applicant.email }, deps.clock.now(), tx),
        )
        if (refusal !== null) throw new ProblemError(refusal)
      }
      return insertUser({ ...applicant, role: isFirst ? 'owner' : 'user' }, tx)
    })
    return { ok: true, value: user }
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problem: error.problem }
    const constraint = uniqueViolation(error)
    if (constraint === 'users_one_owner') return 'owner_exists'
    if (constraint === 'users_email_key') return { ok: false, problem: EMAIL_TAKEN }
    throw error
  }
}

async function refusalOf(
  deps: IdentityDependencies,
  invitation: string | undefined,
  claim: (tokenHash: string) => Promise<boolean>,
): Promise<Problem | null> {
  if (deps.signUpMode === 'closed') return CLOSED
  if (invitation === undefined) return deps.signUpMode === 'invitation' ? NOT_INVITED : null
  return (await claim(hashToken(invitation))) ? null : NOT_INVITED
}

const UNIQUE_VIOLATION = '23505'

/** The name of the unique index that refused a row, on both engines. */
export function uniqueViolation(error: unknown): string | null {
  const { code, constraint } = error as { code?: string; constraint?: string }
  return code === UNIQUE_VIOLATION ? (constraint ?? '') : null
}
