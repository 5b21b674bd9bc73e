import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtinSeed, createEmulator } from '../../notion-emulator/src/index.ts'
import { openPostgres } from '../../server/src/db/postgres.ts'
import { setUpDatabase } from '../../server/src/db/setup.ts'
import { generateApiToken, hashToken } from '../../server/src/identity/api-token.ts'
import { DEFAULT_TOKEN_SCOPES } from '../../server/src/kernel/principal.ts'
import { generateKeyText } from '../../server/src/vault/keys.ts'
import { freePort, startCluster } from '../../server/test/support/postgres-cluster.ts'

/** A server of its own process on a private PostgreSQL, next to the emulator, with users who hold API tokens. */
export interface Stage {
  readonly baseUrl: string
  /** One for each user. */
  readonly tokens: readonly string[]
  /** A Notion key for each user. */
  readonly notionKeys: readonly string[]
  readonly notionUrl: string
  /** Resident memory of the server's process, in megabytes. */
  readonly residentMegabytes: () => number
  readonly stop: () => Promise<void>
}

/** Seconds after which the server forgets a user who does nothing; short, so that the bench need not wait for minutes. */
const IDLE_SECONDS = 5
const START_ATTEMPTS = 200
const START_INTERVAL_MS = 100
const POOL_SIZE = 4
const PLENTY = '1000000'
const KILOBYTES_PER_MEGABYTE = 1_024

export async function startStage(users: number): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'chaveiro-bench-'))
  const cluster = await startCluster()
  const { databaseUrl } = await setUpDatabase(cluster.adminUrl, 'bench')
  const tokens = await addUsers(databaseUrl, users)
  const emulator = createEmulator({ seeds: builtinSeed('two-tenants') })
  const notion = await emulator.listen({ host: '127.0.0.1', port: 0 })
  const bot = emulator.control.installs()[0]
  if (bot === undefined) throw new Error('The seed has no integration')
  const notionKeys = tokens.map((_, index) => emulator.control.mintToken(bot.botId, `bench ${index}`))
  const port = await freePort()
  const server = startServer(directory, {
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    NOTION_API_URL: notion.url,
    MCP_ENCRYPTION_KEY: generateKeyText(),
  })
  const baseUrl = `http://127.0.0.1:${port}`
  await untilReady(baseUrl, server)
  return {
    baseUrl,
    tokens,
    notionKeys,
    notionUrl: notion.url,
    residentMegabytes: () => residentMegabytes(server.pid ?? 0),
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGTERM')
      await ended
      await notion.close()
      await cluster.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Straight into the tables: hashing a thousand passwords is not what is measured. */
async function addUsers(databaseUrl: string, count: number): Promise<string[]> {
  const database = await openPostgres({ url: databaseUrl, poolSize: POOL_SIZE, onError: () => {} })
  const tokens: string[] = []
  for (let index = 0; index < count; index += 1) {
    const email = `user${index}@bench.example`
    const user = await database.login
      .insertInto('users')
      .values({ name: email, email })
      .returning('id')
      .executeTakeFirstOrThrow()
    const token = generateApiToken()
    await database.asUser(user.id, (tx) =>
      tx
        .insertInto('api_tokens')
        .values({ user_id: user.id, name: 'bench', token_hash: hashToken(token), scopes: [...DEFAULT_TOKEN_SCOPES] })
        .execute(),
    )
    tokens.push(token)
  }
  await database.close()
  return tokens
}

function startServer(directory: string, settings: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ['server/src/main.ts'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      CHAVEIRO_DATA_DIR: directory,
      LOG_LEVEL: 'error',
      CHAVEIRO_CONNECTION_IDLE_SECONDS: String(IDLE_SECONDS),
      CHAVEIRO_REQUESTS_PER_MINUTE: PLENTY,
      CHAVEIRO_TOOL_CALLS_PER_MINUTE: PLENTY,
      CHAVEIRO_CONNECTS_PER_MINUTE: PLENTY,
      CHAVEIRO_CONCURRENT_TOOL_CALLS: '100',
      ...settings,
    },
  })
}

async function untilReady(baseUrl: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < START_ATTEMPTS && server.exitCode === null; attempt += 1) {
    const ready = await fetch(`${baseUrl}/readyz`).then(
      (response) => response.ok,
      () => false,
    )
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, START_INTERVAL_MS))
  }
  throw new Error('The server did not start')
}

/** VmRSS of /proc, so on Linux only. */
function residentMegabytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kilobytes) / KILOBYTES_PER_MEGABYTE)
}
