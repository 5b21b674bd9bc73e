import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { THIRD_PARTY } from '../third-party.ts'

/** `@notionhq/notion-mcp-server`, as a client starts it for one user: what its tools and their results say to a model. */
export interface Rival {
  /** The definitions of its tools, as it lists them. */
  readonly definitions: readonly unknown[]
  /** The text of a tool's result. */
  readonly call: (tool: string, input: Readonly<Record<string, unknown>>) => Promise<string>
  readonly stop: () => Promise<void>
}

const PROGRAM = join(THIRD_PARTY, 'node_modules', '.bin', 'notion-mcp-server')
const PROTOCOL_VERSION = '2025-11-25'

/** It needs less than a second to start and much less for a call. */
const ANSWER_TIMEOUT_MS = 30_000

interface Answer {
  readonly id?: number
  readonly result?: { readonly tools?: unknown[]; readonly content?: { readonly text?: string }[] }
  readonly error?: { readonly message: string }
}

/** @param url where the Notion API is, without a path */
export async function startRival(url: string, token: string): Promise<Rival> {
  const child = spawn(process.execPath, [PROGRAM], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], BASE_URL: url, NOTION_TOKEN: token },
  })
  const waiting = new Map<number, (answer: Answer) => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as Answer
    waiting.get(answer.id ?? 0)?.(answer)
  })
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  let last = 0
  async function ask(method: string, params: object): Promise<NonNullable<Answer['result']>> {
    last += 1
    const id = last
    const answered = new Promise<Answer>((resolve, reject) => {
      waiting.set(id, resolve)
      setTimeout(() => reject(new Error(`notion-mcp-server did not answer ${method}`)), ANSWER_TIMEOUT_MS).unref()
    })
    send({ id, method, params })
    const { result, error } = await answered
    if (result === undefined) throw new Error(`notion-mcp-server refused ${method}: ${error?.message}`)
    return result
  }
  const clientInfo = { name: 'figures', version: '1' }
  await ask('initialize', { protocolVersion: PROTOCOL_VERSION, capabilities: {}, clientInfo })
  send({ method: 'notifications/initialized' })
  const { tools = [] } = await ask('tools/list', {})
  return {
    definitions: tools,
    async call(name, input) {
      const { content = [] } = await ask('tools/call', { name, arguments: input })
      return content.map(({ text = '' }) => text).join('\n')
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
}
