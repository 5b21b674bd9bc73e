import { actorOf } from '#audit/audit.ts'
import type { Principal } from '#kernel/principal.ts'
import type { EndedAccess, IdentityDependencies } from './dependencies.ts'
import { deleteInvitationsOf } from './invitation-store.ts'
import { deleteUserRow, updateUser } from './store.ts'
import type { User } from './user.ts'

/**
 * Removes a user: nothing of theirs is let in any more, then their connections are ended at the providers, then every row goes.
 * Events about them stay: the record outlives the user, whom it knows by number.
 * @throws where the connections could not be ended; the user is let in again as before
 */
export async function removeUser(
  deps: IdentityDependencies,
  principal: Principal,
  user: User,
  requestId: string,
): Promise<readonly EndedAccess[]> {
  const { id } = user
  const { login } = deps.database
  // First of all, on every replica: what is ended must not be made again meanwhile.
  await updateUser(id, { banned: true, ban_reason: 'This account is being deleted.', ban_expires: null }, login)
  deps.tokenCache.forget(id)
  const ended = await endAccess(deps, principal, user, requestId)
  await deleteUserRow(id, login)
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
  return ended
}

async function endAccess(
  deps: IdentityDependencies,
  principal: Principal,
  { id: userId, banned, ban_reason, ban_expires }: User,
  requestId: string,
): Promise<readonly EndedAccess[]> {
  try {
    return (await deps.beforeUserDeleted?.({ userId, principal, requestId })) ?? []
  } catch (error) {
    await updateUser(userId, { banned, ban_reason, ban_expires }, deps.database.login)
    deps.tokenCache.forget(userId)
    throw error
  }
}
