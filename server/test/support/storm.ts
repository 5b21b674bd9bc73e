import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPostgres } from '../../src/db/postgres.ts'
import type { Database } from '../../src/db/database.ts'
import { generateApiToken, hashToken } from '../../src/identity/api-token.ts'
import { DEFAULT_TOKEN_SCOPES } from '../../src/kernel/principal.ts'
import { generateKeyText, parseKeys } from '../../src/vault/keys.ts'
import { createVault } from '../../src/vault/seal.ts'
import { openDatabaseCut, type DatabaseCut } from './database-cut.ts'
import { insertOAuthConnection } from './oauth-connection.ts'
import { startRotatingProvider, type RotatingProvider } from './rotating-provider.ts'
import { startServerProcess, type ServerProcess } from './server-process.ts'

/** Two real server processes on one PostgreSQL, and a provider whose tokens rotate: what a storm needs. */
export interface StormStage {
  readonly provider: RotatingProvider
  readonly databaseCut: DatabaseCut
  /** What became of a call: `ok`, or the code of its problem. */
  readonly call: (server: number) => Promise<string>
  /** That many calls at once, over both servers: outcome → how many. */
  readonly callAll: (count: number) => Promise<Readonly<Record<string, number>>>
  readonly kill: (server: number) => Promise<void>
  readonly restart: (server: number) => Promise<void>
  /** The state of the connection as the user sees it in the database. */
  readonly status: () => Promise<string>
  readonly eventsOf: (type: string) => Promise<number>
  readonly close: () => Promise<void>
}

const PLENTY = '1000000'
const POOL_SIZE = 4
const SERVERS = 2
/** Milliseconds that the token has ended for when the storm begins. */
const ENDED_MS = 1_000

/** @param databaseUrl of a migrated, empty database; the caller drops it */
export async function openStormStage(databaseUrl: string): Promise<StormStage> {
  const directory = mkdtempSync(join(tmpdir(), 'chaveiro-storm-'))
  const key = generateKeyText()
  const provider = await startRotatingProvider()
  const databaseCut = await openDatabaseCut(databaseUrl)
  const database = await openPostgres({ url: databaseUrl, poolSize: POOL_SIZE, onError: () => {} })
  const { userId, token } = await addUser(database, { key, provider })
  const start = (server: number) => {
    const own = join(directory, String(server))
    mkdirSync(own, { recursive: true })
    return startServerProcess(own, {
      DATABASE_URL: databaseCut.url,
      NOTION_API_URL: provider.url,
      NOTION_CLIENT_ID: 'storm',
      NOTION_CLIENT_SECRET: 'storm-secret',
      MCP_ENCRYPTION_KEY: key,
      LOG_LEVEL: 'error',
      CHAVEIRO_REQUESTS_PER_MINUTE: PLENTY,
      CHAVEIRO_TOOL_CALLS_PER_MINUTE: PLENTY,
      CHAVEIRO_CONCURRENT_TOOL_CALLS: PLENTY,
    })
  }
  const servers: ServerProcess[] = await Promise.all(Array.from({ length: SERVERS }, (_, server) => start(server)))
  const call = (server: number) => callServer(servers[server % SERVERS]?.url ?? '', token)
  return {
    provider,
    databaseCut,
    call,
    async callAll(count) {
      const outcomes = await Promise.all(Array.from({ length: count }, (_, server) => call(server)))
      return Object.fromEntries(
        [...new Set(outcomes)].map((outcome) => [outcome, outcomes.filter((each) => each === outcome).length]),
      )
    },
    async kill(server) {
      await servers[server]?.end('SIGKILL')
    },
    async restart(server) {
      servers[server] = await start(server)
    },
    async status() {
      const rows = await database.asUser(userId, (tx) => tx.selectFrom('mcp_connections').select('status').execute())
      return rows[0]?.status ?? 'gone'
    },
    async eventsOf(type) {
      const rows = await database.asUser(userId, (tx) =>
        tx.selectFrom('audit_events').select('id').where('type', '=', type).execute(),
      )
      return rows.length
    },
    async close() {
      await Promise.all(servers.map((server) => server.end('SIGKILL')))
      await database.close()
      await databaseCut.close()
      await provider.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function addUser(
  database: Database,
  { key, provider }: { readonly key: string; readonly provider: RotatingProvider },
): Promise<{ userId: number; token: string }> {
  const user = await database.login
    .insertInto('users')
    .values({ name: 'Ana', email: 'ana@storm.example' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const token = generateApiToken()
  await database.asUser(user.id, (tx) =>
    tx
      .insertInto('api_tokens')
      .values({ user_id: user.id, name: 'storm', token_hash: hashToken(token), scopes: [...DEFAULT_TOKEN_SCOPES] })
      .execute(),
  )
  const keys = parseKeys(key)
  if (!keys.ok) throw new Error('A generated key must parse')
  const now = new Date()
  const credential = { ...provider.current(), expires_at: new Date(now.getTime() - ENDED_MS).toISOString() }
  const deps = { database, vault: createVault(keys.keys) }
  await insertOAuthConnection(deps, { userId: user.id, provider: 'notion', credential, now })
  return { userId: user.id, token }
}

async function callServer(url: string, token: string): Promise<string> {
  const response = await fetch(`${url}/api/tools/notion_list_users/call`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"arguments":{}}',
  }).catch(() => null)
  if (response === null) return 'no answer'
  const body = (await response.json()) as { code?: string }
  return response.ok ? 'ok' : (body.code ?? String(response.status))
}
