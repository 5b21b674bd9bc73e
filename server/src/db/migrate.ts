import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** Numbered SQL files, never edited after they shipped. The owner's connection applies them, one transaction each. */

export const MIGRATIONS_DIRECTORY = fileURLToPath(new URL('../../migrations/', import.meta.url))

/** Any constant: two replicas that start together must agree on it. */
const MIGRATION_LOCK = 7_210_501

export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
  /** SHA-256 of the file, hex. */
  readonly checksum: string
}

/** The owner's session: PGlite before it drops its rights, or a client with the owner's login. */
export interface MigrationSession {
  /** Runs one or many statements without parameters. */
  readonly execute: (statements: string) => Promise<void>
  readonly query: <Row>(statement: string, parameters?: readonly unknown[]) => Promise<Row[]>
}

/** The files and the database do not fit each other; the message is for the operator. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

/** All files `NNNN-title.sql`, in the order of their numbers. */
export async function readMigrations(directory = MIGRATIONS_DIRECTORY): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => /^\d{4}-.+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(directory + name, 'utf8')
      const checksum = createHash('sha256').update(text).digest('hex')
      return { version: Number(name.slice(0, 4)), name, sql: text, checksum }
    }),
  )
}

/** The statements that make the roles of the server; they can run again. */
export async function readRoles(): Promise<string> {
  return readFile(MIGRATIONS_DIRECTORY + 'roles.sql', 'utf8')
}

/**
 * Applies what is missing, under a lock, so that replicas may start together.
 * @throws MigrationError where an applied file has changed, or the database is newer than this program.
 */
export async function migrate(session: MigrationSession, migrations: readonly Migration[]): Promise<string[]> {
  await session.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
  try {
    await session.execute(
      `create table if not exists schema_migrations (
         version integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`,
    )
    const missing = await pendingMigrations(session, migrations)
    for (const migration of missing) await apply(session, migration)
    await session.execute('grant select on schema_migrations to chaveiro_app')
    return missing.map(({ name }) => name)
  } finally {
    await session.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK])
  }
}

/**
 * What this program has and the database has not yet.
 * @throws MigrationError as {@link migrate}.
 */
export async function pendingMigrations(
  session: Pick<MigrationSession, 'query'>,
  migrations: readonly Migration[],
): Promise<Migration[]> {
  const applied = await session.query<{ version: number; name: string; checksum: string }>(
    'select version, name, checksum from schema_migrations order by version',
  )
  const known = new Map(migrations.map((migration) => [migration.version, migration]))
  for (const row of applied) {
    const migration = known.get(row.version)
    if (migration === undefined) {
      throw new MigrationError(
        `The database has migration ${row.name}, which this version of Chaveiro does not know. Start the newer version.`,
      )
    }
    if (migration.checksum !== row.checksum) {
      throw new MigrationError(
        `Migration ${row.name} was changed after it had been applied. Put the file back and add a new migration instead.`,
      )
    }
  }
  const done = new Set(applied.map(({ version }) => version))
  return migrations.filter(({ version }) => !done.has(version))
}

async function apply(session: MigrationSession, migration: Migration): Promise<void> {
  await session.execute('begin')
  try {
    await session.execute(migration.sql)
    await session.query('insert into schema_migrations (version, name, checksum) values ($1, $2, $3)', [
      migration.version,
      migration.name,
      migration.checksum,
    ])
    await session.execute('commit')
  } catch (error) {
    await session.execute('rollback')
    throw new MigrationError(`Migration ${migration.name} failed: ${String(error)}`, { cause: error })
  }
}
