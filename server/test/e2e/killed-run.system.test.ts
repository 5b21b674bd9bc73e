import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LLMock } from '@copilotkit/aimock'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { builtinSeed, createEmulator, type RunningServer } from '../../../notion-emulator/src/index.ts'
import type { ParsedJson } from '../support/agents.ts'
import { prepareDirectory } from '../support/prepared-directory.ts'

/**
 * The whole server, killed with SIGKILL while an agent's write is under way, with a model that speaks over a socket and a
 * Notion that has saved the page but not yet said so.
 */

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
const POLL_MS = 50
const NEVER_MS = 600_000

const emulator = createEmulator({ seeds: builtinSeed('demo') })
const model = new LLMock({ port: 0, host: '127.0.0.1' })
let notion: RunningServer
let directory: string
let baseUrl: string
let server: ChildProcess
let token: string

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function startServer(): Promise<void> {
  const port = new URL(baseUrl).port
  server = spawn(process.execPath, [MAIN], {
    // No .env of a checkout is read from here.
    cwd: directory,
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: join(MAIN, '..', '..', '..', 'node_modules', '.cache', 'compiled'),
      NODE_ENV: 'development',
      PORT: port,
      PUBLIC_URL: baseUrl,
      CHAVEIRO_DATA_DIR: directory,
      NOTION_API_URL: notion.url,
      OPENAI_COMPATIBLE_BASE_URL: `${model.url}/v1`,
      OPENAI_COMPATIBLE_MODELS: 'test-model',
      CHAVEIRO_DEFAULT_MODEL: 'compatible/test-model',
    },
  })
  while (!(await fetch(`${baseUrl}/readyz`).catch(() => null))?.ok) {
    if (server.exitCode !== null) throw new Error(`The server ended with ${server.exitCode}`)
    await sleep(POLL_MS)
  }
}

async function endServer(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill(signal)
  await ended
}

async function send(method: string, path: string, body?: unknown): Promise<ParsedJson> {
  const response = await fetch(baseUrl + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return response.json() as Promise<ParsedJson>
}

function pagesCreated(): number {
  return emulator.control.requests().filter(({ method, path }) => method === 'POST' && path === '/v1/pages').length
}

beforeAll(async () => {
  directory = prepareDirectory(mkdtempSync(join(tmpdir(), 'chaveiro-killed-')))
  notion = await emulator.listen()
  await model.start()
  baseUrl = `http://127.0.0.1:${await freePort()}`
  await startServer()
  const signedUp = await fetch(`${baseUrl}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Ana', email: 'ana@example.com', password: 'correct horse battery' }),
  })
  token = ((await signedUp.json()) as { token: string }).token
})

afterAll(async () => {
  if (server.exitCode === null && server.signalCode === null) await endServer('SIGTERM')
  await notion.close()
  await model.stop()
  rmSync(directory, { recursive: true, force: true })
})

it('a write under way when the server is killed is made once, and its run goes on', async () => {
  const { control } = emulator
  const install = control.installs().find(({ kind }) => kind === 'internal')
  if (install === undefined) throw new Error('the seed has no integration')
  const connected = await send('POST', '/api/mcp/notion/connect', { api_key: control.mintToken(install.botId) })
  expect(connected.connected).toBe(true)
  const agent = await send('POST', '/api/agents', {
    name: 'Writer',
    tools: ['notion_search_pages', 'notion_create_page'],
  })
  const found = await send('POST', '/api/tools/notion_search_pages/call', { arguments: {} })
  const parentId = found.result.results[0].id as string
  const made = JSON.stringify({ parent_id: parentId, title: 'Minutes of today' })
  model.on(
    { userMessage: 'write', hasToolResult: false },
    { toolCalls: [{ name: 'notion_create_page', arguments: made }] },
  )
  model.on({ userMessage: 'write', hasToolResult: true }, { content: 'Please check whether it is there.' })
  model.on({ userMessage: 'thanks' }, { content: 'You are welcome.' })
  control.injectFault({
    match: { method: 'POST', pathIncludes: '/v1/pages' },
    fault: { type: 'slow', delayMs: NEVER_MS },
  })

  // Connecting tried out what the key may do.
  control.clearRequests()
  const chat = fetch(`${baseUrl}/api/agents/chat`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ agent_id: agent.id, message: 'write the minutes' }),
  }).catch(() => 'cut off')
  while (pagesCreated() === 0) await sleep(POLL_MS)
  await endServer('SIGKILL')
  expect(await chat).toBe('cut off')

  await startServer()
  const { threads } = await send('GET', '/api/threads')
  const thread = await send('GET', `/api/threads/${threads[0].id}`)
  const runId = thread.messages[1].run_id as number
  expect((await send('GET', `/api/runs/${runId}`)).status).toBe('interrupted')
  expect(thread.messages[1].parts.at(-1)).toMatchObject({ type: 'tool-notion_create_page', state: 'input-available' })

  const resumed = await send('POST', `/api/runs/${runId}/resume`)
  expect(resumed).toMatchObject({
    run_id: runId,
    status: 'succeeded',
    message: 'Please check whether it is there.',
    tool_calls: [{ name: 'notion_create_page', status: 'failed', result: { code: 'outcome_unknown' } }],
  })
  expect(pagesCreated()).toBe(1)
  const again = { agent_id: agent.id, message: 'thanks', thread_id: threads[0].id }
  expect((await send('POST', '/api/agents/chat', again)).message).toBe('You are welcome.')
  const written = await send('POST', '/api/tools/notion_search_pages/call', {
    arguments: { query: 'Minutes of today' },
  })
  expect(written.result.results).toHaveLength(1)
})
