/**
 * What can go wrong, as data. Every expected failure carries a stable code (for programs), a public sentence (for people)
 * and, apart from both, a private reason (for the log). Shape on the wire: RFC 9457.
 */

/** Stable code → HTTP status and default title. A code is never renamed: clients branch on it. */
export const PROBLEMS = {
  invalid_request: { status: 400, title: 'Invalid request' },
  invalid_json: { status: 400, title: 'The body is not valid JSON' },
  invalid_arguments: { status: 400, title: 'Invalid arguments' },
  missing_token: { status: 401, title: 'Sign in, or send a token' },
  malformed_token: { status: 401, title: 'Malformed token' },
  invalid_token: { status: 401, title: 'Unknown token' },
  expired_token: { status: 401, title: 'Expired token' },
  revoked_token: { status: 401, title: 'Revoked token' },
  invalid_credentials: { status: 401, title: 'Wrong e-mail or password' },
  forbidden: { status: 403, title: 'Not allowed' },
  insufficient_scope: { status: 403, title: 'The token lacks a scope' },
  forbidden_by_provider: { status: 403, title: 'The provider does not allow it' },
  denied: { status: 403, title: 'Denied' },
  not_found: { status: 404, title: 'Not found' },
  ambiguous: { status: 409, title: 'More than one fits' },
  conflict: { status: 409, title: 'Conflict' },
  not_connected: { status: 409, title: 'Not connected' },
  reauthorize: { status: 409, title: 'Connect again' },
  approval_required: { status: 409, title: 'Approval required' },
  tool_changed: { status: 409, title: 'The tool has changed' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'Send JSON' },
  credential_rejected: { status: 422, title: 'The provider refused the key' },
  unusable_server: { status: 422, title: 'That server cannot be connected' },
  registration_refused: { status: 422, title: 'The server takes no new clients' },
  rate_limited: { status: 429, title: 'Too many requests' },
  cancelled: { status: 499, title: 'Stopped' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  credential_unreadable: { status: 500, title: 'Failed to decrypt credentials' },
  model_failed: { status: 502, title: 'The AI model failed' },
  tool_failed: { status: 502, title: 'The tool failed at its server' },
  partly_done: { status: 502, title: 'Only partly done' },
  outcome_unknown: { status: 502, title: 'The outcome is not known' },
  provider_unavailable: { status: 503, title: 'The provider does not answer' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof PROBLEMS

export interface Problem {
  readonly code: ProblemCode
  /** One or two sentences for the person or model: what happened, whether to try again, what to do. Never a secret. */
  readonly detail: string
  /** Replaces the code's own title where a more exact one helps, for example "Calendar not connected". */
  readonly title?: string
  /** Where in the input the fault lies, for example `arguments.page_id`. */
  readonly path?: string
  /** Seconds after which a retry makes sense; becomes the Retry-After header. */
  readonly retryAfterSeconds?: number
  /** Further public members of the answer, for example `connect_url`. */
  readonly extra?: Readonly<Record<string, unknown>>
  /** For the log only. Must not hold a credential. */
  readonly reason?: string
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem }

export function success<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value }
}

/** Builds the failing side of an {@link Outcome}. */
export function failure(
  code: ProblemCode,
  detail: string,
  more: Omit<Problem, 'code' | 'detail'> = {},
): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: { code, detail, ...more } }
}

/** An expected failure on its way through code that can only throw (a transaction to roll back, a library's callback). */
export class ProblemError extends Error {
  readonly problem: Problem

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.code}: ${problem.detail}`, options)
    this.name = 'ProblemError'
    this.problem = problem
  }
}

/** The wire form (RFC 9457 with `code` and `request_id`). The private reason stays here. */
export function problemBody(problem: Problem, requestId: string): Record<string, unknown> {
  const { status, title } = PROBLEMS[problem.code]
  return {
    type: `urn:chaveiro:problem:${problem.code}`,
    title: problem.title ?? title,
    status,
    detail: problem.detail,
    code: problem.code,
    ...(problem.path === undefined ? {} : { path: problem.path }),
    ...(problem.retryAfterSeconds === undefined ? {} : { retry_after: problem.retryAfterSeconds }),
    ...problem.extra,
    request_id: requestId,
  }
}
