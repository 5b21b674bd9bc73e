import { isIP } from 'node:net'
import { z } from 'zod'
import { isPublicAddress, isPublicName, withoutBrackets } from '#kernel/addresses.ts'
import { parseJson } from '#kernel/json.ts'
import { DEFAULT_TOKEN_SCOPES, type Scope } from '#kernel/principal.ts'

/** The setting that names whose tokens are accepted besides our own: read here, without any input or output. */

export interface TrustedIssuer {
  /** Compared with `iss` to the letter. */
  readonly issuer: string
  /** The only `aud` that is accepted. */
  readonly audience: string
  /** Where the public keys are; found through the issuer's metadata where it is not set. */
  readonly jwksUrl: string | undefined
  /** The claim that tells one user from another, for ever. */
  readonly userClaim: string
  readonly emailClaim: string
  readonly nameClaim: string
  /** The claim that narrows what a token may do; without one every token holds `scopes`. */
  readonly scopesClaim: string | undefined
  /** The most that a token of this issuer may do. */
  readonly scopes: readonly Scope[]
  /** Whether somebody who was never seen before gets a user. */
  readonly createUsers: boolean
}

const NAME = 'CHAVEIRO_TRUSTED_ISSUERS'
/** More than any product has; each costs memory for its keys. */
const ISSUERS_MAXIMUM = 20
/** Characters; issuer and subject together must fit into one index entry (2,704 bytes). */
const ISSUER_MAXIMUM_LENGTH = 400
const AUDIENCE_MAXIMUM_LENGTH = 1_000
const CLAIM_NAME_MAXIMUM_LENGTH = 200

const WRONG_URL =
  'must be an https address without user, query and fragment (http only for a host of a private network)'

const claimName = z
  .string('must be the name of a claim')
  .min(1, 'must be the name of a claim')
  .max(CLAIM_NAME_MAXIMUM_LENGTH, `must have at most ${CLAIM_NAME_MAXIMUM_LENGTH} characters`)
const address = z
  .string('is missing or no text')
  .max(ISSUER_MAXIMUM_LENGTH, `must have at most ${ISSUER_MAXIMUM_LENGTH} characters`)
  .refine(isFetchable, WRONG_URL)

const entrySchema = z.strictObject(
  {
    issuer: address,
    audience: z
      .string('is missing or no text')
      .min(1, 'must not be empty')
      .max(AUDIENCE_MAXIMUM_LENGTH, `must have at most ${AUDIENCE_MAXIMUM_LENGTH} characters`),
    jwks_url: address.optional(),
    user_claim: claimName.default('sub'),
    email_claim: claimName.default('email'),
    name_claim: claimName.default('name'),
    scopes_claim: claimName.optional(),
    default_scopes: z
      .array(
        z.enum(DEFAULT_TOKEN_SCOPES as [Scope, ...Scope[]], `must be one of ${DEFAULT_TOKEN_SCOPES.join(', ')}`),
        'must be a list of scopes',
      )
      .min(1, 'must name a scope')
      .default([...DEFAULT_TOKEN_SCOPES]),
    create_users: z.boolean('must be true or false').default(true),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `has unknown members: ${issue.keys.join(', ')}` : 'must be an object',
  },
)

const settingSchema = z
  .array(entrySchema, 'must be a JSON array')
  .max(ISSUERS_MAXIMUM, `names more than ${ISSUERS_MAXIMUM} issuers`)

export interface ParsedIssuers {
  readonly issuers: readonly TrustedIssuer[]
  /** Each names the setting, the entry and the member. */
  readonly problems: readonly string[]
}

/**
 * The issuers of the setting's text, or everything that is wrong with it.
 * @param publicUrl our own address: tokens of our own authorization server are not somebody else's
 */
export function parseTrustedIssuers(text: string | undefined, publicUrl: string): ParsedIssuers {
  if (text === undefined) return { issuers: [], problems: [] }
  const json = parseJson(text)
  if (!json.ok) return { issuers: [], problems: [`${NAME} is no JSON that can be read: ${json.problem.detail}`] }
  const parsed = settingSchema.safeParse(json.value)
  if (!parsed.success) return { issuers: [], problems: parsed.error.issues.map(problemOf) }
  const issuers = parsed.data.map(issuerOf)
  const problems = issuers.flatMap((entry, index) => contradictionsOf(entry, index, { issuers, publicUrl }))
  return { issuers: problems.length === 0 ? issuers : [], problems }
}

function issuerOf(entry: z.output<typeof entrySchema>): TrustedIssuer {
  return {
    issuer: entry.issuer,
    audience: entry.audience,
    jwksUrl: entry.jwks_url,
    userClaim: entry.user_claim,
    emailClaim: entry.email_claim,
    nameClaim: entry.name_claim,
    scopesClaim: entry.scopes_claim,
    scopes: entry.default_scopes,
    createUsers: entry.create_users,
  }
}

function contradictionsOf(
  { issuer }: TrustedIssuer,
  index: number,
  { issuers, publicUrl }: { readonly issuers: readonly TrustedIssuer[]; readonly publicUrl: string },
): string[] {
  const place = `${NAME}[${index}].issuer`
  const isTwice = issuers.findIndex((other) => other.issuer === issuer) < index
  const isOurs = new URL(issuer).origin === new URL(publicUrl).origin
  return [
    ...(isTwice ? [`${place} stands in the list twice`] : []),
    ...(isOurs ? [`${place} is this server itself (PUBLIC_URL), whose tokens are accepted anyway`] : []),
  ]
}

function problemOf({ path, message }: z.core.$ZodIssue): string {
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return path.length === 0 ? `${NAME} is no list of issuers: it ${message}` : `${NAME}${place} ${message}`
}

/** Keys that came over plain HTTP from the internet would be anybody's. */
function isFetchable(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || /[?#]/.test(text) || url.username !== '' || url.password !== '') return false
  if (url.protocol === 'https:') return true
  return url.protocol === 'http:' && !isPublicHost(withoutBrackets(url.hostname))
}

function isPublicHost(host: string): boolean {
  return isIP(host) === 0 ? isPublicName(host) : isPublicAddress(host)
}

/** `host:port` of the addresses that the operator wrote down for an issuer: they alone may be private. */
export function operatorHostsOf({ issuer, jwksUrl }: TrustedIssuer): string[] {
  return [issuer, jwksUrl].filter((url) => url !== undefined).map((url) => new URL(url).host)
}
