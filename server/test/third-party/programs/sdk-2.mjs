import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { given, report } from './report.mjs'

// The protocol's SDK of revision 2026-07-28; `legacy`, its default, speaks as before.

const { url, token, mode, ...page } = given()
const client = new Client(
  { name: 'sdk-2', version: '1.0.0' },
  { versionNegotiation: { mode: mode === 'auto' ? 'auto' : 'legacy' } },
)
const requestInit = { headers: { authorization: `Bearer ${token}` } }
await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }))
await report(
  {
    listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
    callTool: async (name, given) => JSON.stringify(await client.callTool({ name, arguments: { ...given } })),
  },
  page,
)
await client.close()
