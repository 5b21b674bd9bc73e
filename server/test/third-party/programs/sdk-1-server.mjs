import { createServer } from 'node:http'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { randomUUID } from 'node:crypto'

// A server with sessions, built with the protocol's SDK before revision 2026-07-28. It knows its users by their tokens.

const sessions = new Map()

function newServer(token) {
  const server = new McpServer({ name: 'sdk-1-server', version: '1.0.0' })
  const annotations = { readOnlyHint: true }
  server.registerTool('whoami', { description: 'Says who you are.', annotations }, () => ({
    content: [{ type: 'text', text: `whoami as ${token}` }],
  }))
  return server
}

async function answer(request, response) {
  const token = (request.headers.authorization ?? '').replace('Bearer ', '')
  const id = request.headers['mcp-session-id']
  const known = sessions.get(id)
  if (token === '') response.writeHead(401).end()
  else if (known !== undefined && known.token === token) await known.transport.handleRequest(request, response)
  else if (id !== undefined) response.writeHead(404).end()
  else await openSession(token, request, response)
}

async function openSession(token, request, response) {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (session) => sessions.set(session, { transport, token }),
  })
  await newServer(token).connect(transport)
  await transport.handleRequest(request, response)
}

createServer(answer).listen(Number(process.env.PORT), '127.0.0.1')
