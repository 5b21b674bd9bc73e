import { actorOf } from '#audit/audit.ts'
import { outcomeOfTaken } from '#kernel/limits.ts'
import type { Principal } from '#kernel/principal.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Caller, IdentityDependencies } from './dependencies.ts'
import { provePassword } from './prove-password.ts'
import { deleteOtherSessions } from './session-store.ts'
import { uniqueViolation } from './sign-up.ts'
import { deleteInvitationsOf, isInvited } from './invitation-store.ts'
import { findUser, readdressUser } from './store.ts'
import { normalizeEmail, USER_GONE, type User } from './user.ts'

export interface EmailChange {
  readonly email: string
  readonly password: string
}

/**
 * Gives a user another e-mail address, at once: there is no mail to ask the new one. Their other sessions end; API tokens
 * stay. Whoever tries addresses to learn who is here has a few tries a day, each with the right password of an account.
 */
export async function changeEmail(
  deps: IdentityDependencies,
  caller: Caller,
  principal: Principal,
  change: EmailChange,
): Promise<Outcome<User>> {
  const proved = await provePassword(deps, principal, change.password)
  const changed = proved.ok ? await readdress(deps, principal.userId, normalizeEmail(change.email)) : proved
  if (changed.ok) await deleteOtherSessions(principal.userId, Number(principal.via.id), deps.database.login)
  await deps.audit.record({
    userId: principal.userId,
    type: 'user.changed',
    outcome: changed.ok ? 'success' : 'failure',
    actor: actorOf(principal),
    target: { kind: 'user', id: principal.userId },
    details: { changed: ['email'] },
    requestId: caller.requestId,
  })
  return changed
}

async function readdress(deps: IdentityDependencies, userId: number, email: string): Promise<Outcome<User>> {
  const taken = await deps.limits.emailChanges.take(userId)
  const allowed = outcomeOfTaken(taken, 'The address was changed often enough for today. Wait, then try again.')
  if (!allowed.ok) return allowed
  // An address that somebody else was invited by is theirs.
  if (await isInvited(email, deps.clock.now(), deps.database.login)) return NOT_USABLE
  try {
    const before = await findUser(userId, deps.database.login)
    const user = await readdressUser(userId, email, deps.database.login)
    if (before === undefined || user === undefined) return USER_GONE
    // The one that the user came by: nothing here would know later that the address was theirs.
    if (before.email !== email) await deleteInvitationsOf(before.email, deps.database.login)
    return success(user)
  } catch (error) {
    if (uniqueViolation(error) === 'users_email_key') return NOT_USABLE
    throw error
  }
}

const NOT_USABLE = failure('conflict', 'This address cannot be used here. Choose another one.', { path: 'email' })
