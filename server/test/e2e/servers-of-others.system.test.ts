import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { LLMock } from '@copilotkit/aimock'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveEmulator, type ServedEmulator } from '../../../notion-emulator/test/support/served.ts'
import { ensureThirdParty, THIRD_PARTY } from '../../../scripts/third-party.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { connectMcpClient } from '../support/mcp-client.ts'
import { startRemoteServer, type RemoteServer } from '../support/remote-tool-server.ts'
import { createWholeApp, type TestUser, type WholeApp } from '../support/whole-app.ts'

/**
 * Servers that nobody here wrote, each connected by two users with tokens of their own: by the protocol's older and newer
 * libraries, its reference server, and a provider's own. Their tools are used directly, by agents and through `/mcp`.
 */

interface Other {
  readonly name: string
  readonly url: string
  readonly tokens: readonly [string, string]
  /** A tool that reads, its arguments, and what its answer shows to the owner of each token. */
  readonly call: { readonly tool: string; readonly arguments: object; readonly shows: (token: string) => string }
}

/** Milliseconds between two looks whether a program listens. */
const LOOK_MS = 50
/** Looks; programs of others take their time to start. */
const LOOKS = 400

const modules = join(THIRD_PARTY, 'node_modules')
const children: ChildProcess[] = []
/** A model over a socket that calls the tool it is told to. */
const model = new LLMock({ port: 0, host: '127.0.0.1' })
const others: Other[] = []
let database: TestDatabase
let emulator: ServedEmulator
let newer: RemoteServer
let app: WholeApp

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

async function start(program: string, given: readonly string[], environment: object = {}): Promise<number> {
  const port = await freePort()
  const child = spawn(process.execPath, [program, ...given.map((each) => each.replace('PORT', String(port)))], {
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], PORT: String(port), ...environment },
  })
  children.push(child)
  for (let look = 0; look < LOOKS && !(await listens(port)); look += 1) {
    if (child.exitCode !== null) throw new Error(`${program} ended.`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  return port
}

beforeAll(async () => {
  await ensureThirdParty((line) => console.log(line))
  emulator = await serveEmulator('--seed', 'two-tenants', '--lenient-version')
  newer = await startRemoteServer()
  newer.tokens.add('newer-one').add('newer-two')
  const everything = await start(join(modules, '@modelcontextprotocol/server-everything/dist/index.js'), [
    'streamableHttp',
  ])
  const older = await start(join(THIRD_PARTY, 'programs', 'sdk-1-server.mjs'), [])
  const passthrough = ['--transport', 'http', '--port', 'PORT', '--unsafe-disable-auth', '--enable-token-passthrough']
  const notion = await start(join(modules, '@notionhq/notion-mcp-server/bin/cli.mjs'), passthrough, {
    BASE_URL: emulator.url,
  })
  const whoami = { tool: 'whoami', arguments: {}, shows: (token: string) => `whoami as ${token}` }
  const tokens = await tokensOfTwoWorkspaces()
  const names = new Map(await Promise.all(tokens.map(async (token) => [token, await workspaceOf(token)] as const)))
  others.push(
    { name: 'newer', url: newer.url, tokens: ['newer-one', 'newer-two'], call: whoami },
    { name: 'older', url: `http://127.0.0.1:${older}/mcp`, tokens: ['older-one', 'older-two'], call: whoami },
    {
      name: 'everything',
      url: `http://127.0.0.1:${everything}/mcp`,
      tokens: ['any-one', 'any-two'],
      call: { tool: 'echo', arguments: { message: 'olá' }, shows: () => 'olá' },
    },
    {
      name: 'official',
      url: `http://127.0.0.1:${notion}/mcp`,
      tokens,
      call: { tool: 'API-get-self', arguments: {}, shows: (token) => names.get(token) ?? 'unknown' },
    },
  )
  database = await openTestDatabase('pglite')
  const hosts = others.map(({ url }) => new URL(url).host).join(',')
  await model.start()
  app = await createWholeApp(database, {
    CHAVEIRO_REMOTE_SERVER_HOSTS: hosts,
    OPENAI_COMPATIBLE_BASE_URL: `${model.url}/v1`,
    OPENAI_COMPATIBLE_MODELS: 'test-model',
    CHAVEIRO_DEFAULT_MODEL: 'compatible/test-model',
  })
})
afterAll(async () => {
  await app?.close()
  await database?.close()
  for (const child of children) child.kill('SIGKILL')
  await newer?.[Symbol.asyncDispose]()
  await model.stop()
  await emulator?.stop()
})

/** The first token of each workspace. */
async function tokensOfTwoWorkspaces(): Promise<readonly [string, string]> {
  const first = emulator.tokens[0] ?? ''
  const name = await workspaceOf(first)
  for (const token of emulator.tokens) if ((await workspaceOf(token)) !== name) return [first, token]
  throw new Error('The seed has one workspace.')
}

async function workspaceOf(token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, 'notion-version': '2025-09-03' }
  const me = (await (await fetch(`${emulator.url}/v1/users/me`, { headers })).json()) as {
    bot?: { workspace_name?: string }
  }
  return me.bot?.workspace_name ?? ''
}

