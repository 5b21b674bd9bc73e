import { z } from 'zod'
import type { OpenEgress } from '#kernel/egress.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { fetchDocument } from './metadata-document.ts'
import type { Challenge } from './probe.ts'
import { isUsableAddress, LONGEST_ADDRESS, openAddress } from './server-address.ts'

/**
 * Finds who gives tokens for a remote server: its own metadata (RFC 9728), then that of the authorization server which it
 * names (RFC 8414, OpenID Connect). Every address in them is somebody's word and is held to the same rules as the first.
 */

/** An authorization server as far as it is used here, checked. */
export interface Discovered {
  /** Exactly as it was named and as it names itself. */
  readonly issuer: string
  readonly authorizationEndpoint: string
  readonly tokenEndpoint: string
  readonly registrationEndpoint?: string
  readonly revocationEndpoint?: string
  /** It says that every answer names it in `iss`. */
  readonly requiresIssuer: boolean
  /** It takes the address of a document as a client's id. */
  readonly takesDocuments: boolean
  readonly authMethods: readonly string[]
  /** What tokens are for (RFC 8707). */
  readonly resource: string
  /** To be asked for; empty where nobody says. */
  readonly scopes: readonly string[]
}

const address = z.string().min(1).max(LONGEST_ADDRESS)
/** More than any server has; they travel in an address. */
const MOST_SCOPES = 100
const LONGEST_SCOPE = 200
const scopeList = z.array(z.string().max(LONGEST_SCOPE)).max(MOST_SCOPES)

const resourceSchema = z.looseObject({
  resource: address,
  authorization_servers: z.array(address).min(1).max(20).optional(),
  scopes_supported: scopeList.optional(),
})

const words = z.array(z.string()).max(100)

const serverSchema = z.looseObject({
  issuer: address,
  authorization_endpoint: address,
  token_endpoint: address,
  registration_endpoint: address.optional(),
  revocation_endpoint: address.optional(),
  introspection_endpoint: address.optional(),
  userinfo_endpoint: address.optional(),
  jwks_uri: address.optional(),
  scopes_supported: z.array(z.string()).optional(),
  response_types_supported: words.optional(),
  code_challenge_methods_supported: words.optional(),
  token_endpoint_auth_methods_supported: words.optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
  client_id_metadata_document_supported: z.boolean().optional(),
})

type ResourceDocument = z.output<typeof resourceSchema>
type ServerDocument = z.output<typeof serverSchema>

export async function discover(
  egress: OpenEgress,
  server: { readonly url: string; readonly challenge: Challenge },
  signal?: AbortSignal,
): Promise<Outcome<Discovered>> {
  const looking: Looking = { egress, ...(signal === undefined ? {} : { signal }) }
  const resource = await findResource(looking, server)
  if (!resource.ok) return resource
  const named = resource.value?.authorization_servers?.slice(0, ISSUERS_TRIED)
  const found = await findAnyAuthorizationServer(looking, named ?? [new URL(server.url).origin])
  if (!found.ok) return found
  return success(discovered(server, { resource: resource.value, document: found.value }))
}

/** Of those that a server names, in its order: more than any has, and all within the time of one search. */
const ISSUERS_TRIED = 5

/** The first that can be used, each held to every check; where none can, what was wrong with the first. */
async function findAnyAuthorizationServer(
  looking: Looking,
  issuers: readonly string[],
): Promise<Outcome<ServerDocument>> {
  let first: Outcome<ServerDocument> | undefined
  for (const issuer of new Set(issuers)) {
    const found = await findAuthorizationServer(looking, issuer)
    if (found.ok) return found
    first ??= found
  }
  return first ?? unusable('The server asks for authorization and does not say where.', 'no authorization server named')
}

interface Looking {
  readonly egress: OpenEgress
  readonly signal?: AbortSignal
}

function unusable(detail: string, reason: string): ReturnType<typeof failure> {
  return failure('unusable_server', `${detail} Nothing was stored.`, { reason })
}

/** @returns undefined where the server has none: one of before RFC 9728 gives its tokens itself */
async function findResource(
  looking: Looking,
  { url, challenge }: { readonly url: string; readonly challenge: Challenge },
): Promise<Outcome<ResourceDocument | undefined>> {
  for (const candidate of resourceAddresses(url, challenge.resourceMetadata)) {
    const answer = await look(looking, candidate, resourceSchema)
    if (!answer.ok) return answer
    if (answer.value === undefined) continue
    return isResourceOf(answer.value.resource, url)
      ? success(answer.value)
      : unusable('The server’s metadata is about another server.', 'resource')
  }
  return success(undefined)
}

/** Where the header names one, then at its path, then at the root. */
function resourceAddresses(url: string, named: string | undefined): string[] {
  const { origin, pathname, search } = new URL(url)
  const wellKnown = `${origin}/.well-known/oauth-protected-resource`
  const ofPath = pathname === '/' ? [] : [`${wellKnown}${pathname}${search}`]
  return [...new Set([...(named === undefined ? [] : [named]), ...ofPath, wellKnown])]
}

