import { MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'
import { isRecord } from '#kernel/json-values.ts'
import type { Problem } from '#kernel/problem.ts'
import { clip, line } from './texts.ts'

/** What a token may be allowed at GitHub, by the names that `identify` reports. */
export type Permission =
  | 'read_code'
  | 'write_code'
  | 'read_issues'
  | 'write_issues'
  | 'read_pull_requests'
  | 'write_pull_requests'

/** What a request was about, for messages that tell the caller what to do. */
export interface Operation {
  readonly needs: Permission | null
  /** In words: `repository`, `file`, `issue`. */
  readonly noun: string
  /** Only for writes: how to find out whether it was saved. A full sentence. */
  readonly check?: string
  /** The answer is text and not JSON. */
  readonly text?: true
}

/** A request that failed, before it is put into words. */
export type Fault =
  | AnswerFault
  | { readonly kind: 'connection' | 'timeout' | 'unreadable' | 'unsent'; readonly reason: string }

export interface AnswerFault {
  readonly kind: 'answer'
  readonly status: number
  /** GitHub's own words; none where the answer is not GitHub's (a proxy's page, a cut body). */
  readonly message: string | undefined
  readonly details: readonly string[]
  readonly headers: Readonly<Record<string, string>>
}

/** The connection broke, took too long, or could not be made, so that nothing was sent. Thrown by our own fetch, see `client.ts`. */
export class ConnectionFault extends Error {
  readonly kind: 'connection' | 'timeout' | 'unsent'

  constructor(kind: 'connection' | 'timeout' | 'unsent', reason: string) {
    super(reason)
    this.name = 'ConnectionFault'
    this.kind = kind
  }
}

/** GitHub asks for a pause of at least a minute where a secondary limit names none. */
const SECONDARY_LIMIT_SECONDS = 60

/** GitHub's words may be long lists; a model needs the first few. */
const MESSAGE_CHARACTERS = 500

/** Validation errors of one answer that are repeated. */
const SHOWN_DETAILS = 5

/** Any error of the client → a fault; undefined: not a failed request, so a bug. */
export function faultOf(error: unknown): Fault | undefined {
  if (error instanceof ConnectionFault) return { kind: error.kind, reason: error.message }
  if (!(error instanceof Error) || error.name !== 'HttpError') return undefined
  // The client wraps whatever its fetch throws, and makes a status of its own for it.
  if (error.cause instanceof ConnectionFault) return faultOf(error.cause)
  const response = 'response' in error && isRecord(error.response) ? error.response : undefined
  if (response === undefined) return undefined
  const body = isRecord(response['data']) ? response['data'] : {}
  const message = body['message']
  return {
    kind: 'answer',
    status: Number(response['status']),
    message: typeof message === 'string' ? line(message, MESSAGE_CHARACTERS) : undefined,
    details: detailsOf(body['errors']),
    headers: (isRecord(response['headers']) ? response['headers'] : {}) as Record<string, string>,
  }
}

/** GitHub names the field and what is wrong with it, by a code or in words. */
function detailsOf(errors: unknown): string[] {
  if (!Array.isArray(errors)) return typeof errors === 'string' ? [line(errors)] : []
  return errors.slice(0, SHOWN_DETAILS).map((error: unknown) => {
    if (typeof error === 'string') return line(error)
    if (!isRecord(error)) return ''
    const { field, code, message, value } = error
    if (typeof message === 'string') return line(message)
    const given = typeof value === 'string' ? ` ${JSON.stringify(line(value))}` : ''
    return `${typeof field === 'string' ? field : 'a value'}${given} is ${String(code).replaceAll('_', ' ')}`
  })
}

/** True where GitHub turned the request away before it did anything: a repetition cannot double a write. */
export function turnedAway(fault: Fault): boolean {
  return fault.kind === 'answer' && isTurnedAway(fault)
}

function isTurnedAway(fault: AnswerFault): boolean {
  if (fault.status === 429) return true
  if (fault.status !== 403) return false
  const isPrimary = fault.headers['x-ratelimit-remaining'] === '0'
  return isPrimary || fault.headers['retry-after'] !== undefined || /rate limit/i.test(fault.message ?? '')
}

/**
 * Seconds until GitHub takes requests again. `retry-after` comes first (the secondary limits send it), then the end of the
 * window of the primary one.
 */
export function requestedWait(fault: AnswerFault, now: Date): number {
  const after = Number(fault.headers['retry-after'] ?? Number.NaN)
  if (Number.isFinite(after)) return Math.max(0, Math.ceil(after))
  const reset = Number(fault.headers['x-ratelimit-reset'] ?? Number.NaN)
  if (fault.headers['x-ratelimit-remaining'] === '0' && Number.isFinite(reset)) {
    return Math.max(1, Math.ceil(reset - now.getTime() / MILLISECONDS_PER_SECOND))
  }
  return SECONDARY_LIMIT_SECONDS
}

/** A fault of a request that only reads, in words. */
export function readProblem(fault: Fault, operation: Operation, now: Date): Problem {
  const reason = privateReason(fault)
  if (fault.kind === 'answer') {
    const known = answerProblem(fault, operation, now)
    if (known !== undefined) return { ...known, reason }
  }
  return {
    code: 'provider_unavailable',
    detail: `GitHub ${symptom(fault)}. Nothing was changed. Try again in a minute; if it goes on, see githubstatus.com.`,
    reason,
  }
}

/** A fault of a request that writes, in words: unless GitHub refused it, the outcome is not known. */
export function writeProblem(fault: Fault, operation: Operation, now: Date): Problem {
  const refused = fault.kind === 'unsent' || (fault.kind === 'answer' && fault.status < 500)
  if (refused) return readProblem(fault, operation, now)
  return {
    code: 'outcome_unknown',
    detail: `GitHub ${symptom(fault)}, so the change may or may not have been saved. Do not repeat it blindly. ${operation.check ?? 'Look at GitHub first.'}`,
    reason: privateReason(fault),
  }
}

function answerProblem(fault: AnswerFault, operation: Operation, now: Date): Problem | undefined {
  if (isTurnedAway(fault)) return busyProblem(fault, now)
  if (fault.status === 401) return signedOut
  // Without GitHub's words it is the page of something between us and it.
  if (fault.message === undefined) return undefined
  switch (fault.status) {
    case 403:
      return forbiddenProblem(fault, operation)
    case 404:
    case 410:
      return notFoundProblem(fault, operation)
    case 409:
      return {
        code: 'conflict',
        detail: `GitHub changed nothing, because it is in another state now: ${fault.message}. Read it again, then try once more.`,
      }
    case 451:
      return { code: 'forbidden_by_provider', detail: `GitHub has blocked this ${operation.noun}. Do not retry.` }
    default:
      return fault.status >= 500 || fault.status < 400 ? undefined : refusedProblem(fault)
  }
}

const signedOut: Problem = {
  code: 'reauthorize',
  detail: 'GitHub no longer accepts this token. Do not retry; connect GitHub again.',
}

function refusedProblem({ message = '', details }: AnswerFault): Problem {
  const said = [message, ...details].filter((part) => part !== '').join('; ')
  return {
    code: 'invalid_arguments',
    detail: `GitHub refused the arguments: ${clip(said, MESSAGE_CHARACTERS)}. Correct them, then call again.`,
  }
}

function busyProblem(fault: AnswerFault, now: Date): Problem {
  const retryAfterSeconds = requestedWait(fault, now)
  const kind = fault.headers['x-ratelimit-resource'] === 'search' ? 'searches' : 'requests'
  return {
    code: 'rate_limited',
    detail: `GitHub takes no more ${kind} for this account right now; this one was not carried out. Try again in ${retryAfterSeconds} seconds.`,
    retryAfterSeconds,
  }
}

function forbiddenProblem(fault: AnswerFault, operation: Operation): Problem {
  const said = fault.message === undefined ? '' : ` GitHub says: ${fault.message}.`
  const signOn = /url=(https:\/\/[^\s;,]+)/.exec(fault.headers['x-github-sso'] ?? '')?.[1]
  if (signOn !== undefined) {
    return {
      code: 'forbidden_by_provider',
      detail: `The organization wants this token to be authorized for single sign-on first. Do not retry; the user does it at ${signOn}`,
    }
  }
  const missing = missingPermission(fault)
  return {
    code: 'forbidden_by_provider',
    detail:
      missing === undefined
        ? `GitHub does not allow it. Do not retry.${said}`
        : `GitHub does not allow it: the token lacks ${missing}. Do not retry; connect GitHub again with that permission.${said}`,
    ...(missing === undefined || operation.needs === null ? {} : { extra: { missing_permission: operation.needs } }),
  }
}

/**
 * What GitHub would have taken: `issues=write; pull_requests=write` for the newer tokens (any of the alternatives), a list
 * of scopes, of which one is enough, for the others. Nothing where the token has one of them already.
 */
function missingPermission({ headers, message = '' }: AnswerFault): string | undefined {
  const permissions = headers['x-accepted-github-permissions']
  if (permissions !== undefined && permissions !== '' && /not accessible by/i.test(message)) {
    return `the permission ${permissions
      .split(';')
      .map((part) => part.trim())
      .join(' or ')}`
  }
  const accepted = listOf(headers['x-accepted-oauth-scopes'])
  const held = headers['x-oauth-scopes']
  if (held === undefined || accepted.length === 0) return undefined
  const has = new Set(listOf(held))
  return accepted.some((scope) => has.has(scope)) ? undefined : `the scope ${accepted.join(' or ')}`
}

/** A header that lists scopes. */
export function listOf(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function notFoundProblem(fault: AnswerFault, operation: Operation): Problem {
  if (fault.status === 410 || /disabled/i.test(fault.message ?? '')) {
    return { code: 'not_found', detail: `GitHub has no such ${operation.noun}: ${fault.message}. Do not retry.` }
  }
  const missing = missingPermission(fault)
  const lacks = missing === undefined ? '' : ` The token lacks ${missing}, which may be why.`
  return {
    code: 'not_found',
    detail: `GitHub has no such ${operation.noun}, or it is not shared with this token. Do not retry; check the name, or give the token access to the repository.${lacks}`,
  }
}

function symptom(fault: Fault): string {
  if (fault.kind === 'timeout') return 'did not answer in time'
  if (fault.kind === 'answer') return `answered with an error (HTTP ${fault.status})`
  if (fault.kind === 'unreadable') return 'gave an answer that cannot be read'
  return 'could not be reached, or broke the connection'
}

function privateReason(fault: Fault): string {
  return fault.kind === 'answer'
    ? `HTTP ${fault.status} ${fault.headers['x-github-request-id'] ?? ''}`.trim()
    : fault.reason
}
