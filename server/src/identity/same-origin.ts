/** Whether a request that a browser may have sent on another site's behalf really comes from our own pages. */

export interface RequestOrigin {
  readonly method: string
  /** The Origin header, where there is one; `null` is how browsers write an opaque origin. */
  readonly origin: string | undefined
  /** The Sec-Fetch-Site header, where there is one. Pages cannot forge it. */
  readonly site: string | undefined
}

/** Methods that must change nothing (RFC 9110 9.2.1). */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * For a request that is authenticated by a cookie, which the browser adds by itself. A changing one needs proof: no
 * header at all is no proof, for programs send tokens.
 */
export function isOwnRequest(request: RequestOrigin, allowedOrigins: ReadonlySet<string>): boolean {
  if (SAFE_METHODS.has(request.method)) return true
  if (request.origin === undefined && request.site === undefined) return false
  return isNotForeign(request, allowedOrigins)
}

/** For a request that brings its own credential in the body (sign-in, sign-up): refuses only what is plainly foreign. */
export function isNotForeign(request: RequestOrigin, allowedOrigins: ReadonlySet<string>): boolean {
  if (request.site !== undefined && request.site !== 'same-origin') return false
  return request.origin === undefined || allowedOrigins.has(request.origin)
}

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]']

/**
 * The origins whose pages are ours: the public address, those the operator trusts, and on a loopback address its other
 * names, for people type whichever they like.
 */
export function allowedOrigins(publicUrl: string, trusted: readonly string[] = []): ReadonlySet<string> {
  const own = new URL(publicUrl)
  const names = LOOPBACK_HOSTS.includes(own.hostname) ? LOOPBACK_HOSTS : [own.hostname]
  const port = own.port === '' ? '' : `:${own.port}`
  return new Set([
    ...names.map((name) => `${own.protocol}//${name}${port}`),
    ...trusted.map((url) => new URL(url).origin),
  ])
}
