import { randomUUID } from 'node:crypto'
import { getRequestListener } from '@hono/node-server'
import {
  createMcpHandler,
  inputRequired,
  inputResponse,
  Server,
  WebStandardStreamableHTTPServerTransport,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { startLocalServer } from './local-server.ts'
import { WHOAMI, type RemoteTool } from './remote-tool-server.ts'

/**
 * A remote MCP server of somebody else's that has something to say while it works: it reports progress, asks its user, and
 * tells that its tools have changed. Of either era; everything that it says bears the token that it was called with.
 */
export interface LivelyServer extends AsyncDisposable {
  readonly url: string
  readonly host: string
  /** What it lists; whoever changes it says so with `tell`. */
  tools: readonly RemoteTool[]
  /** Says to the clients of this token, where they listen, that the tools have changed. */
  readonly tell: (token: string) => Promise<void>
  /** Tokens that were sent with a request that stays open between calls. */
  readonly listening: () => readonly string[]
  /** What came back to each question: the token of the call, and the answer. */
  readonly answers: { readonly token: string; readonly answer: unknown }[]
  /** Tokens of the listings, one for each. */
  readonly lists: string[]
}

/** Arguments: `ask` a form or for a page, `sample` a model; `reports`, how many times progress is reported before. */
export const WORK: RemoteTool = {
  name: 'work',
  description: 'Looks long for something.',
  inputSchema: {
    type: 'object',
    properties: {
      ask: { type: 'string' },
      reports: { type: 'integer' },
      times: { type: 'integer' },
      milliseconds: { type: 'integer' },
    },
  },
  annotations: { readOnlyHint: true },
}

interface Wanted {
  readonly ask?: 'form' | 'url' | 'sample'
  readonly reports?: number
  /** Questions, one after the other. */
  readonly times?: number
  /** That each report takes. */
  readonly milliseconds?: number
}

const FORM = { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] } as const

export async function startLivelyServer(era: 'legacy' | 'modern'): Promise<LivelyServer> {
  const state = { tools: [WHOAMI, WORK] as readonly RemoteTool[] }
  const answers: { token: string; answer: unknown }[] = []
  const lists: string[] = []
  const listening: string[] = []

  function serverFor(): Server {
    const server = new Server({ name: 'lively', version: '1.0.0' }, { capabilities: { tools: { listChanged: true } } })
    server.setRequestHandler('tools/list', (_request, context) => {
      lists.push(tokenOf(context))
      return { tools: state.tools as never }
    })
    server.setRequestHandler('tools/call', async ({ params }, context) => {
      const token = tokenOf(context)
      if (params.name !== 'work') return { content: [{ type: 'text', text: `${params.name} as ${token}` }] }
      const wanted = (params.arguments ?? {}) as Wanted
      return (era === 'legacy' ? legacyWork : modernWork)(context, { token, wanted, answers }) as never
    })
    return server
  }

  const served = era === 'legacy' ? serveSessions(serverFor, listening) : serveModern(serverFor, listening)
  const listener = getRequestListener(
    async (request) => {
      const token = (request.headers.get('authorization') ?? '').replace('Bearer ', '')
      return token === '' ? new Response(null, { status: 401 }) : served.handle(request, token)
    },
    { overrideGlobalObjects: false },
  )
  const local = await startLocalServer((request, response) => void listener(request, response))
  return {
    url: `http://${local.host}/mcp`,
    host: local.host,
    tell: served.tell,
    listening: () => listening,
    answers,
    lists,
    get tools() {
      return state.tools
    },
    set tools(changed) {
      state.tools = changed
    },
    async [Symbol.asyncDispose]() {
      await served.close()
      await local[Symbol.asyncDispose]()
    },
  }
}

