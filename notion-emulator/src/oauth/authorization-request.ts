import type { Integration } from '../state/model.ts'
import type { OAuthCall } from './call.ts'
import { findClient } from './client.ts'

/** What a client asked for in the authorize address. */
export interface AuthorizationRequest {
  client: Integration
  redirectUri: string
  redirectUriWasSent: boolean
  /** Comes back with the answer as it is. */
  state: string | null
}

/** How the authorize address was read. */
export type ReadRequest =
  | { type: 'request'; request: AuthorizationRequest }
  /** Nobody may be sent anywhere: the client is unknown, or the address to return to is not its own. */
  | { type: 'refused'; reason: string }
  /** The client is known and hears what is wrong. */
  | {
      type: 'returned'
      request: AuthorizationRequest
      error: 'invalid_request' | 'unsupported_response_type'
      description: string
    }

/** Reads the authorize address. An address to return to must equal a registered one to the letter. */
export function readAuthorizationRequest(call: OAuthCall): ReadRequest {
  const { query } = call
  for (const name of ['client_id', 'redirect_uri', 'state']) {
    // RFC 6749 section 3.1. With two, one side might check the first and the other use the second.
    if (query.getAll(name).length > 1) return { type: 'refused', reason: `${name} is there more than once.` }
  }
  const client = findClient(call.state, query.get('client_id') ?? '')
  if (client === null) return { type: 'refused', reason: 'Missing or invalid client_id.' }
  const sent = query.get('redirect_uri')
  const redirectUri = sent ?? (client.redirectUris.length === 1 ? client.redirectUris[0] : undefined)
  if (redirectUri === undefined || !client.redirectUris.includes(redirectUri)) {
    return { type: 'refused', reason: 'Missing or invalid redirect_uri.' }
  }
  const request = { client, redirectUri, redirectUriWasSent: sent !== null, state: query.get('state') }
  if (query.get('owner') !== 'user') {
    return { type: 'returned', request, error: 'invalid_request', description: 'owner must be user.' }
  }
  const wanted = query.get('response_type')
  if (wanted === 'code') return { type: 'request', request }
  const error = wanted === null ? 'invalid_request' : 'unsupported_response_type'
  return { type: 'returned', request, error, description: 'response_type must be code.' }
}

/** Where the browser goes with the answer. */
export function returnAddress(request: AuthorizationRequest, answer: Record<string, string>): string {
  const parameters = new URLSearchParams(answer)
  if (request.state !== null) parameters.set('state', request.state)
  return `${request.redirectUri}${request.redirectUri.includes('?') ? '&' : '?'}${parameters.toString()}`
}
