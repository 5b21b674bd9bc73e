import { bearerOf } from '#identity/presented.ts'
import { MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import { ownHosts } from '#kernel/request.ts'
import type { PlainDoorDeps } from '#mcp/plain-door.ts'
import type { Metrics } from '#operations/metrics.ts'
import { defaultHeadersOf, logRequest, problemOf } from './app.ts'
import type { Config } from './config.ts'

interface Parts {
  readonly config: Pick<Config, 'publicUrl' | 'allowedHosts'>
  readonly log: Log
  readonly metrics: Metrics
}

/** What the door for plain messages has in common with the app, which it goes around: one rule for both. */
export function doorOf({
  config,
  log,
  metrics,
}: Parts): Pick<PlainDoorDeps, 'bearerOf' | 'isOwnHost' | 'headers' | 'problemOf' | 'noteAnswer'> {
  return {
    bearerOf,
    isOwnHost: ownHosts(config),
    headers: defaultHeadersOf(config.publicUrl).flat(),
    problemOf: (error, requestId) => problemOf(error, requestId, log),
    noteAnswer({ route, ...answered }) {
      const request = { ...answered, method: 'POST' }
      metrics.countRequest({ ...request, route }, answered.milliseconds / MILLISECONDS_PER_SECOND)
      logRequest(log, request)
    },
  }
}
