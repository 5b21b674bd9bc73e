import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startUpstream } from '../../../scripts/bench/upstream.ts'
import { createClient } from '../../../sdk/src/index.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { legacyCaller, modernCaller, type CanaryCaller, type Listening } from '../support/canary-caller.ts'
import { copyPostgresDatabase } from '../support/database.ts'
import { startServerProcess, type ServerProcess } from '../support/server-process.ts'
import { prepareDirectory } from '../support/prepared-directory.ts'
import { addTokenUser } from '../support/token-user.ts'

/**
 * A hundred users at once, each with a client of both eras, who all count their messages from one, before a provider that
 * answers late and out of order: no answer, no progress and no news reaches anybody else.
 */

const USERS = 100
/** A sample; `CANARY_CALLS=100000` is the whole. */
const CALLS = Number(process.env['CANARY_CALLS'] ?? 4_000)
const ERAS = 2
const CALLS_OF_ONE = Math.ceil(CALLS / (USERS * ERAS))
/** Every such call of a client reports progress. */
const PROGRESS_EVERY = 5
/** Those whose tools change under way. */
const CHANGED_USERS = new Set([0, 17, 99])
/** Milliseconds of the provider's slowest answer. */
const SLOWEST_MS = 40
const PLENTY = '10000000'
/** Milliseconds for the whole number of calls, on a busy machine. */
const PATIENCE_MS = 1_800_000

interface Tenant {
  readonly token: string
  readonly callers: readonly CanaryCaller[]
}

let upstream: Awaited<ReturnType<typeof startUpstream>>
let database: Awaited<ReturnType<typeof copyPostgresDatabase>>
let directory: string
let server: ServerProcess
let tenants: readonly Tenant[]

beforeAll(async () => {
  upstream = await startUpstream(() => Math.random() * SLOWEST_MS)
  database = await copyPostgresDatabase()
  directory = prepareDirectory(mkdtempSync(join(tmpdir(), 'chaveiro-canaries-')))
  server = await startServerProcess(directory, {
    DATABASE_URL: database.databaseUrl,
    NOTION_API_URL: upstream.url,
    LOG_LEVEL: 'warn',
    CHAVEIRO_CONFORMANCE: '1', // for a tool that reports its progress
    CHAVEIRO_REQUESTS_PER_MINUTE: PLENTY,
    CHAVEIRO_TOOL_CALLS_PER_MINUTE: PLENTY,
  })
  const tokens = await addUsers(database.databaseUrl)
  tenants = await Promise.all(tokens.map(settle))
})
afterAll(async () => {
  await server?.end('SIGTERM')
  await database?.drop()
  await upstream?.stop()
  rmSync(directory, { recursive: true, force: true })
})

/** Straight into the tables: hashing a hundred passwords proves nothing here. */
async function addUsers(url: string): Promise<string[]> {
  const opened = await openPostgres({ url, poolSize: 4, onError: () => {} })
  const tokens: string[] = []
  for (let user = 0; user < USERS; user += 1) {
    const { token } = await addTokenUser(opened, `user${user}@example.com`)
    tokens.push(token)
  }
  await opened.close()
  return tokens
}

async function settle(token: string, user: number): Promise<Tenant> {
  await createClient({ baseUrl: server.url, token }).connections.connect('notion', { api_key: upstream.keyOf(user) })
  const caller = { url: `${server.url}/mcp`, token, user }
  return { token, callers: [modernCaller(caller), await legacyCaller(caller)] }
}

async function callOften(caller: CanaryCaller): Promise<void> {
  for (let id = 1; id <= CALLS_OF_ONE; id += 1) {
    await (id % PROGRESS_EVERY === 0 ? caller.callWithProgress(id) : caller.search(id))
  }
}

async function changeTools({ token }: Tenant): Promise<void> {
  const client = createClient({ baseUrl: server.url, token })
  await client.tools.setPolicy('notion_delete_block', 'deny')
}

describe('a hundred users of both eras with the same ids', () => {
  it(
    `see nothing but their own in ${CALLS_OF_ONE * USERS * ERAS} calls, and hear of their own changes alone`,
    async () => {
      const streams = await Promise.all(tenants.map(({ callers }) => Promise.all(callers.map((each) => each.listen()))))
      const calls = Promise.allSettled(tenants.flatMap(({ callers }) => callers.map(callOften)))
      await Promise.all([...CHANGED_USERS].map((user) => changeTools(tenants[user] as Tenant)))
      const wrong = (await calls).flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []))
      expect(wrong).toEqual([])
      await expectNews(streams)
      expect(server.output()).not.toMatch(/"level":"(?:error|fatal)"/)
    },
    PATIENCE_MS,
  )
})

/** Those whose tools changed heard of it in both eras, the others of nothing. */
async function expectNews(streams: readonly (readonly Listening[])[]): Promise<void> {
  const heard = () => streams.flatMap((each, user) => (each.every(({ changes }) => changes() > 0) ? [user] : []))
  await vi.waitFor(() => expect(heard()).toEqual([...CHANGED_USERS]), { timeout: 10_000 })
  const told = streams.flatMap((each, user) => (each.some(({ changes }) => changes() > 0) ? [user] : []))
  expect(told).toEqual([...CHANGED_USERS])
  await Promise.all(streams.flat().map((stream) => stream.close()))
}
