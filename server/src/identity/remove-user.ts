import { actorOf } from '#audit/audit.ts'
import type { Principal } from '#kernel/principal.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import type { EndedAccess, IdentityDependencies } from './dependencies.ts'
import { deleteInvitationsOf } from './invitation-store.ts'
import { deleteUserRow, suspendUser, undoSuspension } from './store.ts'
import { USER_GONE, type User } from './user.ts'

/** Also tells a failed deletion that the suspension is still its own. */
const BEING_DELETED = 'This account is being deleted.'

/**
 * Removes a user: nothing of theirs is let in any more, then their connections are ended at the providers, then every row goes.
 * Events about them stay: the record outlives the user, whom it knows by number.
 * @returns `not_found` where another deletion was faster
 * @throws where the connections could not be ended or the rows not deleted; the user is let in again as before, unless they were suspended meanwhile
 */
export async function removeUser(
  deps: IdentityDependencies,
  principal: Principal,
  user: User,
  requestId: string,
): Promise<Outcome<readonly EndedAccess[]>> {
  const { id } = user
  const { login } = deps.database
  // First of all, on every replica: what is ended must not be made again meanwhile.
  const before = await suspendUser(id, BEING_DELETED, login)
  if (before === undefined) return USER_GONE
  deps.tokenCache.forget(id)
  const ended = await endAndDelete(deps, principal, before, requestId)
  deps.tokenCache.forget(id)
  await deps.audit.record({
    userId: id,
    type: 'user.deleted',
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'user', id },
    requestId,
  })
  return success(ended)
}

async function endAndDelete(
  deps: IdentityDependencies,
  principal: Principal,
  before: User,
  requestId: string,
): Promise<readonly EndedAccess[]> {
  const userId = before.id
  try {
    const ended = (await deps.beforeUserDeleted?.({ userId, principal, requestId })) ?? []
    await deps.database.login.transaction().execute(async (tx) => {
      await deleteUserRow(userId, tx)
      await deleteInvitationsOf(before.email, tx)
    })
    return ended
  } catch (error) {
    await undoSuspension(before, BEING_DELETED, deps.database.login)
    deps.tokenCache.forget(userId)
    throw error
  }
}