/** RFC 9728 3.3: what the document is about has to be what was asked; a whole origin or folder may stand for it. */
function isResourceOf(resource: string, url: string): boolean {
  const [claimed, asked] = [URL.parse(resource), new URL(url)]
  if (claimed?.origin !== asked.origin) return false
  const folder = claimed.pathname.endsWith('/') ? claimed.pathname : `${claimed.pathname}/`
  return `${asked.pathname}/`.startsWith(folder)
}

async function findAuthorizationServer(looking: Looking, issuer: string): Promise<Outcome<ServerDocument>> {
  if (!isUsableAddress(looking.egress, issuer)) return strangeAddress('issuer')
  for (const candidate of serverAddresses(issuer)) {
    const answer = await look(looking, candidate, serverSchema)
    if (!answer.ok) return answer
    if (answer.value !== undefined) return checkServer(looking.egress, issuer, answer.value)
  }
  return unusable('The server asks for authorization and does not say where.', 'no authorization server metadata')
}

/** In the order of the protocol: RFC 8414, then OpenID Connect with the path inserted, then appended. */
function serverAddresses(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/+$/, '')
  const inserted = ['oauth-authorization-server', 'openid-configuration'].map(
    (name) => `${origin}/.well-known/${name}${path}`,
  )
  return path === '' ? inserted : [...inserted, `${origin}${path}/.well-known/openid-configuration`]
}

/** Members that hold the address of something that is, or could be, called. */
const ADDRESS_MEMBERS = [
  'authorization_endpoint',
  'token_endpoint',
  'registration_endpoint',
  'revocation_endpoint',
  'introspection_endpoint',
  'userinfo_endpoint',
  'jwks_uri',
] as const

function checkServer(egress: OpenEgress, issuer: string, document: ServerDocument): Outcome<ServerDocument> {
  // RFC 8414 3.3: otherwise one server could speak for another.
  if (document.issuer !== issuer) return unusable('The authorization server calls itself by another name.', 'issuer')
  const strange = ADDRESS_MEMBERS.find((name) => {
    const named = document[name]
    return named !== undefined && !isUsableAddress(egress, named)
  })
  if (strange !== undefined) return strangeAddress(strange)
  if (document.code_challenge_methods_supported?.includes('S256') !== true) {
    return unusable('The authorization server does not say that it protects codes (PKCE).', 'no S256')
  }
  return success(document)
}

function strangeAddress(member: string): ReturnType<typeof failure> {
  return unusable('The server names an address that is not called from here.', `${member} refused`)
}

async function look<Schema extends z.ZodType>(
  { egress, signal }: Looking,
  url: string,
  schema: Schema,
): Promise<Outcome<z.output<Schema> | undefined>> {
  if (!isUsableAddress(egress, url)) return strangeAddress('metadata address')
  const answer = await fetchDocument(egress.fetch, schema, { url, ...(signal === undefined ? {} : { signal }) })
  if (answer.ok) return success(answer.value.value)
  return answer.problem.code === 'forbidden' ? strangeAddress(answer.problem.reason ?? 'redirect') : answer
}

/** As in RFC 6749 3.3. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/
/** Asks for a refresh token where a server has the word (OpenID Connect Core 11). */
const OFFLINE_ACCESS = 'offline_access'

function discovered(
  { url, challenge }: { readonly url: string; readonly challenge: Challenge },
  { resource, document }: { readonly resource: ResourceDocument | undefined; readonly document: ServerDocument },
): Discovered {
  const asked = scopesIn(challenge.scope) ?? resource?.scopes_supported ?? []
  const offline = document.scopes_supported?.includes(OFFLINE_ACCESS) === true ? [OFFLINE_ACCESS] : []
  return {
    issuer: document.issuer,
    authorizationEndpoint: document.authorization_endpoint,
    tokenEndpoint: document.token_endpoint,
    ...(document.registration_endpoint === undefined ? {} : { registrationEndpoint: document.registration_endpoint }),
    ...(document.revocation_endpoint === undefined ? {} : { revocationEndpoint: document.revocation_endpoint }),
    requiresIssuer: document.authorization_response_iss_parameter_supported === true,
    takesDocuments: document.client_id_metadata_document_supported === true,
    authMethods: document.token_endpoint_auth_methods_supported ?? ['client_secret_basic'],
    // Named to a stranger, and in an address that a browser shows: without the query, which may hold a key.
    resource: resource?.resource ?? openAddress(url),
    scopes: [...new Set([...asked, ...offline])].filter((scope) => SCOPE_TOKEN.test(scope)),
  }
}

/** The words of a scope parameter; undefined where there is none. */
export function scopesIn(scope: string | undefined): string[] | undefined {
  const words = scope?.split(' ').filter((word) => word !== '' && word.length <= LONGEST_SCOPE)
  return words === undefined || words.length === 0 ? undefined : words.slice(0, MOST_SCOPES)
}
