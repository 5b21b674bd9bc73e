import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { THIRD_PARTY } from './third-party.ts'

/** One process of `@notionhq/notion-mcp-server`, as a client starts it for one user: over its standard streams. */
export interface NotionMcpServer {
  readonly pid: number
  /** The whole answer, unread: whoever only takes the time need not pay for reading it. */
  readonly ask: (method: string, params: object) => Promise<string>
  readonly stop: () => Promise<void>
}

export interface NotionMcpServerOptions {
  /** Where the Notion API is, without a path. */
  readonly url: string
  /** The user's key. */
  readonly token: string
  /** Name of the client, which it is told. */
  readonly client: string
  /** The command line that runs it, from the one that would: the bench gives it a core of its own. */
  readonly commandLine?: (program: string, parameters: readonly string[]) => [string, string[]]
}

const PROGRAM = join(THIRD_PARTY, 'node_modules', '.bin', 'notion-mcp-server')
const PROTOCOL_VERSION = '2025-11-25'

/** It needs less than a second to start and much less for a call: after this it has died or hangs. */
const ANSWER_TIMEOUT_MS = 30_000

/** Its answers end with their id. Looked for from the end first, since a page may have the same letters in its text. */
const ID_AT_END = /"id":(\d+)\}?$/
const ID = /"id":(\d+)/

/** Starts it and shakes hands with it. */
export async function startNotionMcpServer(options: NotionMcpServerOptions): Promise<NotionMcpServer> {
  const { url, token, client, commandLine = asItIs } = options
  const child = spawn(...commandLine(process.execPath, [PROGRAM]), {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], BASE_URL: url, NOTION_TOKEN: token },
  })
  const waiting = new Map<number, (line: string) => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const id = Number(ID_AT_END.exec(line)?.[1] ?? ID.exec(line)?.[1])
    waiting.get(id)?.(line)
    waiting.delete(id)
  })
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  let last = 0
  const ask = (method: string, params: object) =>
    new Promise<string>((resolve, reject) => {
      last += 1
      const timer = setTimeout(() => reject(new Error(`notion-mcp-server did not answer ${method}`)), ANSWER_TIMEOUT_MS)
      waiting.set(last, (line) => {
        clearTimeout(timer)
        resolve(line)
      })
      send({ id: last, method, params })
    })
  const clientInfo = { name: client, version: '1' }
  await ask('initialize', { protocolVersion: PROTOCOL_VERSION, capabilities: {}, clientInfo })
  send({ method: 'notifications/initialized' })
  return {
    pid: child.pid ?? 0,
    ask,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
}

function asItIs(program: string, parameters: readonly string[]): [string, string[]] {
  return [program, [...parameters]]
}
