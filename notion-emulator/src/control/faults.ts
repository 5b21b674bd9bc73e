import { failureBody, ApiFailure, type FailureCode } from '../core/failure.ts'
import { jsonResponse, rayOf, type EmulatorRequest, type EmulatorResponse } from '../core/handle.ts'
import type { JsonObject } from '../state/model.ts'

/** Which requests a fault strikes. Every given member must fit. */
export interface FaultMatch {
  method?: string
  /** A part of the path, e.g. `/children`. */
  pathIncludes?: string
  /** Only requests with this bot's token. */
  botId?: string
}

/** What happens instead of, or to, the answer. */
export type FaultKind =
  /** 429; `retryAfterSeconds: null` leaves the header out. */
  | { type: 'rate_limited'; retryAfterSeconds?: number | null; reason?: string }
  /** 529. */
  | { type: 'service_overload'; retryAfterSeconds?: number | null }
  /** 500; nothing is written. */
  | { type: 'internal_server_error' }
  /** Any error of the API, with the status of its code; `afterCommit` tells whether the request was carried out. */
  | { type: 'error'; code: FailureCode; message?: string; additionalData?: JsonObject; afterCommit?: boolean }
  /** 503 although the write was saved: the nastiest case for whoever retries. */
  | { type: 'unavailable_after_commit' }
  /** The right status and headers, and half of the body. */
  | { type: 'truncated_json' }
  /** A page of the proxy in front of the API. */
  | { type: 'html_forbidden' }
  /** The right answer, late. */
  | { type: 'slow'; delayMs: number }
  /** The connection breaks; `afterCommit` tells whether the request was carried out. */
  | { type: 'connection_reset'; afterCommit?: boolean }
  /** Any other answer; nothing is written. */
  | { type: 'status'; status: number; body: unknown; headers?: Record<string, string> }

/** A fault to inject. */
export interface Fault {
  match?: FaultMatch
  /** How many matching requests it strikes; 1 by default. */
  times?: number
  /** How many matching requests pass first; 0 by default. */
  after?: number
  fault: FaultKind
}

/** A fault that waits for its requests. */
export interface ArmedFault {
  fault: Fault
  remaining: number
  toPass: number
}

/** Readies a fault. */
export function armFault(fault: Fault): ArmedFault {
  return { fault, remaining: fault.times ?? 1, toPass: fault.after ?? 0 }
}

/** The fault that strikes this request, if one does; it is used up by one. */
export function strike(faults: ArmedFault[], request: EmulatorRequest, botId: string | null): FaultKind | null {
  const armed = faults.find((candidate) => candidate.remaining > 0 && fits(candidate.fault.match ?? {}, request, botId))
  if (armed === undefined) return null
  if (armed.toPass > 0) {
    armed.toPass -= 1
    return null
  }
  armed.remaining -= 1
  return armed.fault.fault
}

function fits(match: FaultMatch, request: EmulatorRequest, botId: string | null): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== request.method) return false
  if (match.pathIncludes !== undefined && !request.path.includes(match.pathIncludes)) return false
  return match.botId === undefined || match.botId === botId
}

/** Applies a fault. `proceed` carries the request out and is called only by faults that let it through. */
export function applyFault(kind: FaultKind, requestId: string, proceed: () => EmulatorResponse): EmulatorResponse {
  switch (kind.type) {
    case 'rate_limited':
      return refusal(limitFailure('rate_limited', kind.retryAfterSeconds, kind.reason), requestId)
    case 'service_overload':
      return refusal(limitFailure('service_overload', kind.retryAfterSeconds, undefined), requestId)
    case 'internal_server_error':
      return errorFault({ type: 'error', code: 'internal_server_error' }, requestId, proceed)
    case 'error':
      return errorFault(kind, requestId, proceed)
    case 'unavailable_after_commit':
      return afterCommit(proceed(), requestId)
    case 'truncated_json':
      return truncated(proceed())
    case 'html_forbidden':
      return htmlForbidden(requestId)
    case 'slow':
      return { ...proceed(), transport: { delayMs: kind.delayMs } }
    case 'connection_reset':
      return { ...(kind.afterCommit === true ? proceed() : emptyResponse()), transport: { reset: true } }
    default:
      return customResponse(kind, requestId)
  }
}

