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

const http = createServer(async (request, response) => {
  const token = (request.headers.authorization ?? '').replace('Bearer ', '')
  if (token === '') return response.writeHead(401).end()
  const id = request.headers['mcp-session-id']
  const known = sessions.get(id)
  if (known !== undefined && known.token === token) return known.transport.handleRequest(request, response)
  if (id !== undefined) return response.writeHead(404).end()
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (session) => sessions.set(session, { transport, token }),
  })
  await newServer(token).connect(transport)
  await transport.handleRequest(request, response)
})
http.listen(Number(process.env.PORT), '127.0.0.1')
