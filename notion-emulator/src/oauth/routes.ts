import { decideAuthorize, showAuthorize } from './authorize.ts'
import type { OAuthCall, OAuthReply } from './call.ts'
import { OAuthFailure, oauthFailureBody } from './failure.ts'
import { introspect, revoke } from './inspect.ts'
import { token } from './token.ts'

type Operation = (call: OAuthCall) => OAuthReply

const OPERATIONS: Record<string, Operation> = {
  'GET /v1/oauth/authorize': showAuthorize,
  'POST /v1/oauth/authorize': decideAuthorize,
  'POST /v1/oauth/token': token,
  'POST /v1/oauth/introspect': introspect,
  'POST /v1/oauth/revoke': revoke,
}

/** The operation at an OAuth address, or null for any other. These take no bearer token and no version. */
export function oauthOperation(method: string, path: string): Operation | null {
  const operation = OPERATIONS[`${method} ${path.replace(/\/+$/, '')}`]
  return operation === undefined ? null : (call) => guarded(operation, call)
}

function guarded(operation: Operation, call: OAuthCall): OAuthReply {
  try {
    return operation(call)
  } catch (error) {
    if (!(error instanceof OAuthFailure)) throw error
    return { type: 'json', status: error.status, body: oauthFailureBody(error, call.settings.oauthErrorBody) }
  }
}
