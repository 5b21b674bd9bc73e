import { isOwnResource } from './addresses.ts'
import { CLIENT_SCOPES } from './authorization-server.ts'
import { resourceOf } from '#oauth/library/provider.ts'

/** What clients send, brought to what the library expects, where clients differ and nothing is at stake. */

/** Belong to OpenID Connect's logins, which the library refuses without its scope; some OAuth clients send them by habit. */
const LOGIN_PARAMETERS = [
  'acr_values',
  'claims',
  'claims_locales',
  'display',
  'id_token_hint',
  'login_hint',
  'max_age',
  'nonce',
]

/** Of an authorization request: scopes of ours (both where none is asked for), one resource, no parameters of logins. */
export function settleAuthorization(parameters: URLSearchParams, publicUrl: string): URLSearchParams {
  const settled = new URLSearchParams(parameters)
  for (const name of LOGIN_PARAMETERS) settled.delete(name)
  // Every request asks its user anyway; `none` must say that it cannot.
  if (settled.get('prompt') !== 'none') settled.delete('prompt')
  // Answers go by the query alone; the library can do more, and is told of a mode that it does not know.
  if (settled.has('response_mode') && settled.get('response_mode') !== 'query')
    settled.set('response_mode', 'unsupported')
  const scopes = settled.getAll('scope')
  if (scopes.length <= 1 && isAskingNothing(scopes[0] ?? '')) settled.set('scope', CLIENT_SCOPES.join(' '))
  settleResource(settled, publicUrl)
  return settled
}

function isAskingNothing(scope: string): boolean {
  const asked = scope.split(' ')
  return /^[\x20-\x7e]*$/.test(scope) && !CLIENT_SCOPES.some((known) => asked.includes(known))
}

/** Names our one resource wherever a client names a part of it or another of our names; leaves anything else to be refused. */
export function settleResource(parameters: URLSearchParams, publicUrl: string): void {
  const named = parameters.getAll('resource')
  if (named.length > 0 && named.every((resource) => isOwnResource(resource, publicUrl))) {
    parameters.set('resource', resourceOf(publicUrl))
  }
}
