import type { Principal } from '#kernel/principal.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { mayManage } from './administration.ts'
import type { IdentityDependencies } from './dependencies.ts'
import { recordForbidden } from './record-denial.ts'
import { removeUser } from './remove-user.ts'
import { findUser } from './store.ts'

/** Deletes a user and everything they own. Events about them stay: the record outlives the user. */
export async function deleteUser(
  deps: IdentityDependencies,
  principal: Principal,
  id: number,
  requestId: string,
): Promise<Outcome<{ id: number; deleted: true }>> {
  const target = await findUser(id, deps.database.login)
  if (target === undefined) return failure('not_found', 'There is no such user.')
  const allowed = mayManage(principal, target)
  if (!allowed.ok) {
    await recordForbidden(deps, { principal, action: 'delete_user', targetId: id, requestId }, allowed.problem)
    return allowed
  }
  const removed = await removeUser(deps, principal, target, requestId)
  return removed.ok ? success({ id, deleted: true }) : removed
}
