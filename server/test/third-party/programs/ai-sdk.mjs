import { createMCPClient } from '@ai-sdk/mcp'
import { given, report } from './report.mjs'

// Vercel's AI SDK, which makes an agent's tools of what a server lists.

const { url, token, ...page } = given()
const client = await createMCPClient({
  transport: { type: 'http', url, headers: { authorization: `Bearer ${token}` } },
})
const tools = await client.tools()
await report(
  {
    listTools: async () => Object.keys(tools),
    async callTool(name, given) {
      const call = { toolCallId: name, messages: [] }
      return JSON.stringify(await tools[name]?.execute?.(given, call))
    },
  },
  page,
)
await client.close()
