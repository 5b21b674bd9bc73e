import { actorOf } from '#audit/audit.ts'
import type { Principal } from '#kernel/principal.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { IdentityDependencies } from './dependencies.ts'
import { markApiTokenRevoked } from './api-token-store.ts'

/** Ends a token of the principal's user at once. */
export async function revokeApiToken(
  deps: IdentityDependencies,
  principal: Principal,
  id: number,
  requestId: string,
): Promise<Outcome<{ id: number; revoked: true }>> {
  const { userId } = principal
  const now = deps.clock.now()
  const revoked = await deps.database.asUser(userId, (tx) => markApiTokenRevoked(userId, id, now, tx))
  deps.tokenCache.forget(userId)
  if (!revoked) return failure('not_found', 'You have no such API token, or it was revoked already.')
  await deps.audit.record({
    userId,
    type: 'api_token.revoked',
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'api_token', id },
    requestId,
  })
  return success({ id, revoked: true })
}
