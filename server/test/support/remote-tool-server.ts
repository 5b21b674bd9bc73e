import { getRequestListener } from '@hono/node-server'
import { createMcpHandler, Server } from '@modelcontextprotocol/server'
import { startLocalServer, type LocalServer } from './local-server.ts'

/** A remote MCP server of somebody else's, built with the official library, which knows its users by their tokens. */

export interface RemoteTool {
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly inputSchema?: object
  readonly annotations?: object
}

export interface RemoteCall {
  readonly token: string
  readonly tool: string
  readonly arguments: Readonly<Record<string, unknown>>
}

export interface RemoteServer extends AsyncDisposable {
  readonly url: string
  readonly host: string
  /** Every call of a tool that arrived. */
  readonly calls: RemoteCall[]
  /** What it lists; a test changes it under way. */
  tools: readonly RemoteTool[]
  /** Tokens that it lets in. */
  readonly tokens: Set<string>
  /** Answers of tools by name; without one a tool says whose token it was called with. */
  readonly answers: Map<string, (call: RemoteCall) => Promise<object> | object>
  readonly requests: LocalServer['requests']
}

export const WHOAMI: RemoteTool = {
  name: 'whoami',
  description: 'Says who you are.',
  inputSchema: { type: 'object', properties: {} },
  annotations: { readOnlyHint: true },
}

export const SEND: RemoteTool = {
  name: 'send',
  description: 'Sends a text to somebody.',
  inputSchema: {
    type: 'object',
    properties: { to: { type: 'string' }, text: { type: 'string', maxLength: 500 } },
    required: ['to', 'text'],
    additionalProperties: false,
  },
}

export async function startRemoteServer(tools: readonly RemoteTool[] = [WHOAMI, SEND]): Promise<RemoteServer> {
  const tokens = new Set<string>()
  const calls: RemoteCall[] = []
  const answers: RemoteServer['answers'] = new Map()
  const state = { tools }
  const handler = createMcpHandler(
    ({ authInfo }) => {
      const server = new Server(
        { name: 'remote', version: '1.0.0' },
        { capabilities: { tools: { listChanged: true } } },
      )
      server.setRequestHandler('tools/list', () => ({ tools: state.tools as never }))
      server.setRequestHandler('tools/call', async ({ params }) => {
        const call = { token: authInfo?.token ?? '', tool: params.name, arguments: params.arguments ?? {} }
        calls.push(call)
        const answer = answers.get(params.name)
        if (answer !== undefined) return (await answer(call)) as never
        return { content: [{ type: 'text', text: `${params.name} as ${call.token}` }] }
      })
      return server
    },
    { legacy: 'stateless' },
  )
  const listener = getRequestListener(
    async (request) => {
      const token = (request.headers.get('authorization') ?? '').replace('Bearer ', '')
      if (!tokens.has(token)) return new Response(null, { status: 401 })
      return handler.fetch(request, { authInfo: { token, clientId: token, scopes: [] } })
    },
    { overrideGlobalObjects: false },
  )
  const local = await startLocalServer((request, response) => void listener(request, response))
  return {
    url: `http://${local.host}/mcp`,
    host: local.host,
    calls,
    tokens,
    answers,
    requests: local.requests,
    get tools() {
      return state.tools
    },
    set tools(changed) {
      state.tools = changed
    },
    async [Symbol.asyncDispose]() {
      await handler.close()
      await local[Symbol.asyncDispose]()
    },
  }
}
