import { startNotionMcpServer } from '../notion-mcp-server.ts'
import { onMeasuredCore } from './cores.ts'
import type { Call } from './load.ts'
import { checkOwner } from './upstream.ts'

/** One process of `@notionhq/notion-mcp-server`, on the core of what is measured. */
export interface Rival {
  readonly pid: number
  readonly call: Call
  /** Bytes of its list of tools. */
  readonly listBytes: () => Promise<number>
  readonly stop: () => Promise<void>
}

const TOOL = 'API-post-search'

export interface RivalUser {
  readonly index: number
  readonly notionKey: string
}

export async function startRival({ index, notionKey }: RivalUser, upstreamUrl: string): Promise<Rival> {
  const { pid, ask, stop } = await startNotionMcpServer({
    url: upstreamUrl,
    token: notionKey,
    client: 'bench',
    commandLine: onMeasuredCore,
  })
  return {
    pid,
    async call() {
      checkOwner(await ask('tools/call', { name: TOOL, arguments: { query: 'roadmap' } }), index)
    },
    listBytes: async () => Buffer.byteLength(await ask('tools/list', {})),
    stop,
  }
}
