import { derivedToken, tokenHash } from '../core/tokens.ts'
import type { Token } from '../state/model.ts'
import type { OAuthCall } from './call.ts'

const REFRESH_PREFIX = 'nrt_'

/** A fresh pair as it is given out; only the hashes stay. */
export interface IssuedTokens {
  accessToken: string
  refreshToken: string
}

/** Makes the tokens of an authorization, or the next ones when its refresh token was used. */
export function issueTokens(call: OAuthCall, botId: string, authorizationId: string): IssuedTokens {
  const accessToken = derivedToken(call.newId())
  const refreshToken = derivedToken(call.newId(), REFRESH_PREFIX)
  const { accessTtlMs } = call.settings
  const base = { botId, issuedAt: call.now, revoked: false, replacedBy: null, authorizationId }
  keep(call, { ...base, hash: tokenHash(refreshToken), kind: 'refresh', expiresAt: null })
  const expiresAt = accessTtlMs === null ? null : call.now + accessTtlMs
  keep(call, { ...base, hash: tokenHash(accessToken), kind: 'access', expiresAt })
  return { accessToken, refreshToken }
}

function keep(call: OAuthCall, token: Token): void {
  call.state.tokens.set(token.hash, token)
}
