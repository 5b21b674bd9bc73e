import { actorOf } from '#audit/audit.ts'
import type { Transaction } from '#db/database.ts'
import { DEFAULT_TOKEN_SCOPES, type Principal, type Scope } from '#kernel/principal.ts'
import { failure, ProblemError, success, type Outcome } from '#kernel/problem.ts'
import { generateApiToken, hashToken } from './api-token.ts'
import type { IdentityDependencies } from './dependencies.ts'
import {
  findOwnApiToken,
  forgetRevokedApiTokens,
  insertApiToken,
  listApiTokens,
  type ApiTokenRow,
} from './api-token-store.ts'

/** Tokens of one user that are not revoked. Enough for every machine of a person, few enough to look through. */
const API_TOKENS_MAXIMUM = 100
/** Revoked tokens that are still answered with `revoked_token`. */
const REVOKED_TOKENS_KEPT = 100

export interface ApiTokenRequest {
  readonly name: string
  /** The maker's own default scopes where absent. */
  readonly scopes?: readonly Scope[] | undefined
  readonly expiresAt: Date | null
}

export interface CreatedApiToken extends ApiTokenRow {
  /** Shown this once. */
  readonly token: string
}

/**
 * Makes an API token. It never holds a scope that its maker does not hold at this moment, and where an API token makes it,
 * it ends no later than that one.
 * @throws ProblemError `revoked_token` where the token that makes it was revoked meanwhile.
 */
export async function createApiToken(
  deps: IdentityDependencies,
  principal: Principal,
  request: ApiTokenRequest,
  requestId: string,
): Promise<Outcome<CreatedApiToken>> {
  const missing = request.scopes?.find((scope) => !principal.scopes.has(scope))
  if (missing !== undefined) {
    return failure(
      'insufficient_scope',
      `You do not have the scope \`${missing}\`, so no token of yours can have it.`,
      {
        path: 'scopes',
        extra: { scope: missing },
      },
    )
  }
  const scopes = request.scopes ?? DEFAULT_TOKEN_SCOPES.filter((scope) => principal.scopes.has(scope))
  const token = generateApiToken()
  const { userId } = principal
  const row = await deps.database.asUser(userId, async (tx) => {
    await forgetRevokedApiTokens(userId, REVOKED_TOKENS_KEPT, tx)
    if ((await listApiTokens(userId, tx)).length >= API_TOKENS_MAXIMUM) return null
    const { name } = request
    const expiresAt = earlier(request.expiresAt, await endOfMaker(principal, tx))
    return insertApiToken(userId, { name, tokenHash: hashToken(token), scopes: [...new Set(scopes)], expiresAt }, tx)
  })
  if (row === null) {
    return failure('conflict', `You have ${API_TOKENS_MAXIMUM} API tokens, which is the most. Revoke one first.`)
  }
  await deps.audit.record({
    userId,
    type: 'api_token.created',
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'api_token', id: row.id, scopes: row.scopes },
    requestId,
  })
  return success({ ...row, token })
}

/** When the API token ends that the principal came by; null where it came by another way or has no end. */
async function endOfMaker({ userId, via }: Principal, tx: Transaction): Promise<Date | null> {
  if (via.kind !== 'api_token') return null
  const maker = await findOwnApiToken(userId, Number(via.id), tx)
  if (maker !== undefined && maker.revoked_at === null) return maker.expires_at
  throw new ProblemError({ code: 'revoked_token', detail: 'This API token was revoked. Make a new one.' })
}

/** The earlier of two ends, null being none. */
function earlier(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other
  return one < other ? one : other
}
