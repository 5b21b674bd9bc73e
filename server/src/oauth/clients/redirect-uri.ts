/** Where codes may be sent: https, a program on the user's own machine, or a scheme that such a program registered (RFC 8252). */

export const MAXIMUM_REDIRECT_URIS = 20
/** Characters; the longest of real clients have about a hundred. */
const MAXIMUM_URI_LENGTH = 2_000
/** RFC 8252 7.1: a private-use scheme is a reversed domain name; clients in use have single words (`cursor:`), so these are let in too. */
const PRIVATE_USE_SCHEME = /^[a-z][a-z0-9+.-]{1,63}:$/
/** What a browser or the system runs, opens or shows by itself instead of handing it to one program of the user's. */
const FORBIDDEN_SCHEMES = new Set(
  `about: blob: chrome: chrome-extension: content: data: edge: facetime: feed: file: filesystem: ftp: ftps: geo: git: gopher:
   http+unix: imap: intent: jar: javascript: jnlp: ldap: ldaps: mailto: market: mhtml: moz-extension: ms-appinstaller: ms-msdt: ms-officecmd:
   ms-search: ms-settings: ms-word: ms-excel: ms-powerpoint: nfs: nntp: onenote: opaquelocktoken: res: resource: rtsp: search: search-ms: sftp: shell: sip: sips:
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
