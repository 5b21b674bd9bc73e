import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { builtinSeed, createEmulator, type RunningServer } from '../../../notion-emulator/src/index.ts'
import { createClient } from '../../../sdk/src/index.ts'
import { runServerProcess, startServerProcess, type ServerProcess } from '../support/server-process.ts'
import { prepareDirectory } from '../support/prepared-directory.ts'
import { tenantKey } from '../support/whole-app.ts'

/** The server as a process: when it refuses to start, how it ends, and what it still knows after being killed. */

/** sysexits.h EX_CONFIG: a supervisor need not try again. */
const EXIT_CONFIGURATION = 78
const ANA = { name: 'Ana', email: 'ana@example.com', password: 'correct horse battery staple' }

const emulator = createEmulator({ seeds: [builtinSeed('two-tenants')].flat() })
let notion: RunningServer
let directory: string
let running: ServerProcess[]

beforeAll(async () => {
  notion = await emulator.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => notion.close())
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaveiro-process-'))
  running = []
})
afterEach(async () => {
  await Promise.all(running.map((server) => server.end('SIGKILL')))
  rmSync(directory, { recursive: true, force: true })
})

async function start(environment: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await startServerProcess(directory, { NOTION_API_URL: notion.url, ...environment })
  running.push(server)
  return server
}

describe('the server does not start', () => {
  it('with a database login that row-level security does not bind, and names the command that makes one', async () => {
    const { exitCode, stdout, stderr } = await runServerProcess(directory, { DATABASE_URL: inject('adminUrl') })
    expect(exitCode).toBe(EXIT_CONFIGURATION)
    expect(stderr).toContain('is a superuser')
    expect(stderr).toContain('npx chaveiro db setup --admin-url')
    expect(stdout).not.toContain('ready')
  })

  it('in production without a key, in words', async () => {
    const settings = { NODE_ENV: 'production', PUBLIC_URL: 'https://keys.example.com' }
    const { exitCode, stderr } = await runServerProcess(directory, settings)
    expect(exitCode).toBe(EXIT_CONFIGURATION)
    expect(stderr).toMatch(/^MCP_ENCRYPTION_KEY not set\n/)
    expect(stderr).not.toContain('    at ')
  })

  it('with settings that cannot be read, and lists all of them', async () => {
    const { exitCode, stderr } = await runServerProcess(directory, { PORT: 'x', LOG_LEVEL: 'loud' })
    expect(exitCode).toBe(EXIT_CONFIGURATION)
    expect(stderr).toContain('PORT must be')
    expect(stderr).toContain('LOG_LEVEL must be')
  })
})

describe('a data directory', () => {
  it('has one server', async () => {
    const first = await start()
    const second = await runServerProcess(directory)
    expect(second.exitCode).toBe(1)
    expect(second.stderr).toContain(`The data directory ${directory} is in use by process`)
    expect(second.stderr).not.toContain('    at ')
    expect((await fetch(`${first.url}/readyz`)).ok).toBe(true)
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('is free again after %s, which ends the server with 0', async (signal) => {
    prepareDirectory(directory)
    const server = await start()
    const lock = join(directory, 'chaveiro.lock')
    expect(existsSync(lock)).toBe(true)
    expect(await server.end(signal)).toBe(0)
    expect(existsSync(lock)).toBe(false)
  })

  it('keeps everything that was acknowledged before a kill', async () => {
    prepareDirectory(directory)
    const first = await start()
    const { token } = await createClient({ baseUrl: first.url }).auth.signUp(ANA)
    const before = createClient({ baseUrl: first.url, token })
    const apiKey = tenantKey(emulator, 'Estúdio Aurora')
    const connection = await before.connections.connect('notion', { api_key: apiKey })
    const agent = await before.agents.create({ name: 'Librarian', tools: ['notion_search_pages'] })
    expect(await first.end('SIGKILL')).toBe('SIGKILL')

    const second = await start()
    const after = createClient({ baseUrl: second.url, token })
    expect(await after.agents.get(agent.id)).toEqual(agent)
    const { connections } = await after.connections.list()
    expect(connections).toEqual([connection])
    const found = await after.tools.call('notion_search_pages', { query: 'Onboarding' })
    expect(found.connection.id).toBe(connection.connection_id)
    const owner = await after.me.get()
    expect(owner).toMatchObject({ email: ANA.email, role: 'owner' })
    expect(await after.admin.audit.verify()).toMatchObject({ intact: true })
  })
})
