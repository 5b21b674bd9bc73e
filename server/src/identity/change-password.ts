import { actorOf } from '#audit/audit.ts'
import { outcomeOfTaken } from '#kernel/limits.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Outcome } from '#kernel/problem.ts'
import type { Caller, IdentityDependencies } from './dependencies.ts'
import { issuedSession, libraryHeaders, type IssuedSession } from './session.ts'

export interface PasswordChange {
  readonly currentPassword: string
  readonly newPassword: string
  /** Whether every session of the user ends, and a new one starts. */
  readonly endsOtherSessions: boolean
  /** The session that asks, as its client holds it. */
  readonly signedToken: string
}

/**
 * Sets another password. Ends every session of the user and starts a new one, unless they want to keep them. API tokens stay
 * as they are.
 */
export async function changePassword(
  deps: IdentityDependencies,
  caller: Caller,
  principal: Principal,
  change: PasswordChange,
): Promise<Outcome<IssuedSession>> {
  const key = `user:${principal.userId}`
  const taken = await deps.limits.signInAccountAddress.take(key)
  const allowed = outcomeOfTaken(taken, 'Too many attempts. Wait, then try again.')
  if (!allowed.ok) return allowed
  const answer = await deps.library.api.changePassword({
    body: {
      currentPassword: change.currentPassword,
      newPassword: change.newPassword,
      revokeOtherSessions: change.endsOtherSessions,
    },
    headers: libraryHeaders(caller, { publicUrl: deps.publicUrl, signedToken: change.signedToken }),
    asResponse: true,
  })
  const kept = change.endsOtherSessions ? undefined : change.signedToken
  const issued = await issuedSession(deps, answer, kept)
  if (issued.ok) await deps.limits.signInAccountAddress.giveBack(key)
  await deps.audit.record({
    userId: principal.userId,
    type: 'user.changed',
    outcome: issued.ok ? 'success' : 'failure',
    actor: actorOf(principal),
    target: { kind: 'user', id: principal.userId },
    details: { changed: ['password'] },
    requestId: caller.requestId,
  })
  return issued
}
