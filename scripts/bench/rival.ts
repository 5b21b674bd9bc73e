import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { THIRD_PARTY } from '../third-party.ts'
import { onMeasuredCore } from './cores.ts'
import type { Call } from './load.ts'
import { checkOwner } from './upstream.ts'

/** One process of `@notionhq/notion-mcp-server`, as a client starts it for one user: over its standard streams. */
export interface Rival {
  readonly pid: number
  readonly call: Call
  /** Bytes of its list of tools. */
  readonly listBytes: () => Promise<number>
  readonly stop: () => Promise<void>
}

const PROGRAM = join(THIRD_PARTY, 'node_modules', '.bin', 'notion-mcp-server')
const TOOL = 'API-post-search'
const VERSION = '2025-11-25'

export interface RivalUser {
  readonly index: number
  readonly notionKey: string
}

export async function startRival(user: RivalUser, upstreamUrl: string): Promise<Rival> {
  const child = spawn(...onMeasuredCore(process.execPath, [PROGRAM]), {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], BASE_URL: upstreamUrl, NOTION_TOKEN: user.notionKey },
  })
  const waiting = new Map<number, (line: string) => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const id = Number(/"id":(\d+)\}?$/.exec(line)?.[1] ?? /"id":(\d+)/.exec(line)?.[1])
    waiting.get(id)?.(line)
    waiting.delete(id)
  })
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  let last = 0
  const ask = (method: string, params: object) =>
    new Promise<string>((resolve) => {
      last += 1
      waiting.set(last, resolve)
      send({ id: last, method, params })
    })
  await ask('initialize', { protocolVersion: VERSION, capabilities: {}, clientInfo: { name: 'bench', version: '1' } })
  send({ method: 'notifications/initialized' })
  return {
    pid: child.pid ?? 0,
    async call() {
      checkOwner(await ask('tools/call', { name: TOOL, arguments: { query: 'roadmap' } }), user.index)
    },
    listBytes: async () => Buffer.byteLength(await ask('tools/list', {})),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
}
