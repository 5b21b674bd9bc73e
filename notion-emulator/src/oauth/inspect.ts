import { MILLISECONDS_PER_SECOND } from '../core/clock.ts'
import { isUsable, tokenHash } from '../core/tokens.ts'
import type { Install, Integration, Token } from '../state/model.ts'
import type { OAuthCall, OAuthReply } from './call.ts'
import { authenticateClient } from './client.ts'
import { jsonBody, requiredText } from './json-body.ts'

/** `POST /v1/oauth/introspect`: whether a token of this client is alive. Of others' tokens nothing is told. */
export function introspect(call: OAuthCall): OAuthReply {
  const known = ownToken(call, authenticateClient(call))
  if (known === null || !isUsable(known.token, call.now)) return reply({ active: false })
  const scope = [...known.install.capabilities].join(' ')
  return reply({ active: true, scope, iat: Math.floor(known.token.issuedAt / MILLISECONDS_PER_SECOND) })
}

/** `POST /v1/oauth/revoke`. A token that is unknown or another client's is answered alike (RFC 7009 section 2.2). */
export function revoke(call: OAuthCall): OAuthReply {
  const known = ownToken(call, authenticateClient(call))
  if (known === null) return reply({})
  known.token.revoked = true
  if (call.settings.revocationEnds === 'authorization') {
    for (const token of call.state.tokens.values()) {
      if (token.authorizationId === known.token.authorizationId) token.revoked = true
    }
  }
  return reply({})
}

function ownToken(call: OAuthCall, client: Integration): { token: Token; install: Install } | null {
  const token = call.state.tokens.get(tokenHash(requiredText(jsonBody(call), 'token')))
  const install = token === undefined ? undefined : call.state.installs.get(token.botId)
  if (token === undefined || install?.integrationId !== client.id) return null
  return { token, install }
}

function reply(body: Record<string, unknown>): OAuthReply {
  return { type: 'json', status: 200, body }
}