interface Served {
  readonly handle: (request: Request, token: string) => Promise<Response>
  readonly tell: (token: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** 2025-11-25: a session for each client, and a standing stream. It knows nothing newer. */
function serveSessions(serverFor: () => Server, listening: string[]): Served {
  const sessions = new Map<
    string,
    { server: Server; token: string; transport: WebStandardStreamableHTTPServerTransport }
  >()
  return {
    async handle(request, token) {
      const authInfo = { token, clientId: token, scopes: [] }
      if (request.method === 'GET') listening.push(token)
      const known = sessions.get(request.headers.get('mcp-session-id') ?? '')
      if (known !== undefined) return known.transport.handleRequest(request, { authInfo })
      const body = (await request.clone().json()) as { method?: string; id?: unknown }
      if (body.method !== 'initialize') {
        return Response.json(
          { jsonrpc: '2.0', error: { code: -32_600, message: 'No session' }, id: body.id ?? null },
          { status: 400 },
        )
      }
      const server = serverFor()
      const transport = new WebStandardStreamableHTTPServerTransport({
        sessionIdGenerator: () => randomUUID(),
        onsessioninitialized: (id) => void sessions.set(id, { server, token, transport }),
      })
      await server.connect(transport)
      return transport.handleRequest(request, { authInfo })
    },
    async tell(token) {
      for (const session of sessions.values()) if (session.token === token) await session.server.sendToolListChanged()
    },
    async close() {
      for (const { server } of sessions.values()) await server.close()
    },
  }
}

/** 2026-07-28 alone. Each token has a handler, so that one can be told. */
function serveModern(serverFor: () => Server, listening: string[]): Served {
  const handlers = new Map<string, ReturnType<typeof createMcpHandler>>()
  return {
    async handle(request, token) {
      if (request.headers.get('mcp-method') === 'subscriptions/listen') listening.push(token)
      const handler = handlers.get(token) ?? createMcpHandler(serverFor, { legacy: 'reject' })
      handlers.set(token, handler)
      return handler.fetch(request, { authInfo: { token, clientId: token, scopes: [] } })
    },
    async tell(token) {
      handlers.get(token)?.notify.toolsChanged()
    },
    async close() {
      for (const handler of handlers.values()) await handler.close()
    },
  }
}

function tokenOf(context: ServerContext): string {
  return context.http?.authInfo?.token ?? ''
}

interface Work {
  readonly token: string
  readonly wanted: Wanted
  readonly answers: { token: string; answer: unknown }[]
}

async function report(context: ServerContext, { token, wanted }: Work): Promise<void> {
  const progressToken = context.mcpReq._meta?.progressToken
  for (let step = 1; step <= (wanted.reports ?? 0); step += 1) {
    await new Promise((resolve) => setTimeout(resolve, wanted.milliseconds ?? 0))
    if (progressToken === undefined) continue
    const params = { progressToken, progress: step, total: wanted.reports, message: `step of ${token}` }
    await context.mcpReq.notify({ method: 'notifications/progress', params })
  }
}

function questionOf({ token, wanted }: Work, time: number) {
  const message = `Question ${time} of ${token}?`
  return wanted.ask === 'url'
    ? { mode: 'url' as const, message, url: 'https://pages.example/consent', elicitationId: String(time) }
    : { mode: 'form' as const, message, requestedSchema: FORM }
}

async function legacyWork(context: ServerContext, work: Work): Promise<object> {
  await report(context, work)
  const { wanted, token, answers } = work
  const got: unknown[] = []
  if (wanted.ask === 'sample') {
    const params = { messages: [], maxTokens: 1 }
    const refused = await context.mcpReq
      .send({ method: 'sampling/createMessage', params })
      .catch((error: unknown) => error)
    return { content: [{ type: 'text', text: `sampling: ${String(refused)}` }] }
  }
  for (let time = 1; wanted.ask !== undefined && time <= (wanted.times ?? 1); time += 1) {
    const answer = await context.mcpReq.elicitInput(questionOf(work, time) as never)
    answers.push({ token, answer })
    got.push(answer)
  }
  return { content: [{ type: 'text', text: `worked as ${token}: ${JSON.stringify(got)}` }] }
}

/** Between two rounds the state is with the client, as the revision has it. */
async function modernWork(context: ServerContext, work: Work): Promise<object> {
  const { wanted, token, answers } = work
  const got = JSON.parse(context.mcpReq.requestState<string>() ?? '[]') as unknown[]
  const answered = inputResponse(context.mcpReq.inputResponses, 'q')
  if (answered.kind === 'elicit') {
    const { kind: _kind, ...answer } = answered
    answers.push({ token, answer })
    got.push(answer)
  } else await report(context, work)
  if (wanted.ask === 'sample') {
    const request = inputRequired.createMessage({ messages: [], maxTokens: 1 })
    return inputRequired({ inputRequests: { q: request } })
  }
  if (wanted.ask !== undefined && got.length < (wanted.times ?? 1)) {
    const { elicitationId: _id, ...question } = { elicitationId: '', ...questionOf(work, got.length + 1) }
    return inputRequired({
      inputRequests: { q: { method: 'elicitation/create', params: question as never } },
      requestState: JSON.stringify(got),
    })
  }
  return { content: [{ type: 'text', text: `worked as ${token}: ${JSON.stringify(got)}` }] }
}
