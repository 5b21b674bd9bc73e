import type { JWTPayload } from 'jose'
import { emailSchema, nameSchema } from '#identity/wire.ts'
import { MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'
import type { Scope } from '#kernel/principal.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { TrustedIssuer } from './trusted-issuers.ts'

/** What a token with a right signature, issuer, audience and time says beyond that, and whether it may be believed. */

export interface ExternalClaims {
  readonly subject: string
  /** Absent where there is none that could be one, or the issuer says that it was not verified. */
  readonly email: string | undefined
  readonly name: string | undefined
  readonly scopes: ReadonlySet<Scope>
  readonly expiresAt: Date
}

/** How far the clocks of an issuer and of this server may lie apart, for `nbf` and `iat`. */
export const CLOCK_TOLERANCE_SECONDS = 30
/** A token that lasts longer than a day is a password that nobody can change. */
const LONGEST_LIFETIME_SECONDS = 24 * 3_600
/** Characters: OpenID Connect allows a subject 255. */
const SUBJECT_MAXIMUM_LENGTH = 255
/** Control characters, and whatever else shows nothing: NUL, which PostgreSQL does not take, above all. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
/** Never delivered to (RFC 2606 2), and ours to give: no token brings one of its own. */
export const SYNTHETIC_EMAIL_DOMAIN = 'external.invalid'

/** `iss`, `aud`, `exp` and `nbf` were compared before, by the library that checked the signature. */
export function readClaims(payload: JWTPayload, issuer: TrustedIssuer, now: Date): Outcome<ExternalClaims> {
  const fault = faultOf(payload, now)
  if (fault !== undefined) return fault
  const subject = subjectOf(claim(payload, issuer.userClaim))
  if (subject === undefined) {
    return invalid(`Its claim \`${issuer.userClaim}\` must be a text of 1 to ${SUBJECT_MAXIMUM_LENGTH} characters.`)
  }
  return success({
    subject,
    email: emailOf(payload, issuer.emailClaim),
    name: nameOf(claim(payload, issuer.nameClaim)),
    scopes: scopesOf(payload, issuer),
    expiresAt: new Date(Number(payload.exp) * MILLISECONDS_PER_SECOND),
  })
}

function faultOf(payload: JWTPayload, now: Date): ReturnType<typeof failure> | undefined {
  // One who is meant as well could otherwise act here with the tokens that it is sent.
  if (Array.isArray(payload.aud) && payload.aud.length > 1) return invalid('It is meant for other audiences as well.')
  if (claim(payload, 'cnf') !== undefined) return invalid('It is bound to a key, which a bearer token does not prove.')
  const seconds = now.getTime() / MILLISECONDS_PER_SECOND
  const { exp = 0, iat = seconds } = payload
  // The library's tolerance is for clocks that are ahead; a token does not last longer for it.
  if (exp <= seconds) return failure('expired_token', EXPIRED)
  if (iat > seconds + CLOCK_TOLERANCE_SECONDS) return invalid('It is from the future.')
  if (exp - Math.min(iat, seconds) > LONGEST_LIFETIME_SECONDS) return invalid('It lasts longer than a day.')
  return undefined
}

export const EXPIRED = 'The token has expired. Get a new one from its issuer.'

function invalid(why: string): ReturnType<typeof failure> {
  return failure('invalid_token', `This token is not accepted. ${why}`)
}

function claim(payload: JWTPayload, name: string): unknown {
  return Object.hasOwn(payload, name) ? payload[name] : undefined
}

/** A whole number and its digits are the same subject. Half a surrogate pair would be stored as another character. */
function subjectOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined
  if (typeof value !== 'string' || value.trim() === '' || value.length > SUBJECT_MAXIMUM_LENGTH) return undefined
  return value.isWellFormed() && !UNPRINTABLE.test(value) ? value : undefined
}

function emailOf(payload: JWTPayload, name: string): string | undefined {
  const parsed = emailSchema.safeParse(claim(payload, name))
  if (!parsed.success || claim(payload, 'email_verified') === false) return undefined
  const email = parsed.data.toLowerCase()
  return email.endsWith(`@${SYNTHETIC_EMAIL_DOMAIN}`) ? undefined : email
}

function nameOf(value: unknown): string | undefined {
  const parsed = nameSchema.safeParse(value)
  return parsed.success && parsed.data.isWellFormed() && !UNPRINTABLE.test(parsed.data) ? parsed.data : undefined
}

/** A token without the claim that narrows, or with one that is none of its two forms, holds nothing. */
function scopesOf(payload: JWTPayload, { scopesClaim, scopes }: TrustedIssuer): ReadonlySet<Scope> {
  if (scopesClaim === undefined) return new Set(scopes)
  const value = claim(payload, scopesClaim)
  const granted: readonly unknown[] = typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : []
  return new Set(scopes.filter((scope) => granted.includes(scope)))
}
