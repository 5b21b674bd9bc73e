import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { ProviderApps } from '#connections/authorization/apps.ts'
import type { AuthorizationClient } from '#connections/authorization/protocol.ts'
import type { OpenEgress } from '#kernel/egress.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Discovered } from './discover.ts'
import { fetchDocument } from './metadata-document.ts'

/**
 * Who we are at an authorization server that we have never seen, in the order of the protocol: the client that the operator
 * registered there, the document that describes us, or a registration on the spot.
 */

export interface RegisterDeps {
  readonly apps: Pick<ProviderApps, 'find'>
  readonly egress: OpenEgress
  readonly publicUrl: string
  /** The address of the document that describes us to an issuer; null where it could not be read from there. */
  readonly documentUrl: (digest: string) => string | null
}

export interface RegisteredClient {
  readonly clientId: string
  readonly clientSecret?: string
  readonly clientAuth: AuthorizationClient['clientAuth']
  readonly redirectUri: string
}

const CLIENT_NAME = 'Chaveiro'
const CALLBACK_PATH = '/api/mcp/servers/callback'
/** Of hexadecimal digits: 80 bits of the issuer's hash. */
const DIGEST_CHARACTERS = 20
export const ISSUER_DIGEST = /^[0-9a-f]{20}$/

/** A short name for an issuer, which stands in addresses. */
function issuerDigest(issuer: string): string {
  return createHash('sha256').update(issuer).digest('hex').slice(0, DIGEST_CHARACTERS)
}

/**
 * Where an authorization server sends the user back to. One for each, so that the code of an honest server, obtained
 * through a dishonest one, arrives where it does not fit (RFC 9700 4.4.2.2). Clients that an operator registered by hand
 * share the one without a digest.
 */
export function serverCallbackUrl(publicUrl: string, digest?: string): string {
  return `${publicUrl}${CALLBACK_PATH}${digest === undefined ? '' : `/${digest}`}`
}

export function clientDocumentUrl(publicUrl: string, digest: string): string {
  return `${publicUrl}/oauth/client-metadata/${digest}.json`
}

/** Ours can be read where we are reached over HTTPS. */
export function ownDocuments(publicUrl: string): RegisterDeps['documentUrl'] {
  return (digest) => (publicUrl.startsWith('https:') ? clientDocumentUrl(publicUrl, digest) : null)
}

/** What we say of ourselves, to one authorization server. */
export function clientMetadata(publicUrl: string, redirectUri: string): Record<string, unknown> {
  return {
    client_name: CLIENT_NAME,
    client_uri: publicUrl,
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    // A loopback address is a development's; elsewhere we are a server.
    application_type: redirectUri.startsWith('https:') ? 'web' : 'native',
  }
}

/** Fails with `registration_refused`, which names the ways that are left. */
export async function register(
  deps: RegisterDeps,
  server: Discovered,
  signal?: AbortSignal,
): Promise<Outcome<RegisteredClient>> {
  const app = await deps.apps.find(server.issuer)
  if (!app.ok) return app
  if (app.value !== null) {
    const { clientId, clientSecret } = app.value
    const redirectUri = serverCallbackUrl(deps.publicUrl)
    if (clientSecret === '') return success({ clientId, clientAuth: 'none', redirectUri })
    return success({ clientId, clientSecret, clientAuth: secretMethod(server.authMethods), redirectUri })
  }
  const digest = issuerDigest(server.issuer)
  const redirectUri = serverCallbackUrl(deps.publicUrl, digest)
  const documentUrl = server.takesDocuments ? deps.documentUrl(digest) : null
  if (documentUrl !== null) return success({ clientId: documentUrl, clientAuth: 'none', redirectUri })
  return registerNow(deps, { server, redirectUri, ...(signal === undefined ? {} : { signal }) })
}

function secretMethod(supported: readonly string[]): 'client_secret_basic' | 'client_secret_post' {
  const onlyPost = supported.includes('client_secret_post') && !supported.includes('client_secret_basic')
  return onlyPost ? 'client_secret_post' : 'client_secret_basic'
}

/** What fits into a request as it is. */
const credential = z.string().regex(/^[\x20-\x7e]{1,2000}$/)
const registrationSchema = z.looseObject({
  client_id: credential,
  client_secret: credential.nullish(),
  token_endpoint_auth_method: z.string().optional(),
})

interface Registration {
  readonly server: Discovered
  readonly redirectUri: string
  readonly signal?: AbortSignal
}

/** RFC 7591. */
async function registerNow(
  { egress, publicUrl }: RegisterDeps,
  { server, redirectUri, signal }: Registration,
): Promise<Outcome<RegisteredClient>> {
  if (server.registrationEndpoint === undefined) return refused(server, 'no registration endpoint')
  const metadata = {
    ...clientMetadata(publicUrl, redirectUri),
    token_endpoint_auth_method: wantedMethod(server.authMethods),
    ...(server.scopes.length === 0 ? {} : { scope: server.scopes.join(' ') }),
  }
  const answer = await fetchDocument(egress.fetch, registrationSchema, {
    url: server.registrationEndpoint,
    init: { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(metadata) },
    ...(signal === undefined ? {} : { signal }),
  })
  if (!answer.ok) return answer
  const { status, value } = answer.value
  if (value === undefined) return refused(server, `registration: ${status}`)
  const { client_id: clientId, client_secret: clientSecret, token_endpoint_auth_method: method } = value
  if (typeof clientSecret !== 'string' || method === 'none')
    return success({ clientId, clientAuth: 'none', redirectUri })
  const clientAuth = secretMethod(method === undefined ? server.authMethods : [method])
  return success({ clientId, clientSecret, clientAuth, redirectUri })
}

function wantedMethod(supported: readonly string[]): string {
  const preferred = ['client_secret_basic', 'client_secret_post', 'none']
  return preferred.find((method) => supported.includes(method)) ?? 'client_secret_basic'
}

function refused({ issuer }: Discovered, reason: string): ReturnType<typeof failure> {
  return failure(
    'registration_refused',
    `The authorization server ${new URL(issuer).host} does not let this server register itself. Two other ways: send a token that you made there as "token", or have the operator register a client there and set it for ${issuer}.`,
    { reason, extra: { issuer } },
  )
}
