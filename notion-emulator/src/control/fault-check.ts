import { HTTP_STATUS } from '../core/failure.ts'
import {
  anything,
  boolean,
  failureMessage,
  integer,
  isObject,
  literal,
  nullable,
  object,
  optional,
  record,
  string,
  uuid,
  type Check,
} from '../validation/check.ts'
import type { Fault, FaultKind } from './faults.ts'

const count = integer(0, Number.MAX_SAFE_INTEGER)
const wait = optional(nullable(count))
const LOWEST_STATUS = 200
const HIGHEST_STATUS = 599

/** Members of each kind of fault beside `type`. */
const MEMBERS: Record<FaultKind['type'], Record<string, Check>> = {
  rate_limited: { retryAfterSeconds: wait, reason: optional(string()) },
  service_overload: { retryAfterSeconds: wait },
  internal_server_error: {},
  error: {
    code: literal(...Object.keys(HTTP_STATUS)),
    message: optional(string()),
    additionalData: optional(record(anything)),
    afterCommit: optional(boolean),
  },
  unavailable_after_commit: {},
  truncated_json: {},
  html_forbidden: {},
  slow: { delayMs: count },
  connection_reset: { afterCommit: optional(boolean) },
  status: { status: integer(LOWEST_STATUS, HIGHEST_STATUS), body: anything, headers: optional(record(string())) },
}

const kind: Check = (value, path) => {
  const type = isObject(value) ? value['type'] : undefined
  const members = Object.entries(MEMBERS).find(([name]) => name === type)?.[1] ?? {}
  return object({ type: literal(...Object.keys(MEMBERS)), ...members }, true)(value, path)
}

const whole = object(
  {
    match: optional(
      object({ method: optional(string()), pathIncludes: optional(string()), botId: optional(uuid) }, true),
    ),
    times: optional(count),
    after: optional(count),
    fault: kind,
  },
  true,
)

/** A fault as given. Throws a TypeError that names the first member that does not fit. */
export function checkedFault(given: unknown): Fault {
  const findings = whole(given, 'body')
  if (findings !== null) throw new TypeError(failureMessage('body', findings))
  return given as Fault
}

/**
 * The fault of a control request: `fault`, or in its place one of the short forms `response` {status, body, headers?},
 * `delay` (milliseconds) and `reset` (true).
 */
export function faultOfRequest(body: Record<string, unknown>): Fault {
  const { response, delay, reset, ...rest } = body
  if (isObject(response)) return checkedFault({ ...rest, fault: { type: 'status', ...response } })
  if (delay !== undefined) return checkedFault({ ...rest, fault: { type: 'slow', delayMs: delay } })
  if (reset === true) return checkedFault({ ...rest, fault: { type: 'connection_reset' } })
  return checkedFault(body)
}
