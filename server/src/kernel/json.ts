import { scanJson, type ScanLimits } from './json-scan.ts'
import { failure, success, type Outcome } from './problem.ts'

/** Takes JSON from outside. Nothing is parsed before its size, depth and number of members are known to be harmless. */

export interface JsonLimits extends ScanLimits {
  readonly bytes: number
}

/** A large page of blocks is about 100 kB, 12 levels and 3,000 members; parsing at these limits takes milliseconds. */
export const JSON_LIMITS: JsonLimits = { bytes: 1024 * 1024, depth: 64, keys: 10_000, items: 50_000 }

const JSON_MEDIA_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i
const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * The value of a JSON text, or where it is at fault: `invalid_json` (not JSON), `invalid_request` (JSON that is not
 * taken: too deep, too many members, a member twice, `__proto__`, a number that overflows), `body_too_large`.
 */
export function parseJson(body: Uint8Array | string, limits: JsonLimits = JSON_LIMITS): Outcome<unknown> {
  const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
  if (bytes > limits.bytes) return tooLarge(limits)
  const text = decode(body)
  if (text === undefined) return failure('invalid_json', 'The body is not valid UTF-8.')
  if (text.trim() === '') return failure('invalid_json', 'The body is empty; send a JSON object.')
  const fault = scanJson(text, limits)
  if (fault === undefined) return success(JSON.parse(text))
  const { detail, path } = fault
  return failure(fault.kind === 'syntax' ? 'invalid_json' : 'invalid_request', detail, path === '' ? {} : { path })
}

/** The JSON body of a request. Reads no byte above the limit, and no body that does not say that it is JSON. */
export async function readJson(request: Request, limits: JsonLimits = JSON_LIMITS): Promise<Outcome<unknown>> {
  if (!JSON_MEDIA_TYPE.test(request.headers.get('content-type') ?? '')) {
    return failure('unsupported_media_type', 'Send the header Content-Type: application/json.')
  }
  if ((request.headers.get('content-encoding') ?? 'identity') !== 'identity') {
    return failure('unsupported_media_type', 'Send the body uncompressed.')
  }
  const declared = request.headers.get('content-length')
  if (declared !== null && Number(declared) > limits.bytes) return tooLarge(limits)
  try {
    // A declared length is kept to by the HTTP parser; a chunked body has none and is counted as it comes.
    const body = declared === null ? await collect(request, limits.bytes) : new Uint8Array(await request.arrayBuffer())
    return body === undefined ? tooLarge(limits) : parseJson(body, limits)
  } catch {
    return failure('cancelled', 'The body ended before it was complete.')
  }
}

async function collect(request: Request, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function decode(body: Uint8Array | string): string | undefined {
  if (typeof body === 'string') return body.isWellFormed() ? body : undefined
  try {
    return decoder.decode(body)
  } catch {
    return undefined
  }
}

function tooLarge({ bytes }: JsonLimits): ReturnType<typeof failure> {
  return failure('body_too_large', `The body has more than ${bytes} bytes. Send less at once.`)
}
