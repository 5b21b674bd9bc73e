import type { JsonObject } from '../state/model.ts'

/** HTTP status of the error codes of the API, those included that only an injected fault answers with. */
export const HTTP_STATUS = {
  invalid_json: 400,
  invalid_request_url: 400,
  invalid_request: 400,
  invalid_beta: 400,
  validation_error: 400,
  missing_version: 400,
  unauthorized: 401,
  restricted_resource: 403,
  object_not_found: 404,
  conflict_error: 409,
  row_limit_exceeded: 409,
  rate_limited: 429,
  internal_server_error: 500,
  bad_gateway: 502,
  service_unavailable: 503,
  database_connection_unavailable: 503,
  gateway_timeout: 504,
  service_overload: 529,
} as const

export type FailureCode = keyof typeof HTTP_STATUS

/**
 * A refusal on its way to the caller. It is thrown, not returned, since any depth of a nested body can refuse and
 * nothing above it may go on; it is caught in one place, core/handle.ts.
 */
export class ApiFailure extends Error {
  readonly code: FailureCode
  readonly status: number
  readonly additional: JsonObject | undefined

  constructor(code: FailureCode, message: string, additional?: JsonObject) {
    super(message)
    this.name = 'ApiFailure'
    this.code = code
    this.status = HTTP_STATUS[code]
    this.additional = additional
  }
}

/** A 400 for a body, path or query that does not fit. */
export function invalid(message: string): ApiFailure {
  return new ApiFailure('validation_error', message)
}

/** The error body, in the key order of the real API. */
export function failureBody(failure: ApiFailure, requestId: string): JsonObject {
  return {
    object: 'error',
    status: failure.status,
    code: failure.code,
    message: failure.message,
    ...(failure.additional === undefined ? {} : { additional_data: failure.additional }),
    request_id: requestId,
  }
}
