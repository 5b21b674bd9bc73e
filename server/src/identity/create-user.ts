import { actorOf } from '#audit/audit.ts'
import type { Principal } from '#kernel/principal.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import { mayGrant, type GrantedRole } from './administration.ts'
import type { IdentityDependencies } from './dependencies.ts'
import { recordForbidden } from './record-denial.ts'
import { EMAIL_TAKEN, uniqueViolation } from './sign-up.ts'
import { insertUser } from './store.ts'
import { normalizeEmail, type User } from './user.ts'

export interface UserRequest {
  readonly name: string
  readonly email: string
  readonly password: string
  readonly role: GrantedRole
}

/** An administrator makes an account for somebody else, whatever the sign-up mode. */
export async function createUser(
  deps: IdentityDependencies,
  principal: Principal,
  request: UserRequest,
  requestId: string,
): Promise<Outcome<User>> {
  const granted = mayGrant(principal, request.role)
  if (!granted.ok) {
    await recordForbidden(deps, { principal, action: 'create_user', requestId }, granted.problem)
    return granted
  }
  const passwordHash = await deps.passwords.hash(request.password)
  const { name, role } = request
  const email = normalizeEmail(request.email)
  try {
    const user = await deps.database.login
      .transaction()
      .execute((tx) => insertUser({ name, email, role, passwordHash }, tx))
    await deps.audit.record({
      userId: user.id,
      type: 'user.created',
      outcome: 'success',
      actor: actorOf(principal),
      target: { kind: 'user', id: user.id, role },
      requestId,
    })
    return success(user)
  } catch (error) {
    if (uniqueViolation(error) === 'users_email_key') return { ok: false, problem: EMAIL_TAKEN }
    throw error
  }
}
