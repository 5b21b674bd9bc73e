import type { Principal } from '#kernel/principal.ts'
import type { IdentityDependencies } from './dependencies.ts'
import { findApiTokenById } from './api-token-store.ts'
import { hasSession } from './session-store.ts'
import { findUser } from './store.ts'
import { isBanned } from './user.ts'

/**
 * Whether somebody who came in earlier would still be let in: for work that goes on after its request. False where the
 * user is gone or suspended, or the API token was revoked or has expired. A session that merely ended does not matter:
 * whoever signs out may leave work behind. Asks the database, never the cache.
 */
export async function stillValid(deps: IdentityDependencies, { userId, via }: Principal): Promise<boolean> {
  const now = deps.clock.now()
  if (via.kind !== 'api_token') {
    const user = await findUser(userId, deps.database.login)
    return user !== undefined && !isBanned(user, now)
  }
  const token = await deps.database.asSystem('authenticate API token', (tx) =>
    findApiTokenById({ userId, id: Number(via.id) }, tx),
  )
  if (token === undefined || token.revoked_at !== null || isBanned(token, now)) return false
  return token.expires_at === null || token.expires_at > now
}

/** The same for what stays open only as long as its user is here: the end of a session counts, too. */
export async function stillPresent(deps: IdentityDependencies, principal: Principal): Promise<boolean> {
  const { userId, via } = principal
  if (
    via.kind === 'session' &&
    !(await hasSession({ userId, id: Number(via.id) }, deps.clock.now(), deps.database.login))
  )
    return false
  return stillValid(deps, principal)
}
