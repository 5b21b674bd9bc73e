import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { given, report, sdkCalls } from './report.mjs'

// The protocol's SDK before revision 2026-07-28.

const { url, token, ...page } = given()
const client = new Client({ name: 'sdk-1', version: '1.0.0' })
const requestInit = { headers: { authorization: `Bearer ${token}` } }
await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }))
await report(sdkCalls(client), page)
await client.close()
