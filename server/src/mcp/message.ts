import { parseJson, type JsonLimits } from '#kernel/json.ts'
import { DEFAULT_MAX_REQUEST_BODY_SIZE, readRequestBody } from '@modelcontextprotocol/server'

/** The body of a request: read once, bounded before it is parsed. Its faults are JSON-RPC's own. */
export type Received =
  /** JSON within its bounds. */
  | { readonly kind: 'message'; readonly value: unknown }
  /** No body at all: GET and DELETE, and whatever the library says to an empty POST. */
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly answer: Response }

/** JSON-RPC 2.0, section 5.1. */
const PARSE_ERROR = -32_700
const INVALID_REQUEST = -32_600

/** As the library's own, in bytes; the rest keeps parsing within milliseconds. */
export const MESSAGE_LIMITS: JsonLimits = {
  bytes: DEFAULT_MAX_REQUEST_BODY_SIZE,
  depth: 64,
  keys: 20_000,
  items: 100_000,
}

export async function receive(request: Request): Promise<Received> {
  if (request.method !== 'POST') return { kind: 'none' }
  try {
    const body = await bodyOf(request)
    if (body === null) return refused(413, INVALID_REQUEST, `The body has more than ${MESSAGE_LIMITS.bytes} bytes`)
    const parsed = parseJson(body, MESSAGE_LIMITS)
    if (parsed.ok) return { kind: 'message', value: parsed.value }
    const { code, detail } = parsed.problem
    if (code === 'body_too_large') return refused(413, INVALID_REQUEST, detail)
    return refused(400, code === 'invalid_json' ? PARSE_ERROR : INVALID_REQUEST, detail)
  } catch {
    return refused(400, PARSE_ERROR, 'The body ended before it was complete')
  }
}

/** A declared length is kept to by the HTTP parser, so such a body is read in one go. */
async function bodyOf(request: Request): Promise<Uint8Array | string | null> {
  const declared = request.headers.get('content-length')
  if (declared !== null && Number(declared) <= MESSAGE_LIMITS.bytes) return new Uint8Array(await request.arrayBuffer())
  const body = await readRequestBody(request, MESSAGE_LIMITS.bytes)
  return body.tooLarge ? null : body.text
}

function refused(status: number, code: number, message: string): Received {
  return { kind: 'refused', answer: Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status }) }
}

interface Called {
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
}

/** The requests of a message or of a batch, as far as they look like requests; what they are worth the library decides. */
export function requestsIn(message: unknown): readonly Called[] {
  const messages: readonly unknown[] = Array.isArray(message) ? message : [message]
  return messages.flatMap((each) => {
    if (typeof each !== 'object' || each === null) return []
    const { method, params } = each as { method?: unknown; params?: unknown }
    if (typeof method !== 'string') return []
    return [{ method, params: typeof params === 'object' && params !== null ? { ...params } : {} }]
  })
}
