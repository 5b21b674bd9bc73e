import { randomBytes } from 'node:crypto'
import type { AppContext } from '#kernel/http.ts'
import { callProvider, type RouteDeps } from '#oauth/routes.ts'

/** Revocation by a client (RFC 7009), of refresh tokens (the library's) and of access tokens, which are JWTs and ours. */

export interface RevokeDeps extends Pick<RouteDeps, 'publicUrl' | 'running'> {
  /** Ends the grant of one of our access tokens, where it was given to this client. */
  readonly endByAccessToken: (token: string, clientId: string) => Promise<void>
}

/** Three parts of base64url: no opaque token of ours has dots. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/
const STAND_IN_BYTES = 32

export async function revokeToken(deps: RevokeDeps, c: AppContext, form: URLSearchParams): Promise<Response> {
  const token = form.get('token') ?? ''
  if (!JWT.test(token) || form.getAll('token').length > 1) return callProvider(deps, c, { body: form.toString() })
  // The library refuses JWTs, but it is the one that knows who a client is: it is asked about a token that nobody has.
  const standIn = new URLSearchParams(form)
  standIn.set('token', randomBytes(STAND_IN_BYTES).toString('base64url'))
  const response = await callProvider(deps, c, { body: standIn.toString() })
  if (response.ok) await deps.endByAccessToken(token, clientIdOf(c, form))
  return response
}

/** The id that the library has just authenticated: from the form or, encoded as RFC 6749 2.3.1 says, the header. */
function clientIdOf(c: AppContext, form: URLSearchParams): string {
  const basic = /^Basic ([\w+/=-]+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  if (basic === undefined) return form.get('client_id') ?? ''
  const id = Buffer.from(basic, 'base64').toString('utf8').split(':', 1)[0] ?? ''
  return decodeURIComponent(id.replaceAll('+', '%20'))
}
