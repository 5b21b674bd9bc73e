import { tokenHash } from '../core/tokens.ts'
import type { Token } from './model.ts'
import type { State } from './state.ts'

/** What must be known of a token to keep it; by default it never expires and nothing else came from its consent. */
export type TokenFacts = Pick<Token, 'botId' | 'kind' | 'issuedAt'> &
  Partial<Pick<Token, 'expiresAt' | 'authorizationId'>>

/** Makes a token valid. Of the token itself only the hash stays. */
export function keepToken(state: State, token: string, facts: TokenFacts): void {
  const hash = tokenHash(token)
  state.tokens.set(hash, { expiresAt: null, authorizationId: hash, ...facts, hash, revoked: false, replacedBy: null })
}
