import { Kysely } from 'kysely'
import pg from 'pg'
import { roleSwitches, systemRole, userRole, type Database } from './database.ts'
import { checkLoginRole } from './login-role.ts'
import { migrate, MigrationError, pendingMigrations, readMigrations, type MigrationSession } from './migrate.ts'
import { INT8_TYPE } from './pglite.ts'
import { PipelinedDialect, statementInOneTrip } from './pipeline.ts'
import type { Tables } from './tables.ts'

/** Milliseconds to wait for a connection before an answer of 503. */
const CONNECT_TIMEOUT_MS = 5_000
/** Milliseconds for one statement: ours are point look-ups and short lists. */
const STATEMENT_TIMEOUT_MS = 15_000
/** Milliseconds before a lost LISTEN connection is opened again. */
const RELISTEN_DELAY_MS = 1_000

export interface PostgresOptions {
  /** The server's own login, which row-level security binds. */
  readonly url: string
  /** The owner's login. Given: migrates at start. Not given: the schema must be up to date. */
  readonly ownerUrl?: string
  readonly poolSize: number
  readonly onError: (error: Error) => void
}

/**
 * @throws LoginRoleError where the login could see past row-level security.
 * @throws MigrationError where the schema is not the one that this program needs.
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  if (options.ownerUrl !== undefined) await migrateAsOwner(options.ownerUrl)
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'chaveiro',
    types: parsers,
    // Statements are sent without waiting for the answers to those before them.
    pipeline: true,
  } as pg.PoolConfig)
  // An idle connection that breaks must not end the process; the next query opens another.
  pool.on('error', options.onError)
  try {
    await checkLoginRole(async (statement) => (await pool.query(statement)).rows)
    await checkSchema(pool)
  } catch (error) {
    await pool.end()
    throw error
  }
  const login = new Kysely<Tables>({ dialect: new PipelinedDialect({ pool }) })
  const listeners = new Set<() => Promise<void>>()
  return {
    engine: 'postgres',
    login,
    ...roleSwitches(login),
    userStatement: (userId, statement) => statementInOneTrip(pool, userRole(userId), statement.compile(login)),
    systemStatement: (reason, statement) => statementInOneTrip(pool, systemRole(reason), statement.compile(login)),
    async listen(channel, onMessage) {
      const stop = await listen(options, channel, onMessage)
      listeners.add(stop)
      return async () => {
        listeners.delete(stop)
        await stop()
      }
    },
    async close() {
      await Promise.all([...listeners].map((stop) => stop()))
      await login.destroy()
    },
  }
}

/** Applies the migrations with the owner's login; the roles must exist already (`chaveiro db setup`). */
export async function migrateAsOwner(ownerUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  await client.connect()
  try {
    return await migrate(clientSession(client), await readMigrations())
  } finally {
    await client.end()
  }
}

function clientSession(client: pg.Client): MigrationSession {
  return {
    async execute(statements) {
      await client.query(statements)
    },
    async query(statement, parameters) {
      const result = await client.query(statement, [...(parameters ?? [])])
      return result.rows as never
    },
  }
}

async function checkSchema(pool: pg.Pool): Promise<void> {
  const advice = 'Run `npx chaveiro db migrate`, or set DATABASE_OWNER_URL so that the server migrates at start.'
  try {
    const missing = await pendingMigrations(
      { query: async (statement) => (await pool.query(statement)).rows as never },
      await readMigrations(),
    )
    if (missing.length > 0) {
      throw new MigrationError(`The database lacks ${missing.map(({ name }) => name).join(', ')}. ${advice}`)
    }
  } catch (error) {
    const undefinedTable = '42P01'
    if ((error as { code?: string }).code === undefinedTable) {
      throw new MigrationError(`The database has no schema yet. ${advice}`, { cause: error })
    }
    throw error
  }
}

/** int8 as a number; everything else as the driver has it. */
const parsers = { getTypeParser: parserOf } as typeof pg.types

function parserOf(type: number, format?: 'text'): unknown {
  return type === INT8_TYPE ? Number : pg.types.getTypeParser(type as never, format)
}

/** LISTEN on a connection of its own, which comes back by itself after a break. */
async function listen(
  options: PostgresOptions,
  channel: string,
  onMessage: (payload: string | null) => void,
): Promise<() => Promise<void>> {
  let stopped = false
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined

  async function open(): Promise<void> {
    const fresh = new pg.Client({
      connectionString: options.url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      // A half-open connection would wait for messages for ever.
      keepAlive: true,
    })
    fresh.on('notification', (message) => onMessage(message.payload ?? ''))
    fresh.on('error', options.onError)
    await fresh.connect()
    await fresh.query(`listen ${pg.escapeIdentifier(channel)}`).catch(async (error: unknown) => {
      await fresh.end()
      throw error
    })
    fresh.on('end', reopen)
    client = fresh
    if (stopped) await fresh.end()
  }

  function reopen(): void {
    client = undefined
    if (stopped) return
    // What was said meanwhile is lost: whoever caches must forget everything.
    onMessage(null)
    timer = setTimeout(() => {
      open().then(
        () => onMessage(null),
        (error: unknown) => {
          options.onError(error instanceof Error ? error : new Error(String(error)))
          reopen()
        },
      )
    }, RELISTEN_DELAY_MS)
  }

  await open()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await client?.end()
  }
}
