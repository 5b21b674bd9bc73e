import {
  Client,
  isInputRequiredResult,
  StreamableHTTPClientTransport,
  type CallToolResult,
  type ElicitResult,
} from '@modelcontextprotocol/client'
import { z } from 'zod'
import { withDeadline } from '#kernel/deadline.ts'
import { VERSION } from '#kernel/version.ts'
import { TOOLS_MAXIMUM, type ToolDefinition } from './definitions.ts'
import { answerInputs, DECLINED, type RequiredInput } from './questions.ts'
import { currentSender, send, type Sender } from './sending.ts'
import { createStandingStream, type StandingStream } from './standing-stream.ts'

/** The protocol's client for one remote server, one user and one connection. */

export interface UpstreamClient {
  /** What the server offers, page by page, as it says it; no more than the most that is looked at, and one. */
  readonly listTools: () => Promise<readonly unknown[]>
  readonly callTool: (tool: ToolDefinition, input: Readonly<Record<string, unknown>>) => Promise<CallToolResult>
  readonly stream: StandingStream
  readonly close: () => Promise<void>
}

export interface ClientEvents {
  /** The server said, to this client and so to this user alone, that its tools are others now. */
  readonly onToolsChanged: () => void
  readonly onClose: () => void
}

/** Milliseconds for the first messages: the deadline of a call must leave time for the call. */
const CONNECT_MS = 10_000
/** Milliseconds of one request inside the library; the deadline of the call comes first, which waits for answers of users. */
const REQUEST_MS = 1_200_000
/** Milliseconds that a server may have us wait before a broken stream is taken up again. */
const LONGEST_PAUSE_MS = 10_000
/** Pages of one list; honest servers have one or two. */
const PAGES_MAXIMUM = 30
/** Times that one call may come back for input before it is given up (2026-07-28, "Multi Round-Trip Requests"). */
const ROUNDS_MAXIMUM = 8
/** The list is checked tool by tool: one that is malformed must not hide the others. */
const listSchema = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() })

/** Connects, as the running call. Throws what the library or the fetch throws. */
export async function connectUpstream(url: string, events: ClientEvents): Promise<UpstreamClient> {
  const { origin } = new URL(url)
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    fetch: (input, init) => send(origin, input, init),
    reconnectionScheduler(reconnect, delay) {
      const timer = setTimeout(reconnect, Math.min(delay, LONGEST_PAUSE_MS)).unref()
      return () => clearTimeout(timer)
    },
  })
  const client = new Client(
    { name: 'chaveiro', title: 'Chaveiro', version: VERSION },
    {
      // No model and no files: what else a server asks for is refused by the library as a method that is not there.
      capabilities: { elicitation: { form: {}, url: {} } },
      versionNegotiation: { mode: 'auto' },
      inputRequired: { autoFulfill: false },
    },
  )
  const calls = new Set<Sender>()
  client.setNotificationHandler('notifications/tools/list_changed', events.onToolsChanged)
  client.setRequestHandler('elicitation/create', ({ params }) => answerQuestion(calls, params))
  Object.assign(client, { onclose: events.onClose })
  try {
    await withDeadline(CONNECT_MS, currentSender()?.signal, (signal) => client.connect(transport, { signal }))
  } catch (error) {
    await client.close().catch(() => {})
    throw error
  }
  return {
    listTools: () => listTools(client),
    callTool: (tool, input) => underWay(calls, (call) => callTool(client, call, { tool, input })),
    stream: createStandingStream({ client, transport, calls }),
    close: () => client.close(),
  }
}

/** Notes which calls run, so that what comes beside their own streams finds them. */
async function underWay<T>(calls: Set<Sender>, work: (call: Sender) => Promise<T>): Promise<T> {
  const call = currentSender()
  if (call === undefined) throw new Error('Nothing is sent outside of a call.')
  calls.add(call)
  try {
    return await work(call)
  } finally {
    calls.delete(call)
  }
}

/**
 * A question belongs to the call on whose stream it came. One on the standing stream, where older servers ask, belongs to
 * the only call that runs; where several run, nobody can tell whose it is, and it is declined.
 */
async function answerQuestion(calls: ReadonlySet<Sender>, params: unknown): Promise<ElicitResult> {
  const own = currentSender()
  const [only, ...others] = own?.standing === undefined ? [own] : [...calls]
  const questions = others.length === 0 ? only?.questions : undefined
  return questions === undefined ? DECLINED : questions.answer(params)
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

interface ToolUse {
  readonly tool: ToolDefinition
  readonly input: Readonly<Record<string, unknown>>
}

/**
 * With the definition that the user accepted: the library would compile the server's own schema of results. What a server
 * of 2026-07-28 wants to know first is answered, and the call sent again with it, a few times.
 */
async function callTool(client: Client, call: Sender, { tool, input }: ToolUse): Promise<CallToolResult> {
  const { name, inputSchema } = tool
  const toolDefinition = { name, inputSchema: { ...inputSchema, type: 'object' as const } }
  const onprogress = call.caller?.onProgress
  const given = { name, arguments: { ...input } }
  let more: object = {}
  for (let round = 0; ; round += 1) {
    const result: unknown = await client.callTool(
      { ...given, ...more },
      {
        toolDefinition,
        timeout: REQUEST_MS,
        allowInputRequired: true,
        ...(onprogress === undefined ? {} : { onprogress }),
      },
    )
    if (!isInputRequiredResult(result)) return result as CallToolResult
    if (round === ROUNDS_MAXIMUM) throw new TooManyRoundsError('The server asks again and again.')
    more = await answerInputs(call.questions, result as RequiredInput)
  }
}

export class TooManyRoundsError extends Error {
  override readonly name = 'TooManyRoundsError'
}
