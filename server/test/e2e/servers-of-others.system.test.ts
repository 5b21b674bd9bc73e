import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveEmulator, type ServedEmulator } from '../../../notion-emulator/test/support/served.ts'
import { ensureThirdParty, THIRD_PARTY } from '../../../scripts/third-party.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { connectMcpClient } from '../support/mcp-client.ts'
import { startRemoteServer, type RemoteServer } from '../support/remote-tool-server.ts'
import { createWholeApp, type TestUser, type WholeApp } from '../support/whole-app.ts'

/**
 * Servers that nobody here wrote, each connected by two users with tokens of their own: by the protocol's older and newer
 * libraries, its reference server, and a provider's own. Their tools are used directly and through `/mcp`.
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
  app = await createWholeApp(database, { CHAVEIRO_REMOTE_SERVER_HOSTS: hosts })
})
afterAll(async () => {
  await app?.close()
  await database?.close()
  for (const child of children) child.kill('SIGKILL')
  await newer?.[Symbol.asyncDispose]()
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

async function send(user: TestUser, path: string, body: object) {
  const answer = await app.request('POST', path, { token: user.token, body })
  return { status: answer.status, body: answer.json() }
}

describe('two users with tokens of their own', () => {
  it.each(['newer', 'older', 'everything', 'official'])('use the tools of a server: %s', async (name) => {
    const other = others.find((each) => each.name === name) as Other
    const users = await Promise.all(
      other.tokens.map(async (token, at) => {
        const user = await app.signUp(`${name} ${at}`, `${name}${at}@example.com`)
        const connected = await send(user, '/api/mcp/servers', { url: other.url, label: name, token })
        expect(connected).toMatchObject({ status: 200 })
        return { user, token }
      }),
    )
    const calls = users.flatMap(({ user, token }) => [0, 1, 2].map(() => ({ user, token })))
    await Promise.all(
      calls.map(async ({ user, token }) => {
        const tool = `${name}_${other.call.tool}`
        const direct = await send(user, `/api/tools/${tool}/call`, { arguments: other.call.arguments })
        expect(direct.body).toMatchObject({ source: { kind: 'remote_server' } })
        const foreign = other.tokens.find((each) => each !== token) ?? ''
        expect(direct.body['text']).toContain(other.call.shows(token))
        if (other.call.shows(foreign) !== other.call.shows(token)) {
          expect(direct.body['text']).not.toContain(other.call.shows(foreign))
        }
      }),
    )
    for (const { user, token } of users) {
      const client = await connectMcpClient(app, { token: user.token, era: 'modern' })
      const { tools } = await client.listTools()
      expect(tools.map((tool) => tool.name)).toContain(`${name}_${other.call.tool}`)
      await app.request('PUT', `/api/tools/${name}_${other.call.tool}/policy`, {
        token: user.token,
        body: { decision: 'allow' },
      })
      const result = await client.callTool({
        name: `${name}_${other.call.tool}`,
        arguments: { ...other.call.arguments },
      })
      expect(JSON.stringify(result.content)).toContain(other.call.shows(token))
      await client.close()
    }
  })
})
