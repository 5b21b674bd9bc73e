import type { Problem } from '#kernel/problem.ts'
import { PLATFORM_PROBLEMS, type PlatformProblem } from './error-table.ts'

/** What a request was about, for messages that tell the caller what to do. */
export interface Operation {
  /** The scope that it needs, as Slack names it; of several alternatives the one most often missing. */
  readonly scope: string
  /** Only for writes: how to find out whether it was carried out. A full sentence. */
  readonly check?: string
}

/** A request that failed, before it is put into words. */
export type Fault =
  | PlatformFault
  | { readonly kind: 'limited'; readonly seconds: number; readonly reason: string }
  | { readonly kind: 'status' | 'connection' | 'timeout' | 'unreadable'; readonly reason: string }

/** Slack answered `ok: false`. */
export interface PlatformFault {
  readonly kind: 'platform'
  /** Slack's code, for example `channel_not_found`. */
  readonly error: string
  readonly needed: string
  readonly provided: string
  readonly reason: string
}

/** Carries a fault through the client, which knows no such thing. */
export class SlackFault extends Error {
  readonly fault: Fault

  constructor(fault: Fault) {
    super(fault.reason)
    this.name = 'SlackFault'
    this.fault = fault
  }
}

/** Slack counts requests in windows of one minute; it is the wait when the answer names none. */
export const RATE_WINDOW_SECONDS = 60

/** Slack's codes are words with underscores; anything else in their place is not Slack's and is not repeated. */
const CODE = /^[a-z][a-z0-9_.:-]{0,79}$/i
const SCOPE_LIST = /^[a-z0-9_.:, -]{1,400}$/i

/**
 * Slack's own words for "not now": nothing is wrong with the request, and nothing was done. `fatal_error` and
 * `internal_error` are not among them, since Slack may have carried out a part.
 */
const UNTOUCHED: ReadonlySet<string> = new Set([
  'ratelimited',
  'rate_limited',
  'service_unavailable',
  'team_added_to_org',
  'request_timeout',
])

/** Faults of Slack's, after which nobody knows what became of a write. */
const BROKEN: ReadonlySet<string> = new Set(['fatal_error', 'internal_error', 'unknown_error'])

/** Reads `ok: false` off an answer. */
export function platformFault(answer: Readonly<Record<string, unknown>>): PlatformFault {
  const { error, needed, provided } = answer
  const code = typeof error === 'string' && CODE.test(error) ? error : 'unknown_error'
  return {
    kind: 'platform',
    error: code,
    needed: scopeList(needed),
    provided: scopeList(provided),
    reason: code,
  }
}

function scopeList(value: unknown): string {
  return typeof value === 'string' && SCOPE_LIST.test(value) ? value : ''
}

/** True for answers given before Slack did anything: a repetition cannot double a write. */
function turnedAway(fault: Fault): boolean {
  return fault.kind === 'limited' || (fault.kind === 'platform' && UNTOUCHED.has(fault.error))
}

/** True where the same request may well succeed a moment later. */
export function isPassing(fault: Fault): boolean {
  if (fault.kind === 'platform') return BROKEN.has(fault.error) || fault.error === 'service_unavailable'
  return fault.kind === 'connection' || fault.kind === 'status'
}

/** A fault of a request that only reads, in words. */
export function readProblem(fault: Fault, operation: Operation): Problem {
  const known = knownProblem(fault, operation)
  return known === undefined
    ? {
        code: 'provider_unavailable',
        detail: `Slack ${symptom(fault)}. Nothing was changed. Try again in a minute; if it goes on, see slack-status.com.`,
        reason: fault.reason,
      }
    : { ...known, reason: fault.reason }
}

/** A fault of a request that writes, in words: unless Slack refused it, the outcome is not known. */
export function writeProblem(fault: Fault, operation: Operation): Problem {
  const refused = turnedAway(fault) || (fault.kind === 'platform' && !BROKEN.has(fault.error))
  if (refused) return readProblem(fault, operation)
  const check = operation.check ?? 'Look in Slack first.'
  return {
    code: 'outcome_unknown',
    detail: `Slack ${symptom(fault)}, so it may or may not have been carried out. Do not repeat it blindly. ${check}`,
    reason: fault.reason,
  }
}

function knownProblem(fault: Fault, operation: Operation): Problem | undefined {
  if (fault.kind === 'limited') return limitedProblem(fault.seconds)
  if (fault.kind !== 'platform' || BROKEN.has(fault.error)) return undefined
  if (fault.error === 'ratelimited' || fault.error === 'rate_limited') return limitedProblem(RATE_WINDOW_SECONDS)
  if (UNTOUCHED.has(fault.error)) return undefined
  if (fault.error === 'missing_scope') return scopeProblem(fault, operation)
  const known: PlatformProblem | undefined = Object.hasOwn(PLATFORM_PROBLEMS, fault.error)
    ? PLATFORM_PROBLEMS[fault.error]
    : undefined
  const [code, detail] = known ?? ['invalid_arguments', 'Slack refused the request. Correct the arguments.']
  return { code, detail: `${detail} (Slack: ${fault.error})` }
}

function limitedProblem(seconds: number): Problem {
  return {
    code: 'rate_limited',
    detail: `Slack takes no more requests of this kind for this connection right now; this one was not carried out. Try again in ${seconds} seconds.`,
    retryAfterSeconds: seconds,
  }
}

function scopeProblem(fault: PlatformFault, operation: Operation): Problem {
  const needed = fault.needed === '' ? operation.scope : fault.needed
  const provided = fault.provided === '' ? '' : ` It has: ${fault.provided}.`
  return {
    code: 'forbidden_by_provider',
    detail: `The connection to Slack lacks the scope ${needed}.${provided} Do not retry; connect Slack again with that scope, or add it to the app at api.slack.com/apps and install the app again.`,
    extra: { missing_permission: needed },
  }
}

function symptom(fault: Fault): string {
  if (fault.kind === 'timeout') return 'did not answer in time'
  if (fault.kind === 'connection') return 'could not be reached, or broke the connection'
  if (fault.kind === 'unreadable') return 'gave an answer that cannot be read'
  return `answered with an error (${fault.reason})`
}
