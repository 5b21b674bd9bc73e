import { outcomeOfTaken } from '#kernel/limits.ts'
import type { Principal } from '#kernel/principal.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { IdentityDependencies } from './dependencies.ts'
import { findPasswordHash } from './store.ts'

/**
 * Asks for the password once more, before what a session in the wrong hands must not be able to do. Wrong ones count against
 * the user, as those of another password do.
 */
export async function provePassword(
  deps: Pick<IdentityDependencies, 'database' | 'limits' | 'passwords'>,
  { userId, via }: Principal,
  password: string,
): Promise<Outcome<null>> {
  if (via.kind !== 'session') return NEEDS_SESSION
  const key = `user:${userId}`
  const taken = await deps.limits.signInAccountAddress.take(key)
  const allowed = outcomeOfTaken(taken, 'Too many attempts. Wait, then try again.')
  if (!allowed.ok) return allowed
  const hash = await findPasswordHash(userId, deps.database.login)
  if (hash === undefined) return NO_PASSWORD
  if (!(await deps.passwords.verify({ hash, password }))) return WRONG
  await deps.limits.signInAccountAddress.giveBack(key)
  return success(null)
}

const NEEDS_SESSION = failure('forbidden', 'This is done in a session. Sign in with e-mail and password first.')
const NO_PASSWORD = failure(
  'forbidden',
  'This account has no password here: another service signs it in. Ask the administrator of this instance.',
)
const WRONG = failure('invalid_credentials', 'The current password is not right. Type it again.', { path: 'password' })
