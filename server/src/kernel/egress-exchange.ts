import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import { asEgressError, EgressError } from './egress-error.ts'

/** One request and its answer, under caps of time and bytes that hold to the last byte of a stream. */

export interface ExchangeLimits {
  /** Until the answer's head. */
  readonly headersMs: number
  /** Between two pieces of the body. */
  readonly bodyMs: number
  /** For the whole, redirects included. */
  readonly totalMs: number
  /** For the whole of an event stream, once it has begun. */
  readonly streamMs: number
  /** Of the body, after decompression. */
  readonly responseBytes: number
}

export interface ExchangeRequest {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | null
  readonly signal: AbortSignal | undefined
  readonly limits: ExchangeLimits
  /** What is left of `totalMs`. */
  readonly remainingMs: number
}

export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Whole, or a stream where the other side sends events. */
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
}

const LOWEST_FINAL_STATUS = 200
const STREAM_BUFFER_BYTES = 64 * 1024 // above it the socket is paused until the reader has caught up

/** Sends one request. Throws an {@link EgressError}, or the signal's reason where the caller aborted. */
export function exchange(dispatcher: Dispatcher, request: ExchangeRequest): Promise<RawAnswer> {
  request.signal?.throwIfAborted()
  const running = new Exchange(request)
  const { url, method, headers, body, limits } = request
  try {
    dispatcher.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: method as Dispatcher.HttpMethod,
        headers,
        body,
        headersTimeout: limits.headersMs,
        bodyTimeout: limits.bodyMs,
      },
      running,
    )
  } catch (error) {
    running.fail(asEgressError(error, false))
  }
  return running.answer
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<RawAnswer>
  readonly #limits: ExchangeLimits
  readonly #signal: AbortSignal | undefined
  readonly #outcome = Promise.withResolvers<RawAnswer>()
  readonly #chunks: Uint8Array[] = []
  #bytes = 0
  #head = { status: 0, headers: {} as IncomingHttpHeaders }
  #connection: Dispatcher.DispatchController | undefined
  #stream: ReadableStreamDefaultController<Uint8Array> | undefined
  #isOver = false
  #timer: NodeJS.Timeout

  constructor({ limits, signal, remainingMs }: ExchangeRequest) {
    this.#limits = limits
    this.#signal = signal
    this.answer = this.#outcome.promise
    this.#timer = setTimeout(this.#onDeadline, remainingMs)
    signal?.addEventListener('abort', this.#onAbort)
  }

  /** Ends the exchange: whoever waits for the head or reads the stream gets `reason`, and the connection is closed. */
  fail(reason: unknown): void {
    if (!this.#finish()) return
    this.#connection?.abort(reason instanceof Error ? reason : new Error('aborted'))
    this.#stream?.error(reason)
    this.#outcome.reject(reason)
  }

  onRequestStart(connection: Dispatcher.DispatchController): void {
    this.#connection = connection
    if (this.#isOver) connection.abort(new Error('over before it began'))
  }

  onResponseStart(connection: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < LOWEST_FINAL_STATUS) return // informational, for example 103
    this.#head = { status, headers }
    if (headers['content-type']?.startsWith('text/event-stream') === true) this.#beginStream(connection)
  }

  onResponseData(connection: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#isOver) return
    this.#bytes += chunk.byteLength
    if (this.#bytes > this.#limits.responseBytes) {
      this.fail(new EgressError('too_large', 'body', true))
      return
    }
    if (this.#stream === undefined) {
      this.#chunks.push(chunk)
      return
    }
    this.#stream.enqueue(chunk)
    if ((this.#stream.desiredSize ?? 0) <= 0) connection.pause()
  }

  onResponseEnd(): void {
    if (!this.#finish()) return
    if (this.#stream === undefined) this.#outcome.resolve({ ...this.#head, body: Buffer.concat(this.#chunks) })
    else this.#stream.close()
  }

  onResponseError(_connection: Dispatcher.DispatchController, error: Error): void {
    this.fail(asEgressError(error, this.#connection !== undefined))
  }

  #beginStream(connection: Dispatcher.DispatchController): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#onDeadline, this.#limits.streamMs)
    const strategy = { highWaterMark: STREAM_BUFFER_BYTES, size: (chunk?: Uint8Array) => chunk?.byteLength ?? 0 }
    const source = {
      start: (stream: ReadableStreamDefaultController<Uint8Array>) => {
        this.#stream = stream
      },
      pull: () => connection.resume(),
      cancel: () => {
        this.#stream = undefined // it is closed already
        this.fail(new EgressError('network', 'cancelled', true))
      },
    }
    this.#outcome.resolve({ ...this.#head, body: new ReadableStream<Uint8Array>(source, strategy) })
  }

  readonly #onDeadline = (): void => {
    this.fail(new EgressError('timeout', 'total', this.#connection !== undefined))
  }

  readonly #onAbort = (): void => {
    this.fail(this.#signal?.reason)
  }

  /** True the first time. */
  #finish(): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#onAbort)
    return true
  }
}
