import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { isConnectionError } from '#db/connection-error.ts'
import { createAppRouter, sendProblem, type AppEnv, type AppRouter } from '#kernel/http.ts'
import type { Log } from '#kernel/log.ts'
import { ProblemError, type Problem } from '#kernel/problem.ts'
import {
  clientAddress,
  jsonBodies,
  ownHostAndOrigin,
  plainAddress,
  requestId,
  withHeaders,
  type OwnAddresses,
} from '#kernel/request.ts'
import type { Hono } from 'hono'

/** Mounts each feature's routes behind what every request goes through. */

/** Seconds: a restart of the database takes about that long. */
const DATABASE_RETRY_SECONDS = 5

export interface AppParts extends OwnAddresses {
  readonly log: Log
  readonly trustedProxyHops: number
  readonly observe: MiddlewareHandler<AppEnv>
  readonly features: readonly Hono<AppEnv>[]
}

export function createApp(parts: AppParts): AppRouter {
  const app = createAppRouter()
  app.use(requestId, clientAddress(parts.trustedProxyHops), parts.observe, requestLog(parts.log))
  app.use(defaultHeaders(parts.publicUrl), ownHostAndOrigin(parts), plainAddress, jsonBodies)
  for (const feature of parts.features) app.route('/', feature)
  app.notFound((c) =>
    sendProblem(c, { code: 'not_found', detail: 'There is nothing here. /docs lists what there is.' }),
  )
  app.onError((error, c) => {
    if (error instanceof HTTPException) return sendProblem(c, problemOfRouter(error.status))
    return sendProblem(c, problemOf(error, c.get('requestId'), parts.log))
  })
  return app
}

/** What a caller is told of something that was thrown; the log is told more. */
export function problemOf(error: unknown, requestId: string, log: Log): Problem {
  if (error instanceof ProblemError) return error.problem
  if (isConnectionError(error)) {
    log.error({ request_id: requestId, error }, 'The database does not answer')
    const detail = 'The database does not answer. Nothing was changed that was not acknowledged; try again in a moment.'
    return { code: 'unavailable', detail, retryAfterSeconds: DATABASE_RETRY_SECONDS }
  }
  log.error({ request_id: requestId, error }, 'A request failed unexpectedly')
  return {
    code: 'internal_error',
    detail: 'It was not your request. Try again; if it stays, give the operator the request_id.',
  }
}

/** What the router and its validation refuse by themselves. */
function problemOfRouter(status: number): Problem {
  if (status === 415)
    return { code: 'unsupported_media_type', detail: 'Send the header Content-Type: application/json.' }
  if (status === 413) return { code: 'body_too_large', detail: 'The body is too large.' }
  return { code: 'invalid_json', detail: 'The body is not valid JSON.' }
}

function requestLog(log: Log): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const startedAt = performance.now()
    await next()
    const principal = c.get('principal') as { userId: number } | undefined
    logRequest(log, {
      requestId: c.get('requestId'),
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      milliseconds: performance.now() - startedAt,
      userId: principal?.userId,
    })
  }
}

export interface AnsweredRequest {
  readonly requestId: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly milliseconds: number
  readonly userId: number | undefined
}

/** One line a request: no query string, no header, no body. */
export function logRequest(log: Log, { requestId, method, path, status, milliseconds, userId }: AnsweredRequest): void {
  const fields = { request_id: requestId, method, path, status, duration_ms: Math.round(milliseconds) }
  log.info(userId === undefined ? fields : { ...fields, user_id: userId }, 'request')
}

/** A year, as browsers' preload lists ask for. */
const HTTPS_ONLY = 'max-age=31536000; includeSubDomains'

/** For every answer whose route does not say otherwise: nothing of it runs, is framed, is guessed at or is kept. */
const DEFAULT_HEADERS = {
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'private, no-store',
}

export function defaultHeadersOf(publicUrl: string): readonly (readonly [string, string])[] {
  return Object.entries({
    ...DEFAULT_HEADERS,
    ...(publicUrl.startsWith('https:') ? { 'strict-transport-security': HTTPS_ONLY } : {}),
  })
}

function defaultHeaders(publicUrl: string): MiddlewareHandler<AppEnv> {
  const headers = defaultHeadersOf(publicUrl)
  return (c, next) => withHeaders(c, headers, next)
}
