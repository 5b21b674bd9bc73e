import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { SHARED_TITLE, type McpStage, type StageUser } from '../support/mcp-stage.ts'
import { freePort } from '../support/postgres-cluster.ts'
import { startThirdParty } from '../support/third-party.ts'
import { scratchFolder, type TestedClient } from './client.ts'

/** mcp-remote: registers itself, opens a browser, and then speaks to its own client over its standard streams. */

const BROWSER = join(import.meta.dirname, '..', 'support', 'person-browser.ts')

export const mcpRemote: TestedClient = {
  name: 'mcp-remote, with OAuth',
  async run(stage, user) {
    const session = await startMcpRemote(stage, user)
    try {
      await session.ask('initialize', {
        protocolVersion: '2025-06-18',
        capabilities: {},
        clientInfo: { name: 'Test client', version: '1' },
      })
      session.tell('notifications/initialized')
      const listed = (await session.ask('tools/list', {})) as { tools: { name: string }[] }
      const call = async (name: string, given: object) =>
        JSON.stringify(await session.ask('tools/call', { name, arguments: given }))
      return {
        tools: listed.tools.map(({ name }) => name),
        found: await call('notion_search_pages', { query: SHARED_TITLE }),
        content: await call('notion_read_page_content', { page_id: user.pageId }),
      }
    } finally {
      session.end()
    }
  },
}

interface Session {
  /** @throws Error where the program ends without an answer */
  readonly ask: (method: string, parameters: object) => Promise<unknown>
  readonly tell: (method: string) => void
  readonly end: () => void
}

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

async function startMcpRemote(stage: McpStage, { email, password }: StageUser): Promise<Session> {
  const home = await scratchFolder(stage)
  const personLog = join(home, 'person.log')
  const child = startThirdParty({
    program: 'mcp-remote',
    arguments: [stage.url, String(await freePort()), '--transport', 'http-only', '--allow-http'],
    home,
    environment: { BROWSER, PERSON_EMAIL: email, PERSON_PASSWORD: password, PERSON_LOG: personLog },
  })
  const waiting = new Map<unknown, Waiting>()
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  createInterface(child.stdout).on('line', (line) => {
    const { id, result, error } = JSON.parse(line) as { id?: unknown; result?: unknown; error?: unknown }
    if (error === undefined) waiting.get(id)?.resolve(result)
    else waiting.get(id)?.reject(new Error(JSON.stringify(error)))
  })
  child.once('close', () => {
    const said = existsSync(personLog) ? readFileSync(personLog, 'utf8') : ''
    for (const { reject } of waiting.values()) reject(new Error(`mcp-remote ended: ${said}${stderr}`))
  })
  let id = 0
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  return {
    ask(method, params) {
      id += 1
      send({ id, method, params })
      return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
    },
    tell: (method) => void send({ method }),
    end: () => void child.kill(),
  }
}
