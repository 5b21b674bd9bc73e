import type { WordKey } from '../language.ts'

/** Why something failed or was denied, as an administrator reads it, by the code that is recorded. */
const WHY_WORDS: Readonly<Record<string, WordKey | undefined>> = {
  invalid_request: 'why.invalid_request',
  invalid_arguments: 'why.invalid_arguments',
  missing_token: 'why.missing_token',
  malformed_token: 'why.malformed_token',
  invalid_token: 'why.invalid_token',
  expired_token: 'why.expired_token',
  revoked_token: 'why.revoked_token',
  invalid_credentials: 'why.invalid_credentials',
  forbidden: 'why.forbidden',
  insufficient_scope: 'why.insufficient_scope',
  forbidden_by_provider: 'why.forbidden_by_provider',
  denied: 'why.denied',
  not_found: 'why.not_found',
  ambiguous: 'why.ambiguous',
  conflict: 'why.conflict',
  not_connected: 'why.not_connected',
  reauthorize: 'why.reauthorize',
  approval_required: 'why.approval_required',
  tool_changed: 'why.tool_changed',
  credential_rejected: 'why.credential_rejected',
  unusable_server: 'why.unusable_server',
  registration_refused: 'why.registration_refused',
  rate_limited: 'why.rate_limited',
  cancelled: 'why.cancelled',
  internal_error: 'why.internal_error',
  credential_unreadable: 'why.credential_unreadable',
  tool_failed: 'why.tool_failed',
  partly_done: 'why.partly_done',
  outcome_unknown: 'why.outcome_unknown',
  provider_unavailable: 'why.provider_unavailable',
  unavailable: 'why.unavailable',
  many_failures: 'why.many_failures',
}

const AUTHORIZATION = 'authorization_'

/** The words for a code; one that is not known has none and is shown among the codes only. */
export function whyWord(code: string): WordKey | undefined {
  const known = Object.hasOwn(WHY_WORDS, code) ? WHY_WORDS[code] : undefined
  if (known !== undefined || !code.startsWith(AUTHORIZATION)) return known
  return code === 'authorization_denied' ? 'why.authorization_denied' : 'why.authorization_failed'
}
