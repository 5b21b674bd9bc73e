import { actorOf } from '#audit/audit.ts'
import type { Principal } from '#kernel/principal.ts'
import { failure, type Outcome } from '#kernel/problem.ts'
import type { Caller, EndedAccess, IdentityDependencies } from './dependencies.ts'
import { provePassword } from './prove-password.ts'
import { removeUser } from './remove-user.ts'
import { findUser } from './store.ts'
import { USER_GONE } from './user.ts'

export interface OwnDeletion {
  readonly password: string
  /** The user's own name, typed. */
  readonly name: string
}

/** A user leaves, with everything they own. The owner of the instance cannot: nobody could administer it. */
export async function deleteOwnAccount(
  deps: IdentityDependencies,
  caller: Caller,
  principal: Principal,
  { password, name }: OwnDeletion,
): Promise<Outcome<readonly EndedAccess[]>> {
  const user = await findUser(principal.userId, deps.database.login)
  if (user === undefined) return USER_GONE
  if (user.role === 'owner') return OWNER_STAYS
  if (name.trim() !== user.name.trim()) return OTHER_NAME
  const proved = await provePassword(deps, principal, password)
  if (proved.ok) return removeUser(deps, principal, user, caller.requestId)
  await deps.audit.record({
    userId: user.id,
    type: 'user.deleted',
    outcome: 'failure',
    actor: actorOf(principal),
    target: { kind: 'user', id: user.id },
    requestId: caller.requestId,
  })
  return proved
}

const OWNER_STAYS = failure(
  'forbidden',
  'The owner of the instance cannot delete their account: somebody has to administer it.',
)
const OTHER_NAME = failure('invalid_request', 'Type your name as it stands in your account.', { path: 'name' })
