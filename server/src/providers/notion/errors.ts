import {
  APIResponseError,
  InvalidPathParameterError,
  RequestTimeoutError,
  UnknownHTTPResponseError,
} from '@notionhq/client'
import { MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'
import { isRecord } from '#kernel/json-values.ts'
import type { Problem } from '#kernel/problem.ts'

/** What an integration may be allowed at Notion, by the names that `identify` reports. */
export type Capability = 'read' | 'insert' | 'update' | 'read_comments' | 'insert_comments' | 'user_information'

/** What a request was about, for messages that tell the caller what to do. */
export interface Operation {
  readonly needs: Capability
  readonly noun: 'page' | 'block' | 'database' | 'user' | 'discussion' | 'comment' | 'file' | 'page or database'
  /** Only for writes: how to find out whether it was saved. A full sentence. */
  readonly check?: string
}

/** A request that failed, before it is put into words. */
export type Fault =
  | AnswerFault
  | { readonly kind: 'connection' | 'timeout' | 'unreadable' | 'path'; readonly reason: string }

export interface AnswerFault {
  readonly kind: 'answer'
  readonly status: number
  /** Notion's code; none where the answer is not Notion's own (a proxy's page, a cut body). */
  readonly code: string | undefined
  readonly message: string
  readonly additional: Readonly<Record<string, unknown>>
  readonly retryAfterSeconds: number | undefined
}

/** The connection broke, or could not be made, or took too long. Thrown by our own fetch, see `client.ts`. */
export class ConnectionFault extends Error {
  readonly kind: 'connection' | 'timeout'

  constructor(kind: 'connection' | 'timeout', reason: string) {
    super(reason)
    this.name = 'ConnectionFault'
    this.kind = kind
  }
}

/** Names as Notion's settings page shows them. */
const CAPABILITY_NAMES: Readonly<Record<Capability, string>> = {
  read: 'Read content',
  insert: 'Insert content',
  update: 'Update content',
  read_comments: 'Read comments',
  insert_comments: 'Insert comments',
  user_information: 'Read user information',
}

/** Notion counts requests in windows of one minute; it is the wait when the answer names none. */
const RATE_WINDOW_SECONDS = 60

/** Notion's messages may list every alternative of a union; a model needs the first few. */
const MESSAGE_CHARACTERS = 700

/** Any error of the client → a fault; undefined: not a failed request, so a bug. */
export function faultOf(error: unknown): Fault | undefined {
  if (error instanceof APIResponseError || error instanceof UnknownHTTPResponseError) return answerFault(error)
  if (error instanceof ConnectionFault) return { kind: error.kind, reason: error.message }
  if (error instanceof RequestTimeoutError) return { kind: 'timeout', reason: error.message }
  if (error instanceof InvalidPathParameterError) return { kind: 'path', reason: error.message }
  // The client parses the body of a successful answer itself; a cut or foreign body surfaces so.
  if (error instanceof SyntaxError) return { kind: 'unreadable', reason: 'the body is not JSON' }
  return undefined
}

function answerFault(error: APIResponseError | UnknownHTTPResponseError): AnswerFault {
  const body = parseRecord(error.body)
  const additional = isRecord(body?.['additional_data']) ? body['additional_data'] : {}
  const header = error.headers instanceof Headers ? error.headers.get('retry-after') : null
  return {
    kind: 'answer',
    status: error.status,
    code: typeof body?.['code'] === 'string' ? body['code'] : undefined,
    message: typeof body?.['message'] === 'string' ? body['message'].slice(0, MESSAGE_CHARACTERS) : '',
    additional,
    retryAfterSeconds: seconds(header ?? additional['retry_after']),
  }
}

/** What a write saved: the object, where Notion names one, and what was added inside it. */
export interface Committed {
  readonly id: string | undefined
  readonly childIds: readonly string[]
}

/** What Notion saved although it answered with 503, if that is what it says. */
export function committedBy(fault: Fault): Committed | undefined {
  if (fault.kind !== 'answer') return undefined
  const { committed_resource_id: resource, committed_child_ids: children } = fault.additional
  const id = typeof resource === 'string' ? resource : undefined
  const childIds = Array.isArray(children) ? children.filter((child) => typeof child === 'string') : []
  return id === undefined && childIds.length === 0 ? undefined : { id, childIds }
}

/** True for answers given before Notion did anything: a repetition cannot double a write. */
export function turnedAway(fault: Fault): boolean {
  return fault.kind === 'answer' && (fault.status === 429 || fault.status === 529)
}

/** Seconds that Notion asks to wait, where it turned the request away and said so. */
export function requestedWait(fault: Fault): number | undefined {
  return fault.kind === 'answer' && turnedAway(fault) ? fault.retryAfterSeconds : undefined
}

/** A fault of a request that only reads, in words. */
export function readProblem(fault: Fault, operation: Operation): Problem {
  const reason = privateReason(fault)
  if (fault.kind === 'path') return { code: 'invalid_arguments', detail: 'The id is not valid. Correct it.', reason }
  if (fault.kind === 'answer') {
    const known = answerProblem(fault, operation)
    if (known !== undefined) return { ...known, reason }
  }
  return {
    code: 'provider_unavailable',
    detail: `Notion ${symptom(fault)}. Nothing was changed. Try again in a minute; if it goes on, see status.notion.so.`,
    reason,
  }
}

/** A fault of a request that writes, in words: unless Notion refused it, the outcome is not known. */
export function writeProblem(fault: Fault, operation: Operation): Problem {
  const refused = fault.kind === 'path' || (fault.kind === 'answer' && fault.status < 500) || turnedAway(fault)
  if (refused) return readProblem(fault, operation)
  const check = operation.check ?? 'Look at the object in Notion first.'
  return {
    code: 'outcome_unknown',
    detail: `Notion ${symptom(fault)}, so the change may or may not have been saved. Do not repeat it blindly. ${check}${guidanceOf(fault)}`,
    reason: privateReason(fault),
  }
}

/** What Notion advises, where it says so but does not name what it saved. */
function guidanceOf(fault: Fault): string {
  const given = fault.kind === 'answer' ? fault.additional['retry_guidance'] : undefined
  const advice = (Array.isArray(given) ? given : [given]).filter((line) => typeof line === 'string').join(' ')
  return advice === '' ? '' : ` Notion says: ${advice.slice(0, MESSAGE_CHARACTERS)}`
}

function answerProblem(fault: AnswerFault, operation: Operation): Problem | undefined {
  if (turnedAway(fault)) return busyProblem(fault)
  if (fault.code === undefined) return fault.status === 413 ? tooLarge : undefined
  switch (fault.status) {
    case 401:
      return {
        code: 'reauthorize',
        detail: 'Notion no longer accepts this key. Do not retry; connect Notion again with a valid key.',
      }
    case 403:
      return forbiddenProblem(fault, operation)
    case 404:
      return notFoundProblem(fault, operation)
    case 409:
      return conflictProblem(fault)
    case 413:
      return tooLarge
    default:
      return fault.status >= 500 ? undefined : refusedProblem(fault)
  }
}

/** Codes for requests that no argument of a caller can bring about. */
const OWN_FAULTS: ReadonlySet<string> = new Set([
  'invalid_request_url',
  'invalid_json',
  'invalid_beta',
  'missing_version',
])

function refusedProblem(fault: AnswerFault): Problem {
  if (fault.code !== undefined && OWN_FAULTS.has(fault.code)) {
    return {
      code: 'internal_error',
      detail:
        'Notion did not understand the request, which is a fault of this server and not of the arguments. Do not retry.',
    }
  }
  return {
    code: 'invalid_arguments',
    detail: `Notion refused the arguments: ${fault.message} Correct them, then call again.`,
  }
}

const tooLarge: Problem = {
  code: 'invalid_arguments',
  detail: 'Notion refused the request because it is too large. Send the content in smaller parts.',
}

function busyProblem(fault: AnswerFault): Problem {
  if (fault.additional['rate_limit_reason'] === 'public_api_request_blocked') {
    return {
      code: 'forbidden_by_provider',
      detail:
        'Notion has blocked this integration from making requests. Retrying is useless; ask its owner to contact Notion.',
    }
  }
  const retryAfterSeconds = fault.retryAfterSeconds ?? RATE_WINDOW_SECONDS
  return {
    code: 'rate_limited',
    detail: `Notion takes no more requests for this connection right now; this one was not carried out. Try again in ${retryAfterSeconds} seconds.`,
    retryAfterSeconds,
  }
}

function forbiddenProblem(fault: AnswerFault, operation: Operation): Problem {
  const capability = CAPABILITY_NAMES[operation.needs]
  const said = fault.message === '' ? '' : ` Notion says: ${fault.message}`
  return {
    code: 'forbidden_by_provider',
    detail:
      fault.code === 'restricted_resource'
        ? `Notion does not allow it: the integration probably lacks the capability "${capability}". Do not retry; its owner can switch that on at notion.so/profile/integrations.${said}`
        : `Notion does not allow it. Do not retry.${said}`,
    extra: { missing_permission: operation.needs },
  }
}

function notFoundProblem(fault: AnswerFault, operation: Operation): Problem {
  const advice =
    operation.noun === 'user'
      ? 'check the id with notion_list_users; only members and guests of this workspace are visible'
      : 'check the id, or share the page with the integration (in Notion: ••• > Connections)'
  return {
    code: 'not_found',
    detail: `Notion has no such ${operation.noun}, or it is not shared with the integration. Do not retry; ${advice}.`,
    reason: fault.message,
  }
}

function conflictProblem(fault: AnswerFault): Problem {
  if (fault.code !== 'conflict_error') {
    return {
      code: 'forbidden_by_provider',
      detail: `Notion does not allow it. Do not retry. Notion says: ${fault.message}`,
    }
  }
  return {
    code: 'provider_unavailable',
    detail:
      'Something else changed the same content at that moment, and Notion saved nothing. Read it again, then try once more.',
  }
}

function symptom(fault: Fault): string {
  if (fault.kind === 'timeout') return 'did not answer in time'
  if (fault.kind === 'connection') return 'could not be reached, or broke the connection'
  if (fault.kind === 'answer') return `answered with an error (HTTP ${fault.status})`
  return 'gave an answer that cannot be read'
}

function privateReason(fault: Fault): string {
  return fault.kind === 'answer' ? `HTTP ${fault.status} ${fault.code ?? 'without a code'}` : fault.reason
}

/** `Retry-After` is a number of seconds or a date (RFC 9110 10.2.3); Notion repeats it in the body. */
function seconds(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const number = Number(value)
  if (Number.isFinite(number)) return Math.max(0, Math.ceil(number))
  const date = Date.parse(String(value))
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / MILLISECONDS_PER_SECOND))
}

function parseRecord(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    return isRecord(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}
