import { decodeJwt, errors, jwtVerify, type JWTHeaderParameters } from 'jose'
import type { Audit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import { hashToken } from '#identity/api-token.ts'
import type { BearerVerdict, BearerVerifier } from '#identity/dependencies.ts'
import { createTokenCache } from '#identity/token-cache.ts'
import { isBanned } from '#identity/user.ts'
import { MILLISECONDS_PER_SECOND, type Clock } from '#kernel/clock.ts'
import type { Egress } from '#kernel/egress.ts'
import { parseJson } from '#kernel/json.ts'
import type { Scope } from '#kernel/principal.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { admitUser } from './admit-user.ts'
import { CLOCK_TOLERANCE_SECONDS, EXPIRED, readClaims, type ExternalClaims } from './claims.ts'
import { keysOf } from './fetch-keys.ts'
import { createKeySet, FAILURE_COOLDOWN_MS, KeysUnavailableError, type KeySet } from './key-set.ts'
import type { ExternalUser } from './store.ts'
import type { TrustedIssuer } from './trusted-issuers.ts'

/** Tokens of issuers that the operator trusts: signature, claims, user. */

/** Asymmetric only: with a shared key, or none, whoever can read the key set could sign. */
const ALGORITHMS = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ')
/** What access tokens call themselves, if anything. Other kinds (a logout token, a signed request) are no credentials. */
const TYPES = new Set(['jwt', 'application/jwt', 'at+jwt', 'application/at+jwt'])
/** Characters; as for every bearer token. */
const TOKEN_MAXIMUM_LENGTH = 8_192
const PARTS = 3

export interface ExternalJwtDependencies {
  readonly database: Database
  readonly audit: Audit
  readonly clock: Clock
  readonly log: { readonly warn: (fields: object, message: string) => void }
  readonly egress: Egress
  readonly issuers: readonly TrustedIssuer[]
}

export interface ExternalJwtVerifier extends BearerVerifier {
  /** Forgets what is kept of one user's tokens, or everybody's. */
  readonly forget: (userId: number | null) => void
}

/** What is kept of a token that was verified. */
interface Verified extends ExternalUser {
  readonly scopes: ReadonlySet<Scope>
  readonly expiresAt: Date
}

interface Known {
  readonly issuer: TrustedIssuer
  readonly keys: KeySet
}

export function createExternalJwtVerifier(deps: ExternalJwtDependencies): ExternalJwtVerifier {
  const known = new Map(deps.issuers.map((issuer) => [issuer.issuer, { issuer, keys: keySetOf(deps, issuer) }]))
  const cache = createTokenCache<Verified>(deps.clock)

  async function lookUp(token: string, hash: string): Promise<Outcome<Verified>> {
    const keep = cache.beginLookup()
    const from = known.get(issuerOf(token) ?? '')
    if (from === undefined) return failure('invalid_token', 'This token is of an issuer that is not trusted here.')
    const claims = await verifiedClaims(token, from, deps.clock.now())
    if (!claims.ok) return claims
    const user = await admitUser(deps, from.issuer, claims.value)
    if (!user.ok) return user
    const { scopes, expiresAt } = claims.value
    const verified = { ...user.value, scopes, expiresAt }
    keep(hash, verified)
    return success(verified)
  }

  return {
    recognises: (token) => known.has(issuerOf(token) ?? ''),
    async verify(token) {
      const hash = hashToken(token)
      const kept = cache.get(hash)
      const verified = kept === undefined ? await lookUp(token, hash) : success(kept)
      return verified.ok ? verdictOn(verified.value, deps.clock.now()) : verified
    },
    forget: (userId) => cache.forget(userId),
  }
}

function keySetOf({ clock, egress, log }: ExternalJwtDependencies, issuer: TrustedIssuer): KeySet {
  return createKeySet({
    fetchKeys: keysOf(issuer, egress),
    clock,
    onFailure: (error) => log.warn({ error, issuer: issuer.issuer }, 'The keys of a trusted issuer could not be read'),
  })
}

/** Time and suspension count at every use, whatever is kept. */
function verdictOn(token: Verified, now: Date): BearerVerdict {
  const { user_id: userId, scopes } = token
  if (token.expiresAt <= now) return { ...failure('expired_token', EXPIRED), userId }
  if (isBanned(token, now)) return { ...failure('revoked_token', SUSPENDED), userId }
  return success({ userId, role: 'user', scopes, via: { kind: 'external_jwt', id: String(token.identity_id) } })
}

const SUSPENDED = 'The user of this token is suspended. Ask the administrator of this instance.'

/** `iss` of what looks like a signed JWT, before anything in it is believed. */
function issuerOf(token: string): string | undefined {
  if (token.length > TOKEN_MAXIMUM_LENGTH || token.split('.').length !== PARTS) return undefined
  try {
    const { iss } = decodeJwt(token)
    return typeof iss === 'string' ? iss : undefined
  } catch {
    return undefined
  }
}

async function verifiedClaims(token: string, { issuer, keys }: Known, now: Date): Promise<Outcome<ExternalClaims>> {
  const fault = faultOfHeader(token)
  if (fault !== undefined) return fault
  try {
    const { payload } = await jwtVerify(token, (header) => keys.keyFor(header), {
      algorithms: ALGORITHMS,
      issuer: issuer.issuer,
      audience: issuer.audience,
      requiredClaims: ['exp'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now,
    })
    return readClaims(payload, issuer, now)
  } catch (error) {
    return refusalOf(error)
  }
}

/** Header and payload are read as strictly as any JSON from outside: a member that stands twice means two things. */
function faultOfHeader(token: string): ReturnType<typeof failure> | undefined {
  const [header = '', payload = ''] = token.split('.').map((part) => Buffer.from(part, 'base64url'))
  const parsed = parseJson(header)
  if (!parsed.ok || !parseJson(payload).ok) return failure('malformed_token', MALFORMED)
  if (typeof parsed.value !== 'object' || parsed.value === null) return failure('malformed_token', MALFORMED)
  const { crit, typ } = parsed.value as Partial<JWTHeaderParameters>
  if (crit !== undefined) return failure('invalid_token', 'This token asks for an extension that is not supported.')
  if (typ === undefined || (typeof typ === 'string' && TYPES.has(typ.toLowerCase()))) return undefined
  return failure('invalid_token', 'This token is of a kind that is no access token.')
}

const MALFORMED = 'This token is no well-formed JWT.'

/** @throws what is none of the ways in which a token, or its issuer, can fail */
function refusalOf(error: unknown): ReturnType<typeof failure> {
  if (error instanceof KeysUnavailableError) {
    return failure(
      'unavailable',
      'The issuer of this token does not answer, so that it cannot be checked. Try again.',
      {
        retryAfterSeconds: FAILURE_COOLDOWN_MS / MILLISECONDS_PER_SECOND,
      },
    )
  }
  if (error instanceof errors.JWTExpired) return failure('expired_token', EXPIRED)
  if (error instanceof errors.JWTClaimValidationFailed) {
    return failure(
      'invalid_token',
      `This token is not accepted: its claim \`${error.claim}\` is ${wordFor(error.reason)}.`,
    )
  }
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid) {
    return failure('malformed_token', MALFORMED)
  }
  if (error instanceof errors.JOSEError)
    return failure('invalid_token', 'The signature of this token is not its issuer’s.')
  throw error
}

function wordFor(reason: string): string {
  return reason === 'missing' ? 'missing' : 'not what it must be'
}
