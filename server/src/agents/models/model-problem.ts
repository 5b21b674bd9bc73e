import { APICallError, LoadAPIKeyError, NoSuchModelError } from '@ai-sdk/provider'
import { RetryError } from 'ai'
import { EgressError } from '#kernel/egress-error.ts'
import { ProblemError, type Problem } from '#kernel/problem.ts'

const SECONDS_WHERE_UNTOLD = 30
/** Beyond an hour a "retry after" is no longer something to wait for. */
const LONGEST_RETRY_SECONDS = 3_600
const HTTP_UNAUTHORIZED = 401
const HTTP_FORBIDDEN = 403
const HTTP_TIMEOUT = 408
const HTTP_TOO_MANY = 429
const HTTP_SERVER_ERROR = 500

/**
 * What a failure of a model means for the person who asked. The provider's own words stay out: they can hold parts of the
 * prompt or of the key. `reason` has what the operator needs.
 */
export function modelProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem
  if (RetryError.isInstance(error)) return modelProblem(error.lastError)
  if (APICallError.isInstance(error)) return problemOfStatus(error)
  if (error instanceof EgressError) return problemOfEgress(error)
  if (LoadAPIKeyError.isInstance(error) || NoSuchModelError.isInstance(error)) {
    return { code: 'model_failed', detail: MISCONFIGURED, reason: error.name }
  }
  return { code: 'model_failed', detail: UNUSABLE, reason: nameOf(error) }
}

const UNUSABLE = 'The AI model gave an answer that cannot be used. Try again.'
const UNREACHABLE = 'The AI model does not answer at the moment. Try again.'
const MISCONFIGURED =
  'The AI model refused this server: its key or its name is not right. Trying again does not help; tell the operator.'

function problemOfStatus(error: APICallError): Problem {
  const { statusCode } = error
  const reason = `${hostOf(error.url)} answered ${statusCode ?? 'nothing'}`
  if (statusCode === HTTP_TOO_MANY) {
    const seconds = retrySeconds(error.responseHeaders)
    const detail = `The AI model's provider takes no more requests for now. Try again in ${seconds} seconds.`
    return { code: 'rate_limited', detail, retryAfterSeconds: seconds, reason }
  }
  if (statusCode === HTTP_UNAUTHORIZED || statusCode === HTTP_FORBIDDEN) {
    return { code: 'model_failed', detail: MISCONFIGURED, reason }
  }
  if (statusCode === undefined || statusCode === HTTP_TIMEOUT || statusCode >= HTTP_SERVER_ERROR) {
    return { code: 'unavailable', detail: UNREACHABLE, reason }
  }
  const detail =
    'The AI model refused the request. Trying the same again does not help: shorten the message, start a new thread, or choose another model.'
  return { code: 'model_failed', detail, reason }
}

function problemOfEgress({ code, reason: word }: EgressError): Problem {
  const reason = `${code}: ${word}`
  if (code === 'timeout' || code === 'network') return { code: 'unavailable', detail: UNREACHABLE, reason }
  if (code === 'egress_refused') return { code: 'model_failed', detail: MISCONFIGURED, reason }
  return { code: 'model_failed', detail: UNUSABLE, reason }
}

function retrySeconds(headers: Record<string, string> | undefined): number {
  const told = Number(headers?.['retry-after'])
  return Number.isFinite(told) && told > 0 ? Math.min(Math.ceil(told), LONGEST_RETRY_SECONDS) : SECONDS_WHERE_UNTOLD
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the model'
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
