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
    const { origin, pathname, search } = new URL(url)
    const { type, ...content } = await contentOf(init.body)
    const headers = lowerCaseHeaders(init.headers)
    const response = answer({
      method: (init.method ?? 'GET').toUpperCase(),
      path: pathname + search,
      headers: type === null ? headers : { 'content-type': type, ...headers },
      origin,
      ...content,
    })
    if (response.transport?.delayMs !== undefined) {
      await sleep(response.transport.delayMs, undefined, init.signal ? { signal: init.signal } : {})
    }
    if (response.transport?.reset === true) throw new TypeError('fetch failed', { cause: new Error('ECONNRESET') })
    const body = response.bytes === undefined ? response.body : new Uint8Array(response.bytes)
    return new Response(body, { status: response.status, headers: response.headers })
  }
}

/** A body as the core takes it. The platform encodes forms and the like, and names their content type. */
async function contentOf(body: unknown): Promise<Pick<EmulatorRequest, 'body' | 'bytes'> & { type: string | null }> {
  if (typeof body === 'string') return { body, type: null }
  if (body === undefined || body === null) return { body: '', type: null }
  const encoded = new Response(body as ConstructorParameters<typeof Response>[0])
  return { body: '', bytes: new Uint8Array(await encoded.arrayBuffer()), type: encoded.headers.get('content-type') }
}

function lowerCaseHeaders(given: unknown): Record<string, string> {
  const headers = new Headers((given ?? {}) as ConstructorParameters<typeof Headers>[0])
  return Object.fromEntries(headers)
}
