import { AsyncLocalStorage } from 'node:async_hooks'
import { Client, StreamableHTTPClientTransport, type CallToolResult } from '@modelcontextprotocol/client'
import { z } from 'zod'
import { withDeadline } from '#kernel/deadline.ts'
import { EgressError } from '#kernel/egress-error.ts'
import type { GuardedFetch } from '#kernel/egress.ts'
import { VERSION } from '#kernel/version.ts'
import type { Credential } from '#providers/contract.ts'
import { boundedBody } from './bounded-body.ts'
import { openAddress } from './server-address.ts'
import { TOOLS_MAXIMUM, type ToolDefinition } from './definitions.ts'

/**
 * The protocol's client for one remote server, one user and one connection. It holds no key: the key comes from the very
 * call that sends, and is put on at the last moment, to this server alone. Without a call nothing is sent.
 */

/** What a call brings along: its open credential, the way out, and its end. */
export interface UpstreamAccess {
  readonly credential: Credential
  readonly fetch: GuardedFetch
  readonly signal: AbortSignal
  /** Told at the start where to see what the server answered. */
  readonly onExchange?: (exchange: Exchange) => void
}

/** Whose request is being sent, wherever the client is in its own code. */
interface Sender extends UpstreamAccess {
  /** Status of the last answer, where it refused us. */
  refusal: number | null
  /** Why the last request got no answer. */
  broken: EgressError | null
}

const sender = new AsyncLocalStorage<Sender>()

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

export interface UpstreamClient {
  /** What the server offers, page by page, as it says it; no more than the most that is looked at, and one. */
  readonly listTools: () => Promise<readonly unknown[]>
  readonly callTool: (tool: ToolDefinition, input: Readonly<Record<string, unknown>>) => Promise<CallToolResult>
  readonly close: () => Promise<void>
}

export interface ClientEvents {
  /** The server said, to this client and so to this user alone, that its tools are others now. */
  readonly onToolsChanged: () => void
  readonly onClose: () => void
}

/** Milliseconds for the first messages: the deadline of a call must leave time for the call. */
const CONNECT_MS = 10_000
/** Milliseconds of one request inside the library; the deadline of the call comes first. */
const REQUEST_MS = 120_000
/** Milliseconds that a server may have us wait before a broken stream is taken up again. */
const LONGEST_PAUSE_MS = 10_000
/** Pages of one list; honest servers have one or two. */
const PAGES_MAXIMUM = 30
/** The list is checked tool by tool: one that is malformed must not hide the others. */
const listSchema = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() })

/** Connects, as the running call. Throws what the library or the fetch throws. */
export async function connectUpstream(url: string, events: ClientEvents): Promise<UpstreamClient> {
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    fetch: (input, init) => send(new URL(url).origin, input, init),
    reconnectionScheduler(reconnect, delay) {
      const timer = setTimeout(reconnect, Math.min(delay, LONGEST_PAUSE_MS)).unref()
      return () => clearTimeout(timer)
    },
  })
  const client = new Client(
    { name: 'chaveiro', title: 'Chaveiro', version: VERSION },
    {
      // Nothing that a server could ask of a user or a model: whatever it wants to know it must take as an argument.
      capabilities: {},
      versionNegotiation: { mode: 'auto' },
      inputRequired: { autoFulfill: false },
    },
  )
  client.setNotificationHandler('notifications/tools/list_changed', events.onToolsChanged)
  Object.assign(client, { onclose: events.onClose })
  try {
    await withDeadline(CONNECT_MS, sender.getStore()?.signal, (signal) => client.connect(transport, { signal }))
  } catch (error) {
    await client.close().catch(() => {})
    throw error
  }
  return {
    listTools: () => listTools(client),
    callTool: (tool, input) => callTool(client, tool, input),
    close: () => client.close(),
  }
}

async function listTools(client: Client): Promise<readonly unknown[]> {
  if (client.getServerCapabilities()?.tools === undefined) return []
  const tools: unknown[] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAXIMUM && tools.length <= TOOLS_MAXIMUM; page += 1) {
    const params = cursor === undefined ? {} : { cursor }
    const answer = await client.request({ method: 'tools/list', params }, listSchema, { timeout: REQUEST_MS })
    tools.push(...answer.tools)
    if (answer.nextCursor === undefined || answer.nextCursor === cursor) break
    cursor = answer.nextCursor
  }
  return tools
}

/** With the definition that the user accepted: the library would compile the server's own schema of results. */
async function callTool(
  client: Client,
  { name, inputSchema }: ToolDefinition,
  input: Readonly<Record<string, unknown>>,
): Promise<CallToolResult> {
  const toolDefinition = { name, inputSchema: { ...inputSchema, type: 'object' as const } }
  return client.callTool({ name, arguments: { ...input } }, { toolDefinition, timeout: REQUEST_MS })
}

const METHOD_NOT_ALLOWED = 405
const LOWEST_REFUSAL = 400

/**
 * The one way out of the library. A stream that stays open between calls is refused as a server without one would: it
 * would need a key that no call brings. What changes meanwhile is seen with the next call.
 */
async function send(origin: string, input: string | URL, init: RequestInit = {}): Promise<Response> {
  const own = sender.getStore()
  if (own === undefined) throw new Error('Nothing is sent outside of a call.')
  own.signal.throwIfAborted()
  const headers = new Headers(init.headers)
  if (init.method === 'GET' && !headers.has('last-event-id')) return new Response(null, { status: METHOD_NOT_ALLOWED })
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

/** Won by signing in, or pasted; null for a server that lets anybody in. */
export function bearerTokenOf(credential: Credential): string | null {
  const token = credential['access_token'] ?? credential['api_key']
  return typeof token === 'string' && token !== '' ? token : null
}