async function send(user: TestUser, path: string, body: object, method = 'POST') {
  const answer = await app.request(method, path, { token: user.token, body })
  return { status: answer.status, body: answer.json() }
}

interface Owner {
  readonly user: TestUser
  readonly token: string
}

/** The users of each server, who connected it with tokens of their own. */
const owners = new Map<string, readonly Owner[]>()

async function connectBoth(other: Other): Promise<readonly Owner[]> {
  const known = owners.get(other.name)
  if (known !== undefined) return known
  const both: Owner[] = []
  for (const [at, token] of other.tokens.entries()) {
    const user = await app.signUp(`${other.name} ${at}`, `${other.name}${at}@example.com`)
    const connected = await send(user, '/api/mcp/servers', { url: other.url, label: other.name, token })
    expect(connected).toMatchObject({ status: 200 })
    // Some of them do not say that they only read.
    await send(user, `/api/tools/${toolOf(other)}/policy`, { decision: 'allow' }, 'PUT')
    both.push({ user, token })
  }
  owners.set(other.name, both)
  return both
}

const toolOf = ({ name, call }: Other) => `${name}_${call.tool}`

/** That it shows whose token it was, and nothing of the other's. */
function expectOwn({ call, tokens }: Other, token: string, text: string): void {
  expect(text).toContain(call.shows(token))
  const foreign = tokens.find((each) => each !== token) ?? ''
  if (call.shows(foreign) !== call.shows(token)) expect(text).not.toContain(call.shows(foreign))
}

/** One chat, in which the model calls the tool once and then says that it has. */
async function chat(user: TestUser, agentId: unknown, other: Other) {
  const message = `use ${toolOf(other)}`
  const { body } = await send(user, '/api/agents/chat', { agent_id: agentId, message })
  return { status: body['status'], calls: body['tool_calls'] as { name: string; status: string; result: unknown }[] }
}

describe('two users with tokens of their own', () => {
  const NAMES = ['newer', 'older', 'everything', 'official']
  const find = (name: string) => others.find((each) => each.name === name) as Other

  it.each(NAMES)('call the tools of a server: %s', async (name) => {
    const other = find(name)
    const both = await connectBoth(other)
    await Promise.all(
      [...both, ...both, ...both].map(async ({ user, token }) => {
        const direct = await send(user, `/api/tools/${toolOf(other)}/call`, { arguments: other.call.arguments })
        expect(direct.body).toMatchObject({ source: { kind: 'remote_server' } })
        expectOwn(other, token, String(direct.body['text']))
      }),
    )
  })

  it.each(NAMES)('use them through /mcp: %s', async (name) => {
    const other = find(name)
    for (const { user, token } of await connectBoth(other)) {
      const client = await connectMcpClient(app, { token: user.token, era: 'modern' })
      const { tools } = await client.listTools()
      expect(tools.map((tool) => tool.name)).toContain(toolOf(other))
      const result = await client.callTool({ name: toolOf(other), arguments: { ...other.call.arguments } })
      expectOwn(other, token, JSON.stringify(result.content))
      await client.close()
    }
  })

  it.each(NAMES)('have agents use them, one of them shared, each with the token of whoever asks: %s', async (name) => {
    const other = find(name)
    const both = await connectBoth(other)
    const tool = toolOf(other)
    const call = { name: tool, arguments: JSON.stringify(other.call.arguments) }
    model.on({ userMessage: `use ${tool}`, hasToolResult: false }, { toolCalls: [call] })
    model.on({ userMessage: `use ${tool}`, hasToolResult: true }, { content: 'It is done.' })
    const author = both[0]?.user as TestUser
    const agent = await send(author, '/api/agents', { name: `Of ${name}`, tools: [tool], shared: true })
    expect(agent.body).toMatchObject({ shared: true })
    // At the same time, so that one could take what is another's.
    await Promise.all(
      [...both, ...both].map(async ({ user, token }) => {
        const { calls } = await chat(user, agent.body['id'], other)
        expect(calls, JSON.stringify(calls)).toMatchObject([{ name: tool, status: 'succeeded' }])
        expectOwn(other, token, JSON.stringify(calls[0]?.result))
      }),
    )
  })

  it('have no use of the other’s server in a shared agent that names its tools', async () => {
    const other = find('newer')
    const both = await connectBoth(other)
    const agent = await send(both[0]?.user as TestUser, '/api/agents', {
      name: 'Only the author has it',
      tools: [toolOf(other)],
      shared: true,
    })
    const stranger = await app.signUp('Stranger', 'stranger@example.com')
    const before = newer.calls.length
    const { calls } = await chat(stranger, agent.body['id'], other)
    expect(calls?.some(({ status }) => status === 'succeeded') ?? false).toBe(false)
    expect(newer.calls).toHaveLength(before)
  })
})
