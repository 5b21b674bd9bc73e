import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPostgres } from '../../server/src/db/postgres.ts'
import { setUpDatabase } from '../../server/src/db/setup.ts'
import { generateApiToken, hashToken } from '../../server/src/identity/api-token.ts'
import { DEFAULT_TOKEN_SCOPES } from '../../server/src/kernel/principal.ts'
import { generateKeyText } from '../../server/src/vault/keys.ts'
import { openHttpDoor, type HttpDoor } from '../../server/test/support/http-door.ts'
import { freePort, startCluster } from '../../server/test/support/postgres-cluster.ts'
import { SERVER_ENVIRONMENT, SERVER_FLAGS } from '../server-flags.mjs'
import type { User } from './callers.ts'
import { keepToLoadCore, onMeasuredCore } from './cores.ts'
import { startUpstream } from './upstream.ts'

/** What is measured, each in a process of its own, on a private PostgreSQL; load and upstream are in this process. */
export interface Stage {
  /** Whether what is measured has a core of its own. */
  readonly isPinned: boolean
  readonly users: readonly User[]
  readonly upstreamUrl: string
  readonly upstream: HttpDoor
  readonly server: HttpDoor
  readonly serverProcess: number
  /** {@link file://../../server/test/support/floor-process.ts} */
  readonly floor: HttpDoor
  readonly floorProcess: number
  readonly stop: () => Promise<void>
}

/** Seconds after which the server forgets a user who does nothing; short, so that the bench need not wait for minutes. */
const IDLE_SECONDS = 5
const START_ATTEMPTS = 200
const START_INTERVAL_MS = 100
const POOL_SIZE = 4
const PLENTY = '100000000'

export async function startStage(count: number): Promise<Stage> {
  const isPinned = keepToLoadCore()
  const directory = mkdtempSync(join(tmpdir(), 'chaveiro-bench-'))
  const cluster = await startCluster()
  const { databaseUrl } = await setUpDatabase(cluster.adminUrl, 'bench')
  const upstream = await startUpstream()
  const tokens = await addUsers(databaseUrl, count)
  const [port, floorPort] = [await freePort(), await freePort()]
  const settings = {
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    NOTION_API_URL: upstream.url,
    MCP_ENCRYPTION_KEY: generateKeyText(),
  }
  await startAndEnd(directory, settings)
  const server = startServer(directory, settings)
  const floor = start(['server/test/support/floor-process.ts', String(floorPort), upstream.url], {})
  await untilAnswers(`http://127.0.0.1:${port}/readyz`, server)
  await untilAnswers(`http://127.0.0.1:${floorPort}/`, floor)
  const doors = [upstream.url, `http://127.0.0.1:${port}`, `http://127.0.0.1:${floorPort}`].map(openHttpDoor)
  return {
    isPinned,
    users: tokens.map((token, index) => ({ index, token, notionKey: upstream.keyOf(index) })),
    upstreamUrl: upstream.url,
    upstream: doors[0] as HttpDoor,
    server: doors[1] as HttpDoor,
    serverProcess: server.pid ?? 0,
    floor: doors[2] as HttpDoor,
    floorProcess: floor.pid ?? 0,
    async stop() {
      await Promise.all(doors.map((door) => door.close()))
      await Promise.all([end(server), end(floor)])
      await upstream.stop()
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

/** Every start but the first finds its program compiled, and the first one leaves it so. */
async function startAndEnd(directory: string, settings: Record<string, string>): Promise<void> {
  const server = startServer(directory, settings)
  await untilAnswers(`http://127.0.0.1:${settings['PORT']}/readyz`, server)
  await end(server)
}

function startServer(directory: string, settings: Record<string, string>): ChildProcess {
  return start([...SERVER_FLAGS, 'server/src/main.ts'], {
    CHAVEIRO_DATA_DIR: directory,
    LOG_LEVEL: process.env['BENCH_LOG_LEVEL'] ?? 'info',
    CHAVEIRO_CONNECTION_IDLE_SECONDS: String(IDLE_SECONDS),
    CHAVEIRO_REQUESTS_PER_MINUTE: PLENTY,
    CHAVEIRO_TOOL_CALLS_PER_MINUTE: PLENTY,
    CHAVEIRO_CONNECTS_PER_MINUTE: PLENTY,
    CHAVEIRO_CONCURRENT_TOOL_CALLS: '100',
    ...settings,
  })
}

function start(program: readonly string[], settings: Record<string, string>): ChildProcess {
  const options = process.env['BENCH_NODE_OPTIONS']?.split(' ') ?? []
  return spawn(...onMeasuredCore(process.execPath, [...options, ...program]), {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: process.env['PATH'], ...COMPILED, ...SERVER_ENVIRONMENT, ...settings },
  })
}

/** Where `npm start` keeps what the runtime has compiled, too. */
const { NODE_COMPILE_CACHE } = process.env
const COMPILED = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }

function end(child: ChildProcess): Promise<unknown> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  return ended
}

async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < START_ATTEMPTS && child.exitCode === null; attempt += 1) {
    const answered = await fetch(url).then(
      () => true,
      () => false,
    )
    if (answered) return
    await new Promise((resolve) => setTimeout(resolve, START_INTERVAL_MS))
  }
  throw new Error(`${url} did not answer`)
}
