import { errors } from 'oidc-provider'

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
  'response_modes',
  'response_types',
  'software_id',
  'subject_type',
  'token_endpoint_auth_method',
  'tos_uri',
])

export const GRANT_TYPES = ['authorization_code', 'refresh_token'] as const
export const RESPONSE_TYPES = ['code'] as const
export const AUTH_METHODS = ['none', 'client_secret_basic', 'client_secret_post'] as const

const MAXIMUM_REDIRECT_URIS = 20
/** Characters; the longest of real clients have about a hundred. */
const MAXIMUM_URI_LENGTH = 2_000
const MAXIMUM_NAME_LENGTH = 200
/** RFC 8252 7.1: a private-use scheme is a reversed domain name; clients in use have single words (`cursor:`), so these are let in too. */
const PRIVATE_USE_SCHEME = /^[a-z][a-z0-9+.-]{1,63}:$/
/** What a browser or the system runs, opens or shows by itself instead of handing it to one program of the user's. */
const FORBIDDEN_SCHEMES = new Set(
  `about: blob: chrome: chrome-extension: content: data: edge: facetime: feed: file: filesystem: ftp: ftps: geo: git: gopher:
   http+unix: imap: intent: jar: javascript: ldap: ldaps: mailto: market: moz-extension: ms-appinstaller: ms-msdt: ms-officecmd:
   ms-settings: ms-word: ms-excel: ms-powerpoint: nfs: nntp: opaquelocktoken: resource: rtsp: search-ms: sftp: shell: sip: sips:
   skype: smb: sms: ssh: tel: telnet: urn: vbscript: view-source: webcal: ws: wss: x-apple.systempreferences: xmpp:`.split(
    /\s+/,
  ),
)
const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])
/** Spaces, control characters and the signs that parsers disagree about. */
const UNSAFE_CHARACTERS = /[\s\p{C}\\^`{|}<>"']/u

export function isLoopback(uri: string): boolean {
  const url = URL.parse(uri)
  return url !== null && url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname)
}

/** Why an address cannot take codes; undefined where it can: https, loopback http, or a private-use scheme (RFC 8252). */
export function redirectUriFault(uri: unknown): string | undefined {
  if (typeof uri !== 'string' || uri.length > MAXIMUM_URI_LENGTH)
    return `must be a text of at most ${MAXIMUM_URI_LENGTH} characters`
  const url = URL.parse(uri)
  if (url === null || UNSAFE_CHARACTERS.test(uri))
    return 'must be an absolute address without spaces, quotes or backslashes'
  if (uri.includes('#')) return 'must not have a fragment'
  if (uri.includes('*')) return 'must not have wildcards'
  if (url.username !== '' || url.password !== '' || /^[a-z]+:\/\/[^/?]*@/i.test(uri))
    return 'must not have a user or a password'
  return schemeFault(url, uri)
}

function schemeFault(url: URL, uri: string): string | undefined {
  if (url.protocol === 'https:') return uri.startsWith('https://') ? undefined : 'must begin with https://'
  if (url.protocol === 'http:') {
    const isPlain = uri.startsWith('http://') && LOOPBACK_HOSTS.has(url.hostname)
    return isPlain ? undefined : 'may use http only for localhost, 127.0.0.1 or [::1]'
  }
  const isPrivate = PRIVATE_USE_SCHEME.test(url.protocol) && !FORBIDDEN_SCHEMES.has(url.protocol)
  return isPrivate ? undefined : `must not use the scheme ${url.protocol}`
}

/**
 * Brings a client's metadata into what we offer, in place, before the library checks the rest of it.
 * @throws the library's `InvalidClientMetadata` or `InvalidRedirectUri`, which it answers with 400
 */
export function settleMetadata(metadata: Record<string, unknown>): void {
  for (const name of Object.keys(metadata)) if (!KEPT.has(name)) delete metadata[name]
  settleRedirects(metadata)
  metadata['grant_types'] = offered(metadata['grant_types'], GRANT_TYPES, 'grant_types')
  metadata['response_types'] = offered(metadata['response_types'], RESPONSE_TYPES, 'response_types')
  metadata['response_modes'] = ['query']
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
