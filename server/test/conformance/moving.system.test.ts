import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { builtinSeed, createEmulator, type RunningServer } from '../../../notion-emulator/src/index.ts'
import { createClient, type Client, type ExportedConnection } from '../../../sdk/src/index.ts'
import { generateKeyText } from '../../src/vault/keys.ts'
import { prepareDirectory } from '../support/prepared-directory.ts'
import { runChaveiro, startServerProcess, type ServerProcess } from '../support/server-process.ts'
import { tenantKey } from '../support/whole-app.ts'

/** A deployment on Python's `cryptography.fernet` moves in and out, by the commands of docs/moving-from-python.md. */

const PASSWORD = 'correct horse battery staple'
const emulator = createEmulator({ seeds: [builtinSeed('two-tenants')].flat() })
const directory = mkdtempSync(join(tmpdir(), 'chaveiro-moving-'))
const newKey = generateKeyText()

let oldKey: string
let notion: RunningServer
let server: ServerProcess
let owner: Client
let ana: Client
let environment: Record<string, string>

/** Runs a script that reads `given` and leaves its answer in `answer`. */
async function python(script: string, given: unknown): Promise<unknown> {
  const program = `
import json, sys
from cryptography.fernet import Fernet
given = json.load(sys.stdin)
${script}
json.dump(answer, sys.stdout)
`
  const running = promisify(execFile)('python3', ['-c', program])
  running.child.stdin?.end(JSON.stringify(given))
  return JSON.parse((await running).stdout)
}

async function sealedByPython(key: string, credential: object): Promise<unknown> {
  const script = "answer = Fernet(given['key']).encrypt(json.dumps(given['credential']).encode()).decode()"
  return python(script, { key, credential })
}

async function openedByPython(key: string, token: string): Promise<unknown> {
  return python("answer = json.loads(Fernet(given['key']).decrypt(given['token'].encode()))", { key, token })
}

async function signUp(name: string, email: string): Promise<string> {
  return (await createClient({ baseUrl: server.url }).auth.signUp({ name, email, password: PASSWORD })).token
}

beforeAll(async () => {
  const found = spawnSync('python3', ['-c', 'import cryptography.fernet'])
  if (found.status !== 0) throw new Error('Install python3 with cryptography: apt-get install python3-cryptography')
  oldKey = String(await python('answer = Fernet.generate_key().decode()', null))
  notion = await emulator.listen({ host: '127.0.0.1', port: 0 })
  server = await startServerProcess(prepareDirectory(directory), {
    NOTION_API_URL: notion.url,
    MCP_ENCRYPTION_KEY: `${newKey},${oldKey}`,
  })
  owner = createClient({ baseUrl: server.url, token: await signUp('Owner', 'owner@example.com') })
  ana = createClient({ baseUrl: server.url, token: await signUp('Ana', 'ana@aurora.example') })
  const { token } = await owner.tokens.create({ name: 'moving', scopes: ['admin'] })
  environment = { CHAVEIRO_URL: server.url, CHAVEIRO_TOKEN: token }
})
afterAll(async () => {
  await server.end('SIGKILL')
  await notion.close()
  rmSync(directory, { recursive: true, force: true })
})

it('a row that Python sealed works for its user, and for nobody else', async () => {
  const apiKey = tenantKey(emulator, 'Estúdio Aurora')
  const rows = [
    {
      id: 31,
      user_id: 17,
      provider: 'notion',
      encrypted_credentials: await sealedByPython(oldKey, { api_key: apiKey }),
      is_active: true,
      connected_at: '2025-01-31T12:00:00.123456',
      last_used_at: null,
      expires_at: null,
      metadata: { workspace_name: 'Estúdio Aurora' },
    },
    {
      user_id: 18,
      provider: 'notion',
      encrypted_credentials: await sealedByPython(generateKeyText(), { api_key: 'x' }),
    },
  ]
  const file = join(directory, 'rows.jsonl')
  const users = join(directory, 'users.json')
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'))
  writeFileSync(users, JSON.stringify({ 17: 'ana@aurora.example', 18: 'owner@example.com' }))
  const imported = await runChaveiro(['connections', 'import', '--file', file, '--users', users], { environment })
  expect(imported.exitCode).toBe(1)
  expect(imported.stdout).toMatch(/1 +ana@aurora\.example +notion +imported/)
  expect(imported.stdout).toMatch(/2 +owner@example\.com +notion +refused .*Add the old key/)

  const found = await ana.tools.call('notion_search_pages', { query: 'Onboarding' })
  expect(found.result).toMatchObject({ results: expect.arrayContaining([expect.objectContaining({ object: 'page' })]) })
  const { connections } = await ana.connections.list()
  expect(connections).toEqual([expect.objectContaining({ connected_at: '2025-01-31T12:00:00.123Z', is_default: true })])
  await expect(owner.tools.call('notion_search_pages', { query: 'x' })).rejects.toMatchObject({ code: 'not_connected' })
})

it('a row that moves out opens in Python with Fernet(key), and only with the key that it names', async () => {
  const file = join(directory, 'out.jsonl')
  expect(await runChaveiro(['connections', 'export', '--file', file], { environment })).toMatchObject({ exitCode: 0 })
  const [row] = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ExportedConnection)
  const token = row?.encrypted_credentials ?? ''
  expect(await openedByPython(newKey, token)).toEqual({ api_key: expect.stringMatching(/^ntn_/) as string })
  await expect(openedByPython(oldKey, token)).rejects.toThrow('InvalidToken')
  const state = await owner.admin.keys.get()
  expect(row).toMatchObject({ user_email: 'ana@aurora.example', key_id: state.primary })
})
