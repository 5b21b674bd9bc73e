import { actorOf } from '#audit/audit.ts'
import type { Principal } from '#kernel/principal.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import type { EndedAccess, IdentityDependencies } from './dependencies.ts'
import { deleteInvitationsOf } from './invitation-store.ts'
import { deleteUserRow, updateUser } from './store.ts'
import { USER_GONE, type User } from './user.ts'

/**
 * Removes a user: nothing of theirs is let in any more, then their connections are ended at the providers, then every row goes.
 * Events about them stay: the record outlives the user, whom it knows by number.
 * @returns `not_found` where another deletion was faster
 * @throws where the connections could not be ended or the rows not deleted; the user is let in again as before
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
  const suspension = { banned: true, ban_reason: 'This account is being deleted.', ban_expires: null }
  if ((await updateUser(id, suspension, login)) === undefined) return USER_GONE
  deps.tokenCache.forget(id)
  const ended = await endAndDelete(deps, principal, user, requestId)
  await deleteInvitationsOf(user.email, login)
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
  { id: userId, banned, ban_reason, ban_expires }: User,
  requestId: string,
): Promise<readonly EndedAccess[]> {
  try {
    const ended = (await deps.beforeUserDeleted?.({ userId, principal, requestId })) ?? []
    await deleteUserRow(userId, deps.database.login)
    return ended
  } catch (error) {
    await updateUser(userId, { banned, ban_reason, ban_expires }, deps.database.login)
    deps.tokenCache.forget(userId)
    throw error
  }
}
