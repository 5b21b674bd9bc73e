import { AsyncLocalStorage } from 'node:async_hooks'
import { EgressError } from '#kernel/egress-error.ts'
import type { GuardedFetch } from '#kernel/egress.ts'
import type { Credential } from '#providers/contract.ts'
import type { WaitingCaller } from '#providers/waiting-caller.ts'
import { boundedBody } from './bounded-body.ts'
import type { Questions } from './questions.ts'
import { openAddress } from './server-address.ts'

/**
 * Whose call is at work, wherever the protocol's client is in its own code. The client holds no key: the key comes from
 * the very call that sends, and is put on at the last moment, to this server alone. Without a call nothing is sent. What
 * the server asks or tells on the way is so known to belong to that call, too.
 */

/** What a call brings along: its open credential, the way out, its end, and who waits for it. */
export interface UpstreamAccess {
  readonly credential: Credential
  readonly fetch: GuardedFetch
  readonly signal: AbortSignal
  readonly caller?: WaitingCaller
  /** Answers what the server asks while this call runs; without it nobody is there to be asked. */
  readonly questions?: Questions
  /** Told at the start where to see what the server answered. */
  readonly onExchange?: (exchange: Exchange) => void
}

/** A call under way, as its sender. */
export interface Sender extends UpstreamAccess {
  /** Status of the last answer, where it refused us. */
  refusal: number | null
  /** Why the last request got no answer. */
  broken: EgressError | null
  /** Present where it is no call that sends, but the stream that stays open between calls. */
  readonly standing?: Standing
}

/** A stream that outlives the call that opened it: it is opened with that call's key, and keeps none. */
interface Standing {
  isOpened: boolean
  /** A call of the same client that runs now, for what the library sends because of the stream. */
  readonly callUnderWay: () => Sender | undefined
  readonly onEnd: () => void
}

const sender = new AsyncLocalStorage<Sender>()

export function currentSender(): Sender | undefined {
  return sender.getStore()
}

/** What the server answered a call that failed, where it answered. */
export interface Exchange {
  readonly refusal: () => number | null
  readonly broken: () => EgressError | null
}

/**
 * Runs work that may send as this call. When it ends, so does everything that it opened: a stream that the server keeps
 * open after its answer would hold a socket, and the key, for nobody.
 */
export async function sendingAs<T>(access: UpstreamAccess, work: () => Promise<T>): Promise<T> {
  const ended = new AbortController()
  const signal = AbortSignal.any([access.signal, ended.signal])
  const own: Sender = { ...access, signal, refusal: null, broken: null }
  const exchange: Exchange = { refusal: () => own.refusal, broken: () => own.broken }
  access.onExchange?.(exchange)
  try {
    return await sender.run(own, work)
  } finally {
    ended.abort(new DOMException('The call is over.', 'AbortError'))
  }
}

/** Runs work that opens one stream with the running call's key; the stream goes on without the call, and without the key. */
export function standingAs<T>(standing: Omit<Standing, 'isOpened'>, work: () => Promise<T>): Promise<T> {
  const call = currentSender()
  if (call === undefined) throw new Error('Nothing is sent outside of a call.')
  const { credential, fetch } = call
  // It ends with the library's own signal, when the client is closed.
  const { signal } = new AbortController()
  const own: Sender = {
    credential,
    fetch,
    signal,
    refusal: null,
    broken: null,
    standing: { ...standing, isOpened: false },
  }
  return sender.run(own, work)
}

const METHOD_NOT_ALLOWED = 405
const LOWEST_REFUSAL = 400

/**
 * The one way out of the library. A stream between calls that the library opens by itself is refused as a server without
 * one would: it is opened here only where a call lends its key for it.
 */
export async function send(origin: string, input: string | URL, init: RequestInit = {}): Promise<Response> {
  const own = sender.getStore()
  if (own === undefined) throw new Error('Nothing is sent outside of a call.')
  if (own.standing !== undefined) return sendStanding(own, own.standing, { origin, input, init })
  own.signal.throwIfAborted()
  const headers = new Headers(init.headers)
  if (init.method === 'GET' && !headers.has('last-event-id')) return new Response(null, { status: METHOD_NOT_ALLOWED })
  return exchange(own, { origin, input, init })
}

interface Sending {
  readonly origin: string
  readonly input: string | URL
  readonly init: RequestInit
}

/** Once for the stream itself; what the library sends because of it afterwards goes as a call that runs, or not at all. */
async function sendStanding(own: Sender, standing: Standing, sending: Sending): Promise<Response> {
  if (!standing.isOpened) {
    standing.isOpened = true
    const opening = exchange(own, sending)
    Object.assign(own, { credential: {} })
    return untilEnd(await opening, standing.onEnd)
  }
  // The library would take a broken stream up again: the next call opens a new one.
  if (sending.init.method === 'GET') return new Response(null, { status: METHOD_NOT_ALLOWED })
  const call = standing.callUnderWay()
  if (call === undefined) throw new Error('Nothing is sent outside of a call.')
  return exchange(call, sending)
}

async function exchange(own: Sender, { origin, input, init }: Sending): Promise<Response> {
  const headers = new Headers(init.headers)
  const token = bearerTokenOf(own.credential)
  if (token !== null && new URL(input).origin === origin) headers.set('authorization', `Bearer ${token}`)
  const signal = init.signal ? AbortSignal.any([init.signal, own.signal]) : own.signal
  const response = await own
    .fetch(wholeAddress(input, own.credential), { ...init, headers, signal })
    .catch((error: unknown) => {
      if (error instanceof EgressError) own.broken = error
      throw error
    })
  own.refusal = response.status >= LOWEST_REFUSAL ? response.status : null
  own.broken = null
  return boundedBody(response)
}

/** With the query, which may hold a key and lies with it in the credential; only where the address is the server's own. */
function wholeAddress(input: string | URL, { url }: Credential): string | URL {
  return typeof url === 'string' && openAddress(url) === String(input) ? url : input
}

/** The same answer; calls back once its body has ended, either way. */
function untilEnd(response: Response, onEnd: () => void): Response {
  if (response.body === null) {
    onEnd()
    return response
  }
  const passed = new TransformStream<Uint8Array, Uint8Array>()
  response.body
    .pipeTo(passed.writable)
    .catch(() => {})
    .finally(onEnd)
  const { status, statusText, headers } = response
  return new Response(passed.readable, { status, statusText, headers })
}

/** Won by signing in, or pasted; null for a server that lets anybody in. */
export function bearerTokenOf(credential: Credential): string | null {
  const token = credential['access_token'] ?? credential['api_key']
  return typeof token === 'string' && token !== '' ? token : null
}
