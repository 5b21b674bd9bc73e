import type { Settings } from '../core/settings.ts'
import type { JsonObject } from '../state/model.ts'

/** Error codes of the OAuth addresses that the emulator itself answers with (RFC 6749 section 5.2). */
export type OAuthFailureCode = 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'unsupported_grant_type'

const UNAUTHORIZED = 401
const BAD_REQUEST = 400

/** A refusal of the token, introspect and revoke addresses. Thrown, and caught in one place, oauth/routes.ts. */
export class OAuthFailure extends Error {
  readonly code: OAuthFailureCode
  readonly status: number

  constructor(code: OAuthFailureCode, message: string) {
    super(message)
    this.name = 'OAuthFailure'
    this.code = code
    this.status = code === 'invalid_client' ? UNAUTHORIZED : BAD_REQUEST
  }
}

/**
 * The error body. Notion's API description says the error object of the API, its guide says that of RFC 6749; a client
 * must take either, so both sets of keys are sent unless a setting says otherwise.
 */
export function oauthFailureBody(failure: OAuthFailure, shape: Settings['oauthErrorBody']): JsonObject {
  const { code, status, message } = failure
  return {
    ...(shape === 'oauth' ? {} : { object: 'error', status, code, message }),
    ...(shape === 'notion' ? {} : { error: code, error_description: message }),
  }
}
