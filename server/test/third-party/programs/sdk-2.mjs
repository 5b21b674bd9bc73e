import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { given, report, sdkCalls } from './report.mjs'

// The protocol's SDK of revision 2026-07-28; `legacy`, its default, speaks as before.

const { url, token, mode, ...page } = given()
const versionNegotiation = { mode: mode === 'auto' ? /** @type {const} */ ('auto') : /** @type {const} */ ('legacy') }
const client = new Client({ name: 'sdk-2', version: '1.0.0' }, { versionNegotiation })
const requestInit = { headers: { authorization: `Bearer ${token}` } }
await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }))
await report(sdkCalls(client), page)
await client.close()
