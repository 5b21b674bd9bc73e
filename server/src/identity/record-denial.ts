import { actorOf, type AuditEvent } from '#audit/audit.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Problem } from '#kernel/problem.ts'
import type { IdentityDependencies } from './dependencies.ts'

type Recording = Pick<IdentityDependencies, 'audit' | 'log'>

/** Records a refusal. It stands whether or not it could be recorded. */
export async function recordQuietly({ audit, log }: Recording, event: AuditEvent): Promise<void> {
  try {
    await audit.record(event)
  } catch (error) {
    log.error({ error, event: event.type }, 'A refusal could not be recorded')
  }
}

/** What somebody tried who administers the instance. */
export interface AdministrationAttempt {
  readonly principal: Principal
  readonly action: 'create_user' | 'change_user' | 'delete_user'
  /** The user it was tried on; absent where there is none yet. */
  readonly targetId?: number
  readonly requestId: string
}

/** Records that the rules of administration forbade an attempt. Other failures (no such user) are no denials. */
export async function recordForbidden(
  deps: Recording,
  attempt: AdministrationAttempt,
  problem: Problem,
): Promise<void> {
  if (problem.code !== 'forbidden') return
  const { principal, action, targetId, requestId } = attempt
  await recordQuietly(deps, {
    userId: principal.userId,
    type: 'access.denied',
    outcome: 'denied',
    actor: actorOf(principal),
    ...(targetId === undefined ? {} : { target: { kind: 'user', id: targetId } }),
    details: { reason: problem.code, action },
    requestId,
  })
}
