import { failure, type Outcome, type Problem } from '#kernel/problem.ts'
import type { Identity, ProviderAccess } from './contract.ts'

/** What every provider does alike where it asks whose credential it was given. */

/** Milliseconds: someone waits before a form for this. */
const IDENTIFY_DEADLINE_MS = 10_000

/** The words of one provider for whoever has just pasted a credential. */
export interface IdentifyWords {
  readonly provider: string
  /** What the provider calls it: key, token. */
  readonly credential: string
  /** How to get one that works; "and try once more" follows. */
  readonly remedy: string
}

/**
 * Asks within the time that a person waits.
 * @returns `provider_unavailable` once the time is over
 * @throws the reason of an abort by the caller
 */
export async function identifyInTime(
  access: ProviderAccess,
  { provider }: IdentifyWords,
  ask: (access: ProviderAccess) => Promise<Outcome<Identity>>,
): Promise<Outcome<Identity>> {
  const deadline = AbortSignal.timeout(IDENTIFY_DEADLINE_MS)
  try {
    return await ask({ ...access, signal: AbortSignal.any([access.signal, deadline]) })
  } catch (error) {
    access.signal.throwIfAborted()
    if (!deadline.aborted) throw error
    return failure(
      'provider_unavailable',
      `${provider} did not answer in time. Nothing was stored; try again in a minute.`,
    )
  }
}

/**
 * Why it is not known whose credential this is. Only a refusal condemns the credential: whoever reads of any other failure
 * must not throw a good one away.
 */
export function notIdentified(
  { reason, retryAfterSeconds }: Problem,
  isRefused: boolean,
  { provider, credential, remedy }: IdentifyWords,
): Outcome<never> {
  const privately = reason === undefined ? {} : { reason }
  if (isRefused) {
    const detail = `${provider} does not accept this ${credential}. ${remedy} and try once more.`
    return failure('credential_rejected', detail, privately)
  }
  return failure(
    'provider_unavailable',
    `${provider} could not check the ${credential} right now. The ${credential} may be fine; try again in a minute.`,
    { ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }), ...privately },
  )
}
