import {
  Client,
  StreamableHTTPClientTransport,
  type ClientCapabilities,
  type ElicitResult,
} from '@modelcontextprotocol/client'
import type { WholeApp } from './whole-app.ts'

export interface McpClientOptions {
  readonly token: string
  /** The revisions before 2026-07-28 by their handshake, or the one of that day without. */
  readonly era: 'legacy' | 'modern'
  readonly path?: string
  readonly capabilities?: ClientCapabilities
  /** What the client's user answers to a question. */
  readonly answer?: (asked: unknown) => Promise<object>
}

/** The official client, speaking to the app without a port. */
export async function connectMcpClient(app: Pick<WholeApp, 'house'>, options: McpClientOptions): Promise<Client> {
  const client = new Client(
    { name: 'test client', version: '1.0.0' },
    {
      capabilities: options.capabilities ?? {},
      versionNegotiation: { mode: options.era === 'legacy' ? 'legacy' : { pin: '2026-07-28' } },
    },
  )
  const { answer } = options
  if (answer !== undefined) {
    client.setRequestHandler('elicitation/create', async ({ params }) => (await answer(params)) as ElicitResult)
  }
  const transport = new StreamableHTTPClientTransport(new URL(`http://localhost:8001${options.path ?? '/mcp'}`), {
    fetch: async (url, init) => app.house.app.fetch(new Request(url, init)),
    requestInit: { headers: { authorization: `Bearer ${options.token}` } },
  })
  await client.connect(transport)
  return client
}
