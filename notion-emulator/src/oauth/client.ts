import { tokenHash } from '../core/tokens.ts'
import type { Integration } from '../state/model.ts'
import type { State } from '../state/state.ts'
import type { OAuthCall } from './call.ts'
import { OAuthFailure } from './failure.ts'

/** The integration with this client id; only public ones have one. */
export function findClient(state: State, clientId: string): Integration | null {
  for (const integration of state.integrations.values()) {
    if (integration.clientId === clientId) return integration
  }
  return null
}

/** The integration whose id and secret the request brought as HTTP Basic; whatever is wrong with them reads the same. */
export function authenticateClient(call: OAuthCall): Integration {
  const encoded = /^Basic\s+([A-Za-z0-9+/=_-]+)$/i.exec(call.authorization ?? '')?.[1] ?? ''
  const [clientId = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  const client = findClient(call.state, clientId)
  if (client?.clientSecret === undefined || tokenHash(client.clientSecret) !== tokenHash(rest.join(':'))) {
    throw new OAuthFailure('invalid_client', 'Client authentication failed.')
  }
  return client
}
