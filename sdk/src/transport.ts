import { ChaveiroError } from './error.ts'
import { readEvents, type StreamEvent } from './stream.ts'

export interface ClientOptions {
  /** Address of the server, for example `https://keys.example.com`. */
  readonly baseUrl: string
  /** A session token or an API token. Without one, only sign-up, sign-in and what the browser's cookie allows work. */
  readonly token?: string
  /** Replaces the platform's own: for tests, proxies and timeouts. */
  readonly fetch?: typeof globalThis.fetch
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export interface CallOptions {
  readonly query?: Query | undefined
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly signal?: AbortSignal | undefined
}

/** For requests that take their time: the signal ends the request, not what the server does with it. */
export interface Abortable {
  readonly signal?: AbortSignal
}

export interface Transport {
  /** Sends one request and gives the JSON of its answer. */
  readonly call: <Answer>(method: string, path: string, options?: CallOptions) => Promise<Answer>
  /** Sends one request and gives its answer as it is written. */
  readonly text: (method: string, path: string, options?: CallOptions) => Promise<string>
  /** Sends one request and reads the events of its answer. Nothing is sent before the first event is asked for. */
  readonly stream: (method: string, path: string, options?: CallOptions) => AsyncGenerator<StreamEvent, void>
}

/** @throws ChaveiroError for every answer that is no success; the platform's error where no answer came. */
export function createTransport(options: ClientOptions): Transport {
  const baseUrl = options.baseUrl.replace(/\/+$/, '')
  const send = options.fetch ?? globalThis.fetch

  async function open(method: string, path: string, call: CallOptions): Promise<Response> {
    const response = await send(baseUrl + path + queryOf(call.query), {
      method,
      headers: {
        accept: 'application/json',
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...call.headers,
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    })
    if (!response.ok) throw new ChaveiroError(response.status, await problemOf(response))
    return response
  }

  return {
    async call(method, path, call = {}) {
      const response = await open(method, path, call)
      try {
        return (await response.json()) as never
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error
        const title = `What answers at ${baseUrl} is not a Chaveiro server: it did not send JSON.`
        throw new ChaveiroError(response.status, { title })
      }
    },
    async text(method, path, call = {}) {
      return (await open(method, path, call)).text()
    },
    async *stream(method, path, call = {}) {
      yield* readEvents(
        await open(method, path, { ...call, headers: { ...call.headers, accept: 'text/event-stream' } }),
      )
    },
  }
}

async function problemOf(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text()
  try {
    const problem: unknown = JSON.parse(text)
    if (typeof problem === 'object' && problem !== null) return problem as Record<string, unknown>
  } catch {
    // A proxy's page, not ours: its words help nobody.
  }
  return { title: `The server answered ${response.status} without saying why.` }
}

function queryOf(query: Query = {}): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value))
  return parameters.size === 0 ? '' : `?${parameters.toString()}`
}

/** A value as one segment of a path: an id or a name can hold anything. */
export function segment(value: string | number): string {
  return encodeURIComponent(String(value))
}
