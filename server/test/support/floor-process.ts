import { serve } from '@hono/node-server'
import { classifyInboundRequest } from '@modelcontextprotocol/server'
import { Hono } from 'hono'
import { Pool } from 'undici'
import { z } from 'zod'

/**
 * The least that an MCP endpoint on this router can do: read a `tools/call`, check its form and its arguments, ask the
 * provider with the key that the caller sent, shape an answer. No users, no policy, no sealed keys, no record. What the
 * product does beyond it is measured against it. Run as a process of its own: `node floor-process.ts <port> <upstream>`.
 */

const [port, upstream] = process.argv.slice(2)
const CONNECTIONS = 64
const pool = new Pool(String(upstream), { connections: CONNECTIONS, pipelining: 1 })
const tool = z.strictObject({ query: z.string().optional() })

const app = new Hono()
app.post('/mcp', async (c) => {
  const authorization = c.req.header('authorization') ?? ''
  const message = JSON.parse(await c.req.text())
  const { id, method, params } = message
  const [version, named, name] = ['mcp-protocol-version', 'mcp-method', 'mcp-name'].map(
    (each) => c.req.header(each) ?? '',
  )
  const headers = { protocolVersionHeader: version, mcpMethodHeader: named, mcpNameHeader: name }
  const { kind } = classifyInboundRequest({ httpMethod: 'POST', ...headers, body: message } as never)
  if (kind !== 'modern' || method !== named || params.name !== name) return c.text('', 400)
  const answer = await pool.request({
    path: '/v1/search',
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', 'notion-version': '2026-03-11' },
    body: JSON.stringify(tool.parse(params.arguments)),
  })
  const value = await answer.body.json()
  const content = [{ type: 'text', text: JSON.stringify(value) }]
  return c.json({ jsonrpc: '2.0', id, result: { resultType: 'complete', content } })
})

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(port) })
process.on('SIGTERM', () => process.exit(0))
