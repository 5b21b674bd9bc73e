import type { MiddlewareHandler } from 'hono'
import { actorOf } from '#audit/audit.ts'
import { sendProblem, type AppContext, type AppEnv, type RequireScope } from '#kernel/http.ts'
import { addressKey, outcomeOfTaken, type Taken } from '#kernel/limits.ts'
import type { Principal, Scope } from '#kernel/principal.ts'
import { success, type Outcome, type Problem, type ProblemCode } from '#kernel/problem.ts'
import { fingerprintOf } from './api-token.ts'
import type { IdentityDependencies } from './dependencies.ts'
import { presentedCredential } from './presented.ts'
import { recordQuietly } from './record-denial.ts'
import { touchApiToken, type ApiTokenOwner } from './api-token-store.ts'
import { verifyToken, type Verdict } from './verify-token.ts'

/** The principal of a request, resolved once, from a bearer token or the session cookie. */
export interface Authentication {
  /** For routes that need a scope; resolves the principal by itself. */
  readonly requireScope: RequireScope
  /** For routes that need a principal and no scope. */
  readonly authenticate: MiddlewareHandler<AppEnv>
  /** The same without an answer, for endpoints that phrase their own refusal. Recorded and limited all the same. */
  readonly resolve: (c: AppContext) => Promise<Outcome<Principal>>
  /**
   * The principal of a bearer token that there is nothing to say against, counted as one request of theirs. Undefined for
   * every other, without a trace: {@link resolve} has to be asked, which says and records what is wrong.
   */
  readonly admit: (token: string, path: string) => Promise<Principal | undefined>
  /** Waits for what is still being written. */
  readonly close: () => Promise<void>
}

export function createAuthentication(deps: IdentityDependencies): Authentication {
  const lastUse = createLastUseWriter(deps)

  async function resolve(c: AppContext): Promise<Outcome<Principal>> {
    const known = c.get('principal') as Principal | undefined
    if (known !== undefined) return success(known)
    const presented = presentedCredential(c, deps)
    if (!presented.ok) return reject(deps, c, presented)
    const { token } = presented.value
    const verdict = await verifyToken(deps, token, c.req.path)
    if (!verdict.ok) return reject(deps, c, verdict, token)
    const taken = await count(verdict)
    const allowed = outcomeOfTaken(taken, 'Too many requests. Wait, then go on more slowly.')
    if (!allowed.ok) return allowed
    c.set('principal', verdict.value)
    return success(verdict.value)
  }

  function count({ value, apiToken }: Extract<Verdict, { ok: true }>): Promise<Taken> {
    if (apiToken !== undefined) lastUse.note(apiToken)
    return deps.limits.requests.take(value.userId)
  }

  return {
    resolve,
    async admit(token, path) {
      const verdict = await verifyToken(deps, token, path)
      return verdict.ok && (await count(verdict)).ok ? verdict.value : undefined
    },
    async authenticate(c, next) {
      const resolved = await resolve(c)
      return resolved.ok ? next() : sendProblem(c, resolved.problem)
    },
    requireScope: (scope) => async (c, next) => {
      const resolved = await resolve(c)
      if (!resolved.ok) return sendProblem(c, resolved.problem)
      if (resolved.value.scopes.has(scope)) return next()
      return sendProblem(c, await denyScope(deps, c, resolved.value, scope))
    },
    close: () => lastUse.close(),
  }
}

/** No guesses: nothing was brought, or what once was right. Clients learn from the answer to sign in or to refresh. */
const NO_GUESSES: ReadonlySet<ProblemCode> = new Set(['missing_token', 'expired_token', 'revoked_token'])

/**
 * Counts a refused credential against its address, and records it while the address has points left: nobody can fill the
 * log. Beyond that a wrong token is answered by 429. A right one always works, and one that has ended always hears so, for
 * neighbours behind one address must not lock each other out, and no number of attempts guesses 192 bits.
 */
async function reject(
  deps: IdentityDependencies,
  c: AppContext,
  refusal: Extract<Verdict, { ok: false }>,
  token?: string,
): Promise<Outcome<never>> {
  const { problem, userId } = refusal
  // Whoever could not be asked about a token has not refused it.
  if (problem.code === 'unavailable') return { ok: false, problem }
  const from = addressKey(c.get('clientAddress'))
  const isGuess = !NO_GUESSES.has(problem.code)
  // Each kind is counted apart, so that none hides another from the record.
  const taken = await deps.limits.tokenFailures.take(isGuess ? from : `${problem.code}:${from}`)
  const allowed = outcomeOfTaken(taken, 'Too many refused tokens from this address. A valid token still works.')
  if (!allowed.ok) return isGuess ? allowed : { ok: false, problem }
  await recordQuietly(deps, {
    userId: userId ?? null,
    type: problem.code === 'forbidden' ? 'access.denied' : 'token.rejected',
    outcome: 'denied',
    actor: { kind: 'anonymous', address: c.get('clientAddress') },
    details: { reason: problem.code, ...(token === undefined ? {} : { fingerprint: fingerprintOf(token) }) },
    requestId: c.get('requestId'),
  })
  return { ok: false, problem }
}

async function denyScope(
  deps: IdentityDependencies,
  c: AppContext,
  principal: Principal,
  scope: Scope,
): Promise<Problem> {
  await recordQuietly(deps, {
    userId: principal.userId,
    type: 'access.denied',
    outcome: 'denied',
    actor: actorOf(principal),
    details: { reason: 'insufficient_scope', scope, path: c.req.path },
    requestId: c.get('requestId'),
  })
  return {
    code: 'insufficient_scope',
    detail: `This needs the scope \`${scope}\`, which the token does not have.`,
    extra: { scope },
  }
}

/** A token's last use is written at most once in this time, and never while a request waits. */
const LAST_USE_INTERVAL_MS = 60_000

function createLastUseWriter(deps: IdentityDependencies) {
  const writing = new Map<number, Promise<void>>()
  return {
    note(token: ApiTokenOwner): void {
      const now = deps.clock.now()
      const isRecent =
        token.last_used_at !== null && now.getTime() - token.last_used_at.getTime() < LAST_USE_INTERVAL_MS
      if (isRecent || writing.has(token.id)) return
      token.last_used_at = now
      const write = deps.database
        .asUser(token.user_id, (tx) => touchApiToken(token.user_id, token.id, now, tx))
        .catch((error: unknown) => deps.log.warn({ error, token_id: token.id }, 'The last use was not written'))
        .finally(() => writing.delete(token.id))
      writing.set(token.id, write)
    },
    async close(): Promise<void> {
      await Promise.all(writing.values())
    },
  }
}
