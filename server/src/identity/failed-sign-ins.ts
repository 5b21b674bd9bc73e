import type { Limit } from '#kernel/limits.ts'
import type { ProblemCode } from '#kernel/problem.ts'
import type { Caller, IdentityDependencies } from './dependencies.ts'

/** What is kept of sign-ins that failed, and when many of them become an alarm. */

export interface FailedSignIn {
  /** Digest of the e-mail address, whether or not it has an account. */
  readonly account: string
  readonly userId: number | null
  readonly code: ProblemCode
}

/** The key of what everybody failed at together. */
const EVERYBODY = 'all'

/**
 * Records a failure while its account and the whole instance have points left. Beyond them one event a window says that
 * there are many, so that a distributed guess shows and nobody can fill the log. None of this refuses anybody.
 */
export async function recordFailedSignIn(
  deps: IdentityDependencies,
  caller: Caller,
  failed: FailedSignIn,
): Promise<void> {
  const { limits } = deps
  const [ofAccount, ofEverybody] = await Promise.all([
    limits.signInAccount.take(failed.account),
    limits.signInGlobal.take(EVERYBODY),
  ])
  if (ofAccount.ok && ofEverybody.ok) {
    return record(deps, caller, failed, { reason: failed.code })
  }
  const isFirst = async (alarm: Limit, key: string) => (await alarm.take(key)).ok
  if (!ofAccount.ok && (await isFirst(limits.signInAccountAlarm, failed.account))) {
    await record(deps, caller, failed, { reason: 'many_failures', of: 'account' })
  }
  if (!ofEverybody.ok && (await isFirst(limits.signInGlobalAlarm, EVERYBODY))) {
    await record(deps, caller, { ...failed, userId: null }, { reason: 'many_failures', of: 'instance' })
  }
}

async function record(
  deps: IdentityDependencies,
  caller: Caller,
  { userId, code }: FailedSignIn,
  details: Readonly<Record<string, string>>,
): Promise<void> {
  await deps.audit.record({
    userId,
    type: 'user.sign_in_failed',
    outcome: code === 'forbidden' ? 'denied' : 'failure',
    actor: { kind: 'anonymous', address: caller.address },
    details,
    requestId: caller.requestId,
  })
}
