import { ServerResponse, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { oauthRequest, type OauthRequest } from './oauth-request.ts'

/**
 * Calls a handler that was written for Node's own messages with what we have: a method, an address, headers and a body that was
 * read and bounded before. No socket is involved, so our own middleware sees the answer before it leaves.
 */

export interface BridgedRequest {
  readonly method: string
  /** Absolute; the handler builds its links on it. */
  readonly url: string
  readonly headers: Headers
  readonly body?: string
}

export interface NodeMessages {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => unknown

/** The two messages, for functions that only look at them. */
export function nodeMessages({ method, url, headers, body }: BridgedRequest): NodeMessages {
  const { protocol, host, pathname, search } = new URL(url)
  const own = { ...Object.fromEntries(headers), host }
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  // All that the library reads of the incoming message; the class itself would want a socket.
  const request = Object.assign(Readable.from(body === undefined ? [] : [Buffer.from(body)], { objectMode: false }), {
    method,
    url: pathname + search,
    headers: { ...own, ...length },
    httpVersion: '1.1',
    httpVersionMajor: 1,
    httpVersionMinor: 1,
    socket: { encrypted: protocol === 'https:' },
  }) as unknown as IncomingMessage
  return { request, response: new ServerResponse(request) }
}

/** @throws what the handler could not answer itself: our own error handling names it and logs it */
export async function callNodeHandler(
  handler: NodeHandler,
  bridged: BridgedRequest,
  context: OauthRequest,
): Promise<Response> {
  const { request, response } = nodeMessages(bridged)
  const body = await new Promise<string | Buffer | undefined>((resolve, reject) => {
    response.end = ((chunk?: string | Buffer) => {
      resolve(chunk)
      return response
    }) as typeof response.end
    void oauthRequest.run(context, () => Promise.resolve(handler(request, response)).catch(reject))
  })
  if (context.unexpected !== undefined) throw context.unexpected
  return new Response(hasBody(response.statusCode) ? toBody(body) : null, {
    status: response.statusCode,
    headers: responseHeaders(response),
  })
}

const BODILESS_STATUSES = new Set([204, 205, 304])

function hasBody(status: number): boolean {
  return !BODILESS_STATUSES.has(status)
}

function toBody(body: string | Buffer | undefined): string | Uint8Array<ArrayBuffer> | null {
  if (body === undefined || typeof body === 'string') return body ?? null
  return new Uint8Array(body)
}

function responseHeaders(response: ServerResponse): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(response.getHeaders())) {
    // The length is the server's to say, and which origins may read an answer is our routes'.
    if (value === undefined || name === 'content-length' || name.startsWith('access-control-')) continue
    for (const each of [value].flat()) headers.append(name, String(each))
  }
  return headers
}