function refusal(failure: ApiFailure, requestId: string): EmulatorResponse {
  const response = jsonResponse(failure.status, failureBody(failure, requestId), requestId)
  const wait = failure.additional?.['retry_after']
  if (typeof wait === 'string') response.headers['retry-after'] = wait
  return response
}

function errorFault(
  kind: Extract<FaultKind, { type: 'error' }>,
  requestId: string,
  proceed: () => EmulatorResponse,
): EmulatorResponse {
  if (kind.afterCommit === true) proceed()
  return refusal(new ApiFailure(kind.code, kind.message ?? messageOf(kind.code), kind.additionalData), requestId)
}

/** What Notion says, as far as it is documented. */
const MESSAGES: Partial<Record<FailureCode, string>> = {
  conflict_error: 'Conflict occurred while saving. Please try again.',
  row_limit_exceeded: 'The data source has reached its limit of rows.',
  bad_gateway: 'Notion encountered an issue while attempting to complete this request. Please try again.',
  service_unavailable: 'Notion is unavailable. Please try again later.',
  database_connection_unavailable: 'Notion is unavailable: it could not reach its database. Please try again later.',
  gateway_timeout: 'Notion timed out while attempting to complete this request. Please try again later.',
}

function messageOf(code: FailureCode): string {
  return MESSAGES[code] ?? 'Unexpected error occurred.'
}

const DEFAULT_WAIT_SECONDS = 1

function limitFailure(
  code: 'rate_limited' | 'service_overload',
  wait: number | null | undefined,
  reason = 'public_api_request_rate_limit',
): ApiFailure {
  const message =
    code === 'rate_limited'
      ? 'You have been rate limited. Please try again in a few minutes.'
      : 'Notion is temporarily overloaded. Please try again later.'
  const seconds = wait === undefined ? DEFAULT_WAIT_SECONDS : wait
  const retry = seconds === null ? {} : { retry_after: String(seconds) }
  return new ApiFailure(code, message, { rate_limit_reason: reason, ...retry })
}

/** The lowest status of an answer that says that nothing was done. */
const FIRST_REFUSAL = 300

function afterCommit(response: EmulatorResponse, requestId: string): EmulatorResponse {
  const isJson = response.headers['content-type']?.startsWith('application/json') === true
  // What was refused was not saved, and what is no object of the API has nothing to name.
  if (response.status >= FIRST_REFUSAL || !isJson) return response
  const saved = JSON.parse(response.body) as JsonObject
  const children = Array.isArray(saved['results']) ? (saved['results'] as JsonObject[]) : []
  const failure = new ApiFailure('service_unavailable', 'Notion is unavailable. Your changes were saved.', {
    retry_guidance: ['The write was saved. Do not send it again; read the resource instead.'],
    ...(saved['id'] === undefined ? {} : { committed_resource_id: saved['id'] }),
    committed_child_ids: children.map((child) => child['id']),
  })
  return refusal(failure, requestId)
}

function truncated(response: EmulatorResponse): EmulatorResponse {
  const { body, bytes } = response
  const half = bytes === undefined ? {} : { bytes: bytes.subarray(0, Math.floor(bytes.byteLength / 2)) }
  return { ...response, body: body.slice(0, Math.floor(body.length / 2)), ...half }
}

function htmlForbidden(requestId: string): EmulatorResponse {
  const headers = { 'content-type': 'text/html; charset=UTF-8', server: 'cloudflare', 'cf-ray': rayOf(requestId) }
  const body = '<!DOCTYPE html><html><head><title>Attention Required!</title></head><body>Blocked</body></html>'
  return { status: 403, headers, body }
}

function emptyResponse(): EmulatorResponse {
  return { status: 502, headers: {}, body: '' }
}

function customResponse(kind: Extract<FaultKind, { type: 'status' }>, requestId: string): EmulatorResponse {
  if (typeof kind.body === 'string') return { status: kind.status, headers: { ...kind.headers }, body: kind.body }
  const response = jsonResponse(kind.status, {}, requestId)
  return { ...response, headers: { ...response.headers, ...kind.headers }, body: JSON.stringify(kind.body) }
}
