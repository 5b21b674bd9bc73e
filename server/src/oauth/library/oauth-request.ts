import { AsyncLocalStorage } from 'node:async_hooks'

/** What the library's callbacks need to know of the request that they run in, and the library does not hand them. */
export interface OauthRequest {
  /** Path without the query. */
  readonly path: string
  readonly requestId: string
  readonly address: string
  /** `performance.now()` when it came in. */
  readonly startedAt: number
  /** What the library answered with `server_error`. */
  unexpected?: unknown
}

export const oauthRequest = new AsyncLocalStorage<OauthRequest>()
