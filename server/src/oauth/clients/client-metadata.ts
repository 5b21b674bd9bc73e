import { errors } from 'oidc-provider'
import { MAXIMUM_REDIRECT_URIS, redirectUriFault } from './redirect-uri.ts'

/** What a client may say of itself, whichever way it comes: by configuration, by a document, by registering. */

/** Everything else that a client says is dropped: it would switch on what we do not offer, or have us fetch something. */
const KEPT = new Set([
  'application_type',
  'client_id',
  'client_id_issued_at',
  'client_name',
  'client_secret',
  'client_secret_expires_at',
  'client_uri',
  'contacts',
  'grant_types',
  'id_token_signed_response_alg',
  'logo_uri',
  'policy_uri',
  'redirect_uris',
  'response_types',
  'software_id',
  'subject_type',
  'token_endpoint_auth_method',
  'tos_uri',
])

export const GRANT_TYPES = ['authorization_code', 'refresh_token'] as const
export const RESPONSE_TYPES = ['code'] as const
export const AUTH_METHODS = ['none', 'client_secret_basic', 'client_secret_post'] as const

const MAXIMUM_NAME_LENGTH = 200
/** As JSON writes what PostgreSQL's text cannot hold. JSON.stringify escapes a surrogate only where it stands alone. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/
/**
 * Brings a client's metadata into what we offer, in place, before the library checks the rest of it.
 * @throws the library's `InvalidClientMetadata` or `InvalidRedirectUri`, which it answers with 400
 */
export function settleMetadata(metadata: Record<string, unknown>): void {
  for (const name of Object.keys(metadata)) if (!KEPT.has(name)) delete metadata[name]
  if (UNSTORABLE.test(JSON.stringify(metadata))) {
    throw new errors.InvalidClientMetadata('no text may hold a NUL character or half of a surrogate pair')
  }
  settleRedirects(metadata)
  metadata['grant_types'] = offered(metadata['grant_types'], GRANT_TYPES, 'grant_types')
  metadata['response_types'] = offered(metadata['response_types'], RESPONSE_TYPES, 'response_types')
  metadata['subject_type'] = 'public'
  metadata['id_token_signed_response_alg'] = 'ES256'
  const name = metadata['client_name']
  if (typeof name === 'string' && name.length > MAXIMUM_NAME_LENGTH) {
    throw new errors.InvalidClientMetadata(`client_name must have at most ${MAXIMUM_NAME_LENGTH} characters`)
  }
}

function settleRedirects(metadata: Record<string, unknown>): void {
  const uris = metadata['redirect_uris']
  if (!Array.isArray(uris) || uris.length === 0 || uris.length > MAXIMUM_REDIRECT_URIS) {
    throw new errors.InvalidClientMetadata(`redirect_uris must list 1 to ${MAXIMUM_REDIRECT_URIS} addresses`)
  }
  for (const uri of uris) {
    const fault = redirectUriFault(uri)
    if (fault !== undefined) throw new errors.InvalidClientMetadata(`redirect_uris ${fault}`)
  }
  // Only for native clients does the library let the port of a loopback address vary (RFC 8252 7.3).
  if (uris.some((uri: string) => !uri.startsWith('https:'))) metadata['application_type'] = 'native'
}

/** RFC 7591 2: a server may replace what was asked by what it has. Clients ask for every grant that they know. */
function offered(asked: unknown, available: readonly string[], name: string): string[] {
  if (!Array.isArray(asked)) throw new errors.InvalidClientMetadata(`${name} must be a list`)
  const kept = available.filter((value) => asked.includes(value))
  if (kept.length === 0) throw new errors.InvalidClientMetadata(`${name} must include ${available[0]}`)
  return kept
}
