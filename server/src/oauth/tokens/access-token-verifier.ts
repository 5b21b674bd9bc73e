import { decodeJwt, errors as joseErrors, jwtVerify, type JWTPayload } from 'jose'
import type { BearerVerifier } from '#identity/dependencies.ts'
import { isBanned, scopesOf } from '#identity/user.ts'
import { MILLISECONDS_PER_SECOND, type Clock } from '#kernel/clock.ts'
import type { Principal } from '#kernel/principal.ts'
import { failure, success, type Outcome, type ProblemCode } from '#kernel/problem.ts'
import { CLIENT_SCOPES } from '#oauth/authorization-server.ts'
import type { GrantCache } from '#oauth/grants/grant-cache.ts'
import { GRANT_CLAIM, resourceOf } from '#oauth/library/provider.ts'
import { hashOf } from '#oauth/library/record-seal.ts'
import type { RunningProvider } from '#oauth/library/running-provider.ts'
import type { GrantOwner } from '#oauth/grants/grant-store.ts'

/** Our own access tokens, verified without asking anybody: the signature here, the grant from a cache of seconds. */

export interface VerifierDeps {
  readonly publicUrl: string
  readonly clock: Clock
  readonly running: RunningProvider
  readonly grants: GrantCache
}

/** What a token says that was signed by us, for the MCP endpoint, and has not expired. */
export interface VerifiedToken {
  readonly userId: number
  readonly grantId: number
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly expiresAt: number
}

type Verdict = Extract<Outcome<never>, { ok: false }> & { readonly userId?: number }

/** An ES256 signature takes a tenth of a millisecond to check; this many tokens are remembered, each until it expires. */
const REMEMBERED_TOKENS = 10_000
const MCP_PATH = /^\/mcp(\/|$)/
const HEADER = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/

export function createAccessTokenVerifier(deps: VerifierDeps): BearerVerifier {
  const remembered = new Map<string, VerifiedToken>()
  return {
    recognises: (token) => HEADER.test(token) && issuerOf(token) === deps.publicUrl,
    async verify(token, path = '') {
      const hash = hashOf(token)
      const now = deps.clock.now()
      let verified = remembered.get(hash)
      if (verified === undefined) {
        const outcome = await verifyAccessToken(deps, token)
        if (!outcome.ok) return outcome
        verified = outcome.value
        if (remembered.size >= REMEMBERED_TOKENS) remembered.delete(remembered.keys().next().value ?? '')
        remembered.set(hash, verified)
      } else if (verified.expiresAt * MILLISECONDS_PER_SECOND <= now.getTime()) {
        remembered.delete(hash)
        return refused('expired_token', EXPIRED, verified.userId)
      }
      if (!MCP_PATH.test(path)) return refused('invalid_token', ELSEWHERE, verified.userId)
      const { userId, grantId } = verified
      return principalOf(verified, await deps.grants.get(userId, grantId), now)
    },
  }
}

const EXPIRED = 'This access token has expired. Refresh it.'
const ELSEWHERE = 'This access token is for /mcp. Use an API token here.'
const UNKNOWN = 'This access token was not issued by this server for this endpoint. Authorize again.'
const ENDED = 'The access of this client was ended. Authorize again.'
const SUSPENDED = 'The account of this token is suspended. Ask the administrator of this instance.'

function refused(code: ProblemCode, detail: string, userId?: number): Verdict {
  return { ...failure(code, detail), ...(userId === undefined ? {} : { userId }) }
}

function issuerOf(token: string): unknown {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

/** Signature, type, issuer, audience and times (RFC 9068 4). */
export async function verifyAccessToken(
  { publicUrl, clock, running }: Pick<VerifierDeps, 'publicUrl' | 'clock' | 'running'>,
  token: string,
): Promise<{ readonly ok: true; readonly value: VerifiedToken } | Verdict> {
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => keyOf(running, kid), {
      algorithms: ['ES256'],
      typ: 'at+jwt',
      issuer: publicUrl,
      audience: resourceOf(publicUrl),
      requiredClaims: ['sub', 'exp', 'iat', 'client_id', GRANT_CLAIM],
      currentDate: clock.now(),
    })
    return success(readClaims(payload))
  } catch (error) {
    if (error instanceof joseErrors.JWTExpired) {
      const userId = Number(error.payload.sub)
      return refused('expired_token', EXPIRED, Number.isSafeInteger(userId) ? userId : undefined)
    }
    if (error instanceof joseErrors.JOSEError) return refused('invalid_token', UNKNOWN)
    throw error
  }
}

function keyOf(running: RunningProvider, kid: string | undefined) {
  const key = running.keys().verifying.get(kid ?? '')
  if (key === undefined) throw new joseErrors.JWKSNoMatchingKey()
  return key
}

function readClaims(payload: JWTPayload): VerifiedToken {
  const userId = Number(payload.sub)
  const { exp: expiresAt, [GRANT_CLAIM]: grantId, client_id: clientId, scope } = payload
  const isWhole = Number.isSafeInteger(userId) && typeof grantId === 'number' && expiresAt !== undefined
  if (!isWhole || typeof clientId !== 'string' || typeof scope !== 'string') {
    throw new joseErrors.JWTClaimValidationFailed('a claim is not of its type', payload)
  }
  return { userId, grantId, clientId, scopes: scope.split(' '), expiresAt }
}

function principalOf(token: VerifiedToken, grant: GrantOwner | undefined, now: Date): Outcome<Principal> | Verdict {
  const { userId } = token
  if (grant === undefined || grant.client_id !== token.clientId) return refused('revoked_token', ENDED, userId)
  if (grant.revoked_at !== null || grant.expires_at <= now) return refused('revoked_token', ENDED, userId)
  if (isBanned(grant, now)) return refused('revoked_token', SUSPENDED, userId)
  const most = scopesOf(grant.role)
  const scopes = CLIENT_SCOPES.filter(
    (scope) => token.scopes.includes(scope) && grant.scopes.includes(scope) && most.has(scope),
  )
  return success({
    userId,
    role: grant.role,
    scopes: new Set(scopes),
    via: { kind: 'oauth_client', id: String(grant.id) },
    ...(grant.connection_ids === null ? {} : { connectionIds: new Set(grant.connection_ids) }),
  })
}
