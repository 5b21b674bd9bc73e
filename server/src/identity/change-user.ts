import { actorOf } from '#audit/audit.ts'
import type { Principal } from '#kernel/principal.ts'
import { failure, ProblemError, success, type Outcome } from '#kernel/problem.ts'
import { mayGrant, mayManage, type GrantedRole } from './administration.ts'
import type { IdentityDependencies } from './dependencies.ts'
import { recordForbidden } from './record-denial.ts'
import { deleteSessionsOf } from './session-store.ts'
import { lockUser, updateUser } from './store.ts'
import type { User } from './user.ts'

export interface UserChange {
  readonly role?: GrantedRole | undefined
  readonly banned?: boolean | undefined
  readonly banReason?: string | null | undefined
  /** When the ban ends by itself; null: never. */
  readonly banExpiresAt?: Date | null | undefined
}

/**
 * Changes a user's role or ban. Their sessions end in both cases, so that none outlives the rights it was made with; API
 * tokens ask for the role and the ban at every request.
 */
export async function changeUser(
  deps: IdentityDependencies,
  principal: Principal,
  request: { readonly id: number; readonly change: UserChange },
  requestId: string,
): Promise<Outcome<User>> {
  const { id, change } = request
  const changed = await inTransaction(deps, async (tx) => {
    demand(mayManage(principal, demandUser(await lockUser(id, tx))))
    if (change.role !== undefined) demand(mayGrant(principal, change.role))
    await deleteSessionsOf(id, tx)
    return demandUser(await updateUser(id, columnsOf(change), tx))
  })
  if (!changed.ok) {
    await recordForbidden(deps, { principal, action: 'change_user', targetId: id, requestId }, changed.problem)
    return changed
  }
  deps.tokenCache.forget(id)
  await deps.audit.record({
    userId: id,
    type: 'user.changed',
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'user', id },
    details: { changed: Object.keys(columnsOf(change)), role: changed.value.role, banned: changed.value.banned },
    requestId,
  })
  return changed
}

function columnsOf(change: UserChange): Partial<Pick<User, 'role' | 'banned' | 'ban_reason' | 'ban_expires'>> {
  const lifted = change.banned === false ? { ban_reason: null, ban_expires: null } : {}
  return {
    ...(change.role === undefined ? {} : { role: change.role }),
    ...(change.banned === undefined ? {} : { banned: change.banned }),
    ...(change.banReason === undefined ? {} : { ban_reason: change.banReason }),
    ...(change.banExpiresAt === undefined ? {} : { ban_expires: change.banExpiresAt }),
    ...lifted,
  }
}

type Login = IdentityDependencies['database']['login']

/** A transaction of the login role in which a refusal is thrown, so that nothing of it stays. */
async function inTransaction<T>(deps: IdentityDependencies, work: (tx: Login) => Promise<T>): Promise<Outcome<T>> {
  try {
    return success(await deps.database.login.transaction().execute(work))
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problem: error.problem }
    throw error
  }
}

/** @throws ProblemError with the refusal, for use inside {@link inTransaction}. */
function demand(outcome: Outcome<unknown>): void {
  if (!outcome.ok) throw new ProblemError(outcome.problem)
}

/** @throws ProblemError where there is no such user. */
function demandUser(user: User | undefined): User {
  if (user === undefined) throw new ProblemError(failure('not_found', 'There is no such user.').problem)
  return user
}
