import { Kysely } from 'kysely'
import pg from 'pg'
import { roleSwitches, userRole, type Database, type SystemReason } from './database.ts'
import { checkLoginRole } from './login-role.ts'
import { createListener } from './listener.ts'
import { migrate, MigrationError, pendingMigrations, readMigrations, type MigrationSession } from './migrate.ts'
import { INT8_TYPE } from './pglite.ts'
import { PipelinedDialect, statementInOneTrip } from './pipeline.ts'
import { openSystemLane, type SystemLane } from './system-lane.ts'
import type { Tables } from './tables.ts'

/** Milliseconds to wait for a connection before an answer of 503. */
const CONNECT_TIMEOUT_MS = 5_000
/** Milliseconds for one statement: ours are point look-ups and short lists. */
const STATEMENT_TIMEOUT_MS = 15_000

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
  const settings = {
    connectionString: options.url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'chaveiro',
    types: parsers,
    // Statements are sent without waiting for the answers to those before them.
    pipeline: true,
  } as pg.PoolConfig
  const pool = new pg.Pool({ ...settings, max: options.poolSize })
  // An idle connection that breaks must not end the process; the next query opens another.
  pool.on('error', options.onError)
  // Nor must one that breaks in use: the pool listens to a connection only while it is idle.
  pool.on('connect', (client) => client.on('error', options.onError))
  try {
    await checkLoginRole(async (statement) => (await pool.query(statement)).rows)
    await checkSchema(pool)
  } catch (error) {
    await pool.end()
    throw error
  }
  const login = new Kysely<Tables>({ dialect: new PipelinedDialect({ pool }) })
  const lanes = new Map<SystemReason, SystemLane>()
  const laneFor = (reason: SystemReason) => {
    const lane = lanes.get(reason) ?? openSystemLane(settings, reason, options.onError)
    lanes.set(reason, lane)
    return lane
  }
  const listener = createListener(() => openSession(options), options.onError)
  return {
    engine: 'postgres',
    login,
    ...roleSwitches(login),
    userStatement: (userId, statement) => statementInOneTrip(pool, userRole(userId), statement.compile(login)),
    systemStatement: (reason, statement) => laneFor(reason).statement(statement),
    listen: listener.listen,
    async close() {
      await listener.close()
      await Promise.all([...lanes.values()].map((lane) => lane.close()))
      await login.destroy()
    },
  }
}

/** A connection outside the pool. A half-open one would wait for messages for ever. */
function openSession({ url }: PostgresOptions): pg.Client {
  return new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    pipeline: true,
  } as pg.ClientConfig)
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
