import { setTimeout as sleep } from 'node:timers/promises'
import type { EmulatorRequest, EmulatorResponse } from '../core/handle.ts'

/** The part of `fetch` that clients of the API use. */
export type InProcessFetch = (
  url: string | URL,
  init?: { method?: string; headers?: unknown; body?: unknown; signal?: AbortSignal | null },
) => Promise<Response>

/** Answers `fetch` calls from the emulator, whatever the host of the address. */
export function inProcessFetch(answer: (request: EmulatorRequest) => EmulatorResponse): InProcessFetch {
  return async (url, init = {}) => {
    init.signal?.throwIfAborted()
    const { pathname, search } = new URL(url)
    const response = answer({
      method: (init.method ?? 'GET').toUpperCase(),
      path: pathname + search,
      headers: lowerCaseHeaders(init.headers),
      body: typeof init.body === 'string' ? init.body : '',
    })
    if (response.transport?.delayMs !== undefined) {
      await sleep(response.transport.delayMs, undefined, init.signal ? { signal: init.signal } : {})
    }
    if (response.transport?.reset === true) throw new TypeError('fetch failed', { cause: new Error('ECONNRESET') })
    return new Response(response.body, { status: response.status, headers: response.headers })
  }
}

function lowerCaseHeaders(given: unknown): Record<string, string> {
  const headers = new Headers((given ?? {}) as ConstructorParameters<typeof Headers>[0])
  return Object.fromEntries(headers)
}
