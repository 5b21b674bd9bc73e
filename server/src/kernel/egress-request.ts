import { EgressError } from './egress-error.ts'

/** A `fetch` call, normalised: one URL, plain headers, a whole body. */
export interface PreparedRequest {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | null
  readonly signal: AbortSignal | undefined
  readonly redirect: NonNullable<RequestInit['redirect']>
}

/** The largest thing that we send is a file for a page. */
const REQUEST_BYTES = 20 * 1024 * 1024
const METHOD = /^[A-Z]{1,20}$/
const FORBIDDEN_METHODS = new Set(['CONNECT', 'TRACE']) // as in the fetch standard
const USER_AGENT = 'chaveiro'

/** Set by the transport, or a way to change what the connection means. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'accept-encoding',
  'proxy-authorization',
  'proxy-connection',
])

/** All that another origin is told after a redirect: credentials come under many names, these under none. */
const CROSS_ORIGIN_HEADERS = new Set(['accept', 'accept-language', 'accept-encoding', 'user-agent'])

/** Drops every header that could carry a credential. */
export function crossOriginHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => CROSS_ORIGIN_HEADERS.has(name)))
}

/** Reads what a caller of `fetch` may pass. Throws `egress_refused` for a method or body that is not sent from here. */
export async function prepareRequest(
  input: string | URL | Request,
  init: RequestInit = {},
  compress = true,
): Promise<Omit<PreparedRequest, 'url'>> {
  const given: RequestInit = input instanceof Request ? { ...partsOf(input), ...init } : init
  const method = (given.method ?? 'GET').toUpperCase()
  if (!METHOD.test(method) || FORBIDDEN_METHODS.has(method)) throw new EgressError('egress_refused', 'method')
  const headers = readHeaders(given.headers)
  const body = await readBody(given.body ?? null, headers)
  finishHeaders(headers, compress)
  return {
    method,
    headers,
    body,
    signal: given.signal ?? undefined,
    redirect: given.redirect ?? 'follow',
  }
}

/** The members that {@link prepareRequest} reads; spreading a `Request` copies none, they are getters. */
function partsOf({ method, headers, body, signal, redirect }: Request): RequestInit {
  return { method, headers, body, signal, redirect }
}

type PlainHeaders = Record<string, string>

/** RFC 9110 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/
/** Visible characters with single spaces between them: what needs no trimming and no look at its encoding. */
const PLAIN_VALUE = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/

/**
 * The headers by their names in small letters. An ordinary record is read as it is, for the runtime's own class takes
 * longer than the rest of a call; whatever is not plain is left to that class, which trims, joins or throws.
 */
function readHeaders(given: RequestInit['headers']): PlainHeaders {
  if (given === undefined) return {}
  if (Symbol.iterator in given) return Object.fromEntries(new Headers(given))
  const headers: PlainHeaders = {}
  for (const [key, value] of Object.entries(given)) {
    const name = key.toLowerCase()
    const isText = typeof value === 'string' && PLAIN_VALUE.test(value)
    const isPlain = isText && HEADER_NAME.test(key) && headers[name] === undefined
    if (!isPlain) return Object.fromEntries(new Headers(given))
    headers[name] = value
  }
  return headers
}

function finishHeaders(headers: PlainHeaders, compress: boolean): void {
  for (const name of Object.keys(headers)) if (OWN_HEADERS.has(name)) delete headers[name]
  headers['user-agent'] ??= USER_AGENT
  headers['accept'] ??= '*/*'
  const wantsStream = headers['accept'].includes('text/event-stream')
  headers['accept-encoding'] = compress && !wantsStream ? 'gzip' : 'identity'
}

/** The whole body, with its content type set as `fetch` does; bodies are small, and a whole one can be sent again. */
async function readBody(
  body: NonNullable<RequestInit['body']> | null,
  headers: PlainHeaders,
): Promise<string | Uint8Array | null> {
  if (body === null) return null
  if (typeof body === 'string' && headers['content-type'] !== undefined) return body
  const wrapped = new Response(body)
  const contentType = wrapped.headers.get('content-type')
  if (contentType !== null) headers['content-type'] ??= contentType
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of wrapped.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > REQUEST_BYTES) throw new EgressError('egress_refused', 'request_too_large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
