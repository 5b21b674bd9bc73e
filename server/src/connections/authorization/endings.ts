import { actorOf } from '#audit/audit.ts'
import { CONNECT_ERROR } from '#connections/connection.ts'
import { failure, type Problem, type ProblemCode } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import { CONNECT_ERRORS, ERROR_PARAMETER, type AuthorizationDeps, type ConnectError } from './authorization.ts'
import { withResult } from './return-to.ts'

/** How a round trip ends that connects nothing: the word for the user, the problem, and the record of what was not theirs. */

/** What a token endpoint refused, in the words of a round trip: the client, or the code that was given a moment ago. */
export function refusedCode(problem: Problem): Problem {
  if (problem.code === 'credential_rejected') return { ...problem, ...problemOf('refused_by_provider') }
  return problem.code === 'forbidden_by_provider' ? { ...problem, ...problemOf('app_refused') } : problem
}

/** The address that the user returns to, when nothing was connected. */
export function withError(address: string, error: ConnectError): string {
  return withResult(address, { [ERROR_PARAMETER]: error })
}

/** Nothing was connected, and why. */
export function problemOf(error: ConnectError): Problem {
  return failure('denied', 'Nothing was connected.', { extra: { [CONNECT_ERROR]: error } }).problem
}

/** Codes that say enough by themselves. */
const ERROR_OF_CODE: Partial<Record<ProblemCode, ConnectError>> = {
  provider_unavailable: 'provider_unavailable',
  credential_rejected: 'credential_rejected',
  rate_limited: 'rate_limited',
}

/** Whichever problem it was, as the word for the page. */
export function errorOf({ code, extra }: Problem): ConnectError {
  const given = CONNECT_ERRORS.find((error) => error === extra?.[CONNECT_ERROR])
  if (given !== undefined) return given
  return extra?.['blocked'] === true ? 'blocked' : (ERROR_OF_CODE[code] ?? 'failed')
}

interface Denial {
  /** As the address named it: it may be no provider at all. */
  readonly provider: string
  readonly fault: ConnectError
  readonly requestId: string
}

/** Characters of a name that anybody may have made up. */
const SHOWN_CHARACTERS = 50

/** Somebody came back with what is not theirs, was used before, or comes from another server than it says. */
export async function recordDenial(
  { audit }: Pick<AuthorizationDeps, 'audit'>,
  principal: Principal,
  { provider, fault, requestId }: Denial,
): Promise<void> {
  await audit.record({
    userId: principal.userId,
    type: 'access.denied',
    outcome: 'denied',
    actor: actorOf(principal),
    target: { kind: 'connection', provider: provider.slice(0, SHOWN_CHARACTERS) },
    details: { reason: `authorization_${fault}` },
    requestId,
  })
}
