import { getCookie } from 'hono/cookie'
import type { AppContext } from '#kernel/http.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Caller } from './dependencies.ts'
import { sessionCookieName } from './login-library.ts'
import { isNotForeign, isOwnRequest, type RequestOrigin } from './same-origin.ts'

/** What a request brings with it: its credential, where it comes from, who seems to send it. */

export interface Presented {
  readonly token: string
  readonly by: 'header' | 'cookie'
}

/** Longer than any token of ours or of an identity provider; beyond it nothing is parsed. */
const TOKEN_MAXIMUM_LENGTH = 8_192
const BEARER = /^Bearer +(\S+)$/i

export interface OriginPolicy {
  readonly publicUrl: string
  readonly allowedOrigins: ReadonlySet<string>
}

/** The token of an `Authorization` header, where it is one. */
export function bearerOf(header: string): string | undefined {
  const token = BEARER.exec(header)?.[1]
  return token !== undefined && token.length <= TOKEN_MAXIMUM_LENGTH ? token : undefined
}

/** The one credential of a request. A bearer token goes before the cookie: the client chose to send it. */
export function presentedCredential(c: AppContext, policy: OriginPolicy): Outcome<Presented> {
  const header = c.req.header('authorization')
  if (header !== undefined) {
    const token = bearerOf(header)
    if (token !== undefined) return success({ token, by: 'header' })
    return failure('malformed_token', 'Send the header as `Authorization: Bearer <token>`.')
  }
  const cookie = getCookie(c, sessionCookieName(policy.publicUrl))
  if (cookie === undefined) {
    return failure('missing_token', 'Sign in, or send `Authorization: Bearer <token>` with an API or session token.')
  }
  if (isOwnRequest(originOf(c), policy.allowedOrigins)) return success({ token: cookie, by: 'cookie' })
  return failure(
    'forbidden',
    'With the session cookie, changes are accepted only from the pages of this server. Programs send a bearer token.',
    { reason: 'cross-origin request with the session cookie' },
  )
}

/** Refuses what a foreign page sends to sign a browser in or up without its user's knowledge (login CSRF). */
export function refuseForeign(c: AppContext, policy: OriginPolicy): Outcome<undefined> {
  if (isNotForeign(originOf(c), policy.allowedOrigins)) return success(undefined)
  return failure('forbidden', 'This is accepted only from the pages of this server, or from a program.')
}

/** The session token that the browser holds, whatever else the request carries. */
export function sessionCookie(c: AppContext, policy: OriginPolicy): string | undefined {
  return getCookie(c, sessionCookieName(policy.publicUrl))
}

export function callerOf(c: AppContext): Caller {
  return {
    address: c.get('clientAddress'),
    userAgent: c.req.header('user-agent'),
    requestId: c.get('requestId'),
  }
}

function originOf(c: AppContext): RequestOrigin {
  return { method: c.req.method, origin: c.req.header('origin'), site: c.req.header('sec-fetch-site') }
}
