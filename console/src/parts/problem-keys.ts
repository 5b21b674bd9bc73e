import type { WordKey } from '../language.ts'

/** The sentence for each code that the server answers with. */
export const PROBLEM_KEYS: Readonly<Record<string, WordKey | undefined>> = {
  invalid_request: 'problem.invalid_request',
  missing_token: 'problem.signed_out',
  invalid_token: 'problem.signed_out',
  expired_token: 'problem.signed_out',
  revoked_token: 'problem.signed_out',
  invalid_credentials: 'problem.invalid_credentials',
  forbidden: 'problem.forbidden',
  insufficient_scope: 'problem.forbidden',
  forbidden_by_provider: 'problem.forbidden_by_provider',
  denied: 'problem.denied',
  not_found: 'problem.not_found',
  conflict: 'problem.conflict',
  not_connected: 'problem.not_connected',
  reauthorize: 'problem.reauthorize',
  credential_rejected: 'problem.credential_rejected',
  rate_limited: 'problem.rate_limited',
  internal_error: 'problem.internal_error',
  model_failed: 'problem.model_failed',
  outcome_unknown: 'problem.outcome_unknown',
  provider_unavailable: 'problem.provider_unavailable',
  unavailable: 'problem.unavailable',
}
