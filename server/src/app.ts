import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import { createAppRouter, sendProblem, type AppEnv, type AppRouter } from '#kernel/http.ts'
import type { Log } from '#kernel/log.ts'
import { ProblemError } from '#kernel/problem.ts'
import { clientAddress, jsonBodies, ownHostAndOrigin, requestId, type OwnAddresses } from '#kernel/request.ts'
import type { Hono } from 'hono'

/** Mounts each feature's routes behind what every request goes through. */

export interface AppParts extends OwnAddresses {
  readonly log: Log
  readonly trustedProxyHops: number
  readonly observe: MiddlewareHandler<AppEnv>
  readonly features: readonly Hono<AppEnv>[]
}

export function createApp(parts: AppParts): AppRouter {
  const app = createAppRouter()
  app.use(requestId, clientAddress(parts.trustedProxyHops), parts.observe, requestLog(parts.log))
  app.use(secureHeaders(securityHeaders(parts.publicUrl.startsWith('https:'))))
  app.use(ownHostAndOrigin(parts), noStore, jsonBodies)
  for (const feature of parts.features) app.route('/', feature)
  app.notFound((c) =>
    sendProblem(c, { code: 'not_found', detail: 'There is nothing here. /docs lists what there is.' }),
  )
  app.onError((error, c) => {
    if (error instanceof ProblemError) return sendProblem(c, error.problem)
    if (error instanceof HTTPException && error.status === 400) {
      return sendProblem(c, { code: 'invalid_json', detail: 'The body is not valid JSON.' })
    }
    parts.log.error({ request_id: c.get('requestId'), error }, 'A request failed unexpectedly')
    return sendProblem(c, {
      code: 'internal_error',
      detail: 'It was not your request. Try again; if it stays, give the operator the request_id.',
    })
  })
  return app
}

/** One line a request: no query string, no header, no body. */
function requestLog(log: Log): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const startedAt = performance.now()
    await next()
    const principal = c.get('principal') as { userId: number } | undefined
    log.info(
      {
        request_id: c.get('requestId'),
        method: c.req.method,
        path: c.req.path,
        status: c.res.status,
        duration_ms: Math.round(performance.now() - startedAt),
        ...(principal === undefined ? {} : { user_id: principal.userId }),
      },
      'request',
    )
  }
}

/** Answers are about one person; nothing between us and them may keep a copy. */
const noStore: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next()
  if (!c.res.headers.has('cache-control')) c.header('cache-control', 'private, no-store')
}

/** Pages that need more (the console, the documentation) say so themselves. */
function securityHeaders(isHttps: boolean): NonNullable<Parameters<typeof secureHeaders>[0]> {
  return {
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
    },
    xFrameOptions: 'DENY',
    referrerPolicy: 'no-referrer',
    strictTransportSecurity: isHttps ? 'max-age=31536000; includeSubDomains' : false,
  }
}
