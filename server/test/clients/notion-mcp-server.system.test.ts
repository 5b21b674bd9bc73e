import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveEmulator, type ServedEmulator } from '../../../notion-emulator/test/support/served.ts'
import { ensureThirdParty, THIRD_PARTY } from '../../../scripts/third-party.ts'

/**
 * Notion's own MCP server, as its users start it, with the emulator for Notion: two programs of others' making and ours
 * that know nothing of each other but the address.
 */

const PROGRAM = join(THIRD_PARTY, 'node_modules', '.bin', 'notion-mcp-server')
const TOOLS = 24
const PROTOCOL = '2025-11-25'

type Message = Record<string, unknown>

interface OfficialServer {
  ask: (method: string, params: object) => Promise<Message>
  /** Calls a tool and gives the JSON that Notion answered. */
  call: (tool: string, input: object) => Promise<Message>
  stop: () => Promise<void>
}

async function startOfficialServer(baseUrl: string, token: string): Promise<OfficialServer> {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(process.execPath, [PROGRAM], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], BASE_URL: baseUrl, NOTION_TOKEN: token },
  })
  const exited = once(child, 'exit')
  const waiting = new Map<unknown, (message: Message) => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as Message
    waiting.get(message['id'])?.(message)
  })
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  let last = 0
  const ask = (method: string, params: object): Promise<Message> =>
    new Promise((resolve) => {
      last += 1
      waiting.set(last, resolve)
      send({ id: last, method, params })
    })
  await ask('initialize', { protocolVersion: PROTOCOL, capabilities: {}, clientInfo: { name: 'test', version: '1' } })
  send({ method: 'notifications/initialized' })
  const call = async (tool: string, input: object): Promise<Message> => {
    const { result, error } = await ask('tools/call', { name: tool, arguments: input })
    const [content] = ((result as Message | undefined)?.['content'] ?? []) as { text: string }[]
    if (content === undefined) throw new Error(`${tool}: ${JSON.stringify(error ?? result)}`)
    return JSON.parse(content.text) as Message
  }
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await exited
  }
  return { ask, call, stop }
}

const text = (content: string) => [{ type: 'text', text: { content } }]
const results = (answer: Message) => answer['results'] as Message[]

describe("Notion's own MCP server against the served emulator", () => {
  let emulator: ServedEmulator
  let server: OfficialServer
  beforeAll(async () => {
    await ensureThirdParty((line) => console.log(line))
    // It sends no version when it creates a comment.
    emulator = await serveEmulator('--seed', 'two-tenants', '--lenient-version')
    server = await startOfficialServer(emulator.url, emulator.tokens[0] ?? '')
  })
  afterAll(async () => {
    await server?.stop()
    await emulator?.stop()
  })

  it('lists its tools', async () => {
    const { result } = await server.ask('tools/list', {})
    expect((result as Message)['tools']).toHaveLength(TOOLS)
  })

  it('searches, reads Markdown, creates a page, appends, queries and comments', async () => {
    const pages = await server.call('API-post-search', {
      query: 'reuniões',
      filter: { property: 'object', value: 'page' },
    })
    const home = String(results(pages)[0]?.['id'])
    const before = await server.call('API-retrieve-page-markdown', { page_id: home })
    expect(before).toMatchObject({ object: 'page_markdown', id: home })

    const properties = { title: { title: text('Made by an agent') } }
    const page = await server.call('API-post-page', { parent: { page_id: home }, properties })
    expect(page).toMatchObject({ object: 'page', parent: { page_id: home } })
    const block_id = String(page['id'])
    const children = [{ type: 'paragraph', paragraph: { rich_text: text('First line') } }]
    const appended = await server.call('API-patch-block-children', { block_id, children })
    expect(results(appended)).toHaveLength(1)
    expect(await server.call('API-retrieve-page-markdown', { page_id: block_id })).toMatchObject({
      markdown: 'First line',
    })

    const sources = await server.call('API-post-search', { filter: { property: 'object', value: 'data_source' } })
    const data_source_id = String(results(sources)[0]?.['id'])
    const rows = await server.call('API-query-data-source', { data_source_id, page_size: 2 })
    expect(results(rows)).toHaveLength(2)

    const comment = { parent: { page_id: block_id }, rich_text: text('Seen') }
    expect(await server.call('API-create-a-comment', comment)).toMatchObject({ object: 'comment' })
    expect(results(await server.call('API-retrieve-a-comment', { block_id }))).toHaveLength(1)
  })

  it('is told what Notion would tell it about a page that is not there', async () => {
    const page_id = '11111111-2222-4333-8444-555555555555'
    const answer = await server.ask('tools/call', { name: 'API-retrieve-a-page', arguments: { page_id } })
    expect(JSON.stringify(answer)).toContain('object_not_found')
  })
})
