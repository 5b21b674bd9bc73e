import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtinSeed, createEmulator, type RunningServer } from '../../notion-emulator/src/index.ts'
import { createClient, type Client } from '../../sdk/src/index.ts'
import { startCluster, type Cluster } from '../../server/test/support/postgres-cluster.ts'
import {
  ROOT,
  runChaveiro,
  startServerProcess,
  type EndedProcess,
  type ServerProcess,
} from '../../server/test/support/server-process.ts'
import { tenantKey } from '../../server/test/support/whole-app.ts'
import { prepareDirectory } from '../../server/test/support/prepared-directory.ts'

/** The real program against a real server. */

const ANA = { name: 'Ana', email: 'ana@example.com', password: 'correct horse battery staple' }
const CREDENTIALS = { email: ANA.email, password: ANA.password }
const EXIT = { done: 0, refused: 1, notPermitted: 77, configuration: 78 }

const directories: string[] = []

function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'chaveiro-cli-'))
  directories.push(directory)
  return directory
}

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

describe('without a server', () => {
  it('npx finds the program in a clone', () => {
    const printed = execFileSync('npx', ['--no-install', 'chaveiro', '--version'], { cwd: ROOT, encoding: 'utf8' })
    expect(printed).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('doctor looks at an installation that is right', async () => {
    const environment = { CHAVEIRO_DATA_DIR: freshDirectory() }
    const shown = await runChaveiro(['doctor'], { environment })
    expect(shown).toMatchObject({ exitCode: EXIT.done, stderr: '' })
    expect(shown.stdout).toContain('✓ Database: the embedded one')
    const { stdout } = await runChaveiro(['doctor', '--json'], { environment })
    const { findings } = JSON.parse(stdout) as { findings: { level: string; subject: string }[] }
    expect(findings.filter(({ level }) => level === 'problem')).toEqual([])
    expect(findings.map(({ subject }) => subject)).toEqual(expect.arrayContaining(['Settings', 'Database', 'Keys']))
  })

  it('doctor looks at one that is wrong, and its exit code says so', async () => {
    const environment = {
      CHAVEIRO_DATA_DIR: freshDirectory(),
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://keys.example.com',
    }
    const { exitCode, stdout } = await runChaveiro(['doctor'], { environment })
    expect(exitCode).toBe(EXIT.configuration)
    expect(stdout).toContain('✗ Keys: MCP_ENCRYPTION_KEY not set')
  })

  it('db migrate asks for the owner’s login', async () => {
    const { exitCode, stderr } = await runChaveiro(['db', 'migrate'])
    expect(exitCode).toBe(EXIT.configuration)
    expect(stderr).toContain('DATABASE_OWNER_URL is not set')
  })
})

describe('with a server on the embedded database', () => {
  const emulator = createEmulator({ seeds: [builtinSeed('two-tenants')].flat() })
  const directory = freshDirectory()
  let notion: RunningServer
  let server: ServerProcess
  let session: Client
  let firstSession: string
  let environment: Record<string, string>
  let oldKey: string
  let newKey: string

  async function startWith(keys: string): Promise<void> {
    server = await startServerProcess(directory, { NOTION_API_URL: notion.url, MCP_ENCRYPTION_KEY: keys })
    environment = { ...environment, CHAVEIRO_URL: server.url }
  }

  function chaveiro(...line: string[]): Promise<EndedProcess> {
    return runChaveiro(line, { environment })
  }

  function clientWith(token: string): Client {
    return createClient({ baseUrl: server.url, token })
  }

  beforeAll(async () => {
    notion = await emulator.listen({ host: '127.0.0.1', port: 0 })
    environment = {}
    oldKey = (await runChaveiro(['keys', 'generate'])).stdout.trim()
    newKey = (await runChaveiro(['keygen'])).stdout.trim()
    prepareDirectory(directory)
    await startWith(oldKey)
    firstSession = (await createClient({ baseUrl: server.url }).auth.signUp(ANA)).token
    session = clientWith(firstSession)
  })
  afterAll(async () => {
    await server.end('SIGKILL')
    await notion.close()
  })

  it('keys generate makes keys as Python does', () => {
    for (const key of [oldKey, newKey]) expect(key).toMatch(/^[\w-]{43}=$/)
    expect(oldKey).not.toBe(newKey)
  })

  it('tokens create signs in, and prints the token alone', async () => {
    const refused = await runChaveiro(['tokens', 'create', '--email', ANA.email], { environment, input: 'wrong\n' })
    expect(refused).toMatchObject({ exitCode: EXIT.notPermitted, stdout: '' })
    expect(refused.stderr).toContain('[invalid_credentials')
    const line = ['tokens', 'create', '--email', ANA.email, '--scopes', 'admin,account,tools:read,connections:write']
    const { exitCode, stdout } = await runChaveiro(line, { environment, input: `${ANA.password}\n` })
    expect(exitCode).toBe(EXIT.done)
    expect(stdout).toMatch(/^chv_\S+\n$/)
    environment['CHAVEIRO_TOKEN'] = stdout.trim()
    const narrow = (await chaveiro('tokens', 'create', '--scopes', 'tools:read', '--days', '1')).stdout.trim()
    const denied = await runChaveiro(['users', 'list'], { environment: { ...environment, CHAVEIRO_TOKEN: narrow } })
    expect(denied.exitCode).toBe(EXIT.notPermitted)
    expect(denied.stderr).toContain('[insufficient_scope')
  })

  it('users create and list', async () => {
    const created = await chaveiro('users', 'create', '--email', 'bia@example.com', '--name', 'Bia')
    const password = created.stdout.trim()
    const signedIn = await createClient({ baseUrl: server.url }).auth.signIn({ email: 'bia@example.com', password })
    expect(signedIn.user).toMatchObject({ name: 'Bia', role: 'user' })
    const { stdout } = await chaveiro('users', 'list')
    expect(stdout).toMatch(/ana@example\.com +Ana +owner +active/)
    expect(stdout).toMatch(/bia@example\.com +Bia +user +active/)
    const twice = await chaveiro('users', 'create', '--email', 'bia@example.com', '--name', 'Bia')
    expect(twice).toMatchObject({ exitCode: EXIT.refused, stdout: '' })
    expect(twice.stderr).toContain('[conflict')
    expect(twice.stderr).not.toContain('    at ')
  })

  it('connections go out and come in again', async () => {
    await session.connections.connect('notion', { api_key: tenantKey(emulator, 'Estúdio Aurora'), label: 'Work' })
    const file = join(directory, 'connections.jsonl')
    expect(await chaveiro('connections', 'export', '--file', file)).toMatchObject({ exitCode: EXIT.done, stdout: '' })
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([expect.objectContaining({ label: 'Work' })])

    const there = await chaveiro('connections', 'import', '--file', file)
    expect([there.exitCode, there.stdout]).toEqual([EXIT.done, expect.stringContaining('exists')])
    await session.connections.disconnect('notion')
    const back = await chaveiro('connections', 'import', '--file', file)
    expect([back.exitCode, back.stdout]).toEqual([
      EXIT.done,
      expect.stringMatching(/1 +ana@example\.com +notion +imported/),
    ])
    const found = await session.tools.call('notion_search_pages', { query: 'Onboarding' })
    expect(found.connection.label).toBe('Work')

    const foreign = join(directory, 'foreign.json')
    writeFileSync(foreign, JSON.stringify([{ ...JSON.parse(lines[0] ?? ''), user_email: 'nobody@example.com' }]))
    const refused = await chaveiro('connections', 'import', '--file', foreign)
    expect([refused.exitCode, refused.stdout]).toEqual([
      EXIT.refused,
      expect.stringContaining('no user with this e-mail'),
    ])
  })

  it('audit verify holds against an earlier head, and not against another', async () => {
    const head = (await chaveiro('audit', 'verify')).stdout.trim()
    expect(head).toMatch(/^\d+:[0-9a-f]{64}$/)
    expect(await chaveiro('audit', 'verify', '--noted', head)).toMatchObject({ exitCode: EXIT.done })
    const other = head.replace(/:.*/, `:${'0'.repeat(64)}`)
    const broken = await chaveiro('audit', 'verify', '--noted', other)
    expect(broken).toMatchObject({ exitCode: EXIT.refused, stdout: '' })
    expect(broken.stderr).toContain('is not the one noted earlier')
  })

  it('keys rotate while the server works, and the old key can go', async () => {
    expect((await chaveiro('keys', 'status')).stderr).toContain('Nothing to do')
    expect(await server.end('SIGTERM')).toBe(0)
    await startWith(`${newKey},${oldKey}`)
    // Sessions are signed with the first key; API tokens are not.
    const { token: secondSession } = await createClient({ baseUrl: server.url }).auth.signIn(CREDENTIALS)
    expect(await clientWith(secondSession).me.get()).toMatchObject({ via: 'session' })
    await expect(clientWith(firstSession).me.get()).rejects.toMatchObject({ status: 401 })
    const before = await chaveiro('keys', 'status')
    expect([before.stderr, before.stdout]).toEqual([
      'Next: chaveiro keys rotate\n',
      expect.stringMatching(/listed +2\n?/),
    ])
    // The connection, and the key that signs access tokens.
    const rotated = await chaveiro('keys', 'rotate')
    expect(rotated).toMatchObject({ exitCode: EXIT.done, stdout: '2 sealed again, 0 remaining, 0 unreadable.\n' })
    expect(rotated.stderr).toContain('Take it out of MCP_ENCRYPTION_KEY')

    expect(await server.end('SIGTERM')).toBe(0)
    await startWith(newKey)
    const token = environment['CHAVEIRO_TOKEN'] ?? ''
    const found = await clientWith(token).tools.call('notion_search_pages', { query: 'Onboarding' })
    expect(found.connection.label).toBe('Work')
    expect((await chaveiro('keys', 'status')).stderr).toContain('Nothing to do')
  })

  it('without its key the server refuses to start, and doctor says why', async () => {
    expect(await server.end('SIGTERM')).toBe(0)
    await expect(startWith(oldKey)).rejects.toThrow(/ended with 78/)
    const wrong = { CHAVEIRO_DATA_DIR: directory, MCP_ENCRYPTION_KEY: oldKey }
    const { exitCode, stdout } = await runChaveiro(['doctor'], { environment: wrong })
    expect([exitCode, stdout]).toEqual([EXIT.configuration, expect.stringContaining('✗ Keys')])
    await startWith(newKey)
  })
})

describe('with PostgreSQL', () => {
  let cluster: Cluster

  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster.stop())

  function settingsOf({ stdout }: EndedProcess): Record<string, string> {
    return Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    )
  }

  it('db setup makes what the server starts with; running it again keeps the data', async () => {
    const name = `chaveiro_cli_${process.pid}`
    const line = ['db', 'setup', '--admin-url', cluster.adminUrl, '--database', name]
    const setup = await runChaveiro(line)
    expect(setup.exitCode).toBe(EXIT.done)
    const settings = settingsOf(setup)
    expect(Object.keys(settings)).toEqual(['DATABASE_URL', 'DATABASE_OWNER_URL'])

    const key = (await runChaveiro(['keygen'])).stdout.trim()
    const server = await startServerProcess(freshDirectory(), { ...settings, MCP_ENCRYPTION_KEY: key })
    await createClient({ baseUrl: server.url }).auth.signUp(ANA)
    expect(await server.end('SIGTERM')).toBe(0)

    const again = settingsOf(await runChaveiro(line))
    expect(again['DATABASE_URL']).not.toBe(settings['DATABASE_URL'])
    const migrated = await runChaveiro(['db', 'migrate'], { environment: again })
    expect(migrated).toMatchObject({ exitCode: EXIT.done, stdout: 'The schema is up to date.\n' })
    // A server needs the login alone; the owner's stays with whoever migrates.
    const login = { DATABASE_URL: again['DATABASE_URL'] ?? '', MCP_ENCRYPTION_KEY: key }
    const second = await startServerProcess(freshDirectory(), login)
    expect((await createClient({ baseUrl: second.url }).auth.signIn(CREDENTIALS)).user.role).toBe('owner')
    expect(await second.end('SIGTERM')).toBe(0)
  })

  it('db setup names what it needs, without a stack', async () => {
    const { port } = new URL(cluster.adminUrl)
    const line = ['db', 'setup', '--admin-url', `postgres://nobody@127.0.0.1:${port}/postgres`]
    const { exitCode, stderr, stdout } = await runChaveiro(line)
    expect([exitCode, stdout]).toEqual([EXIT.refused, ''])
    expect(stderr).toContain('nobody')
    expect(stderr).not.toContain('    at ')
  })
})
