import { derivedToken } from '../core/tokens.ts'
import { keepToken } from '../state/tokens.ts'
import type { OAuthCall } from './call.ts'

const REFRESH_PREFIX = 'nrt_'

/** A fresh pair as it is given out; only the hashes stay. */
export interface IssuedTokens {
  accessToken: string
  refreshToken: string
}

/** Makes the tokens of an authorization, or the next ones when its refresh token was used. */
export function issueTokens(
  { state, settings, newId, now }: Pick<OAuthCall, 'state' | 'settings' | 'newId' | 'now'>,
  botId: string,
  authorizationId: string,
): IssuedTokens {
  const accessToken = derivedToken(newId())
  const refreshToken = derivedToken(newId(), REFRESH_PREFIX)
  const expiresAt = settings.accessTtlMs === null ? null : now + settings.accessTtlMs
  keepToken(state, accessToken, { botId, kind: 'access', issuedAt: now, expiresAt, authorizationId })
  keepToken(state, refreshToken, { botId, kind: 'refresh', issuedAt: now, authorizationId })
  return { accessToken, refreshToken }
}
