import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { asEgressError, EgressError } from './egress-error.ts'
import type { RawAnswer } from './egress-exchange.ts'

const gunzipBounded = promisify(gunzip)

const HIGHEST_STATUS = 599
/** Statuses for which a `Response` must have no body. */
const BODILESS = new Set([204, 205, 304])
/** About the connection or the raw bytes, and cookies: there is nowhere to keep any. */
const DROPPED_HEADERS = new Set([
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'set-cookie',
])

/** Unpacks a compressed body, at most to `maxBytes`: what unpacks to more is never held. */
export async function decompress(answer: RawAnswer, maxBytes: number): Promise<RawAnswer> {
  const encoding = answer.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (encoding === 'identity' || encoding === '') return answer
  if (!(answer.body instanceof Uint8Array)) throw unexpectedEncoding(answer.body)
  if (answer.body.byteLength === 0) return answer
  if (encoding !== 'gzip' && encoding !== 'x-gzip') throw unexpectedEncoding()
  try {
    return { ...answer, body: await gunzipBounded(answer.body, { maxOutputLength: maxBytes }) }
  } catch (error) {
    throw asEgressError(error, true)
  }
}

/** Only gzip was offered, and none for a stream. */
function unexpectedEncoding(stream?: ReadableStream<Uint8Array>): EgressError {
  stream?.cancel().catch(() => undefined)
  return new EgressError('network', 'content_encoding', true)
}

/** A `Response` of the runtime: other libraries test with `instanceof`, which the network library's own fails. */
export function buildResponse({ status, headers, body }: RawAnswer): Response {
  if (status > HIGHEST_STATUS) throw new EgressError('network', 'status', true)
  try {
    const isBodiless = BODILESS.has(status)
    const response = new Response(isBodiless ? null : body, { status, headers: publicHeaders(headers) })
    if (!isBodiless && body instanceof Uint8Array) wholeBodies.set(response, body)
    return response
  } catch {
    throw new EgressError('network', 'malformed_headers', true)
  }
}

/** Bodies that were received whole, by their answers. */
const wholeBodies = new WeakMap<Response, Uint8Array>()
const decoder = new TextDecoder()

/**
 * The text of an answer of the guarded fetch. What was received whole is not sent through a stream again, which takes
 * longer than all else that is done for a short answer.
 */
export async function wholeText(response: Response): Promise<string> {
  const body = wholeBodies.get(response)
  return body === undefined ? response.text() : decoder.decode(body)
}

function publicHeaders(headers: RawAnswer['headers']): [string, string][] {
  const pairs: [string, string][] = []
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || DROPPED_HEADERS.has(name)) continue
    for (const each of Array.isArray(value) ? value : [value]) pairs.push([name, each])
  }
  return pairs
}
