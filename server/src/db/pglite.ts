import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect } from 'kysely'
import { roleSwitches, type Database } from './database.ts'
import { lockDirectory } from './directory-lock.ts'
import { migrate, readMigrations, readRoles, type MigrationSession } from './migrate.ts'
import type { Tables } from './tables.ts'

/** PostgreSQL's own type number of int8. Ids and counters of ours stay far below 2^53. */
export const INT8_TYPE = 20

export interface EmbeddedOptions {
  /** Directory of the instance; the database lives in its `postgres` folder. */
  readonly directory: string
}

/**
 * Opens the embedded PostgreSQL, migrates it as its owner, then gives up the owner's rights for the rest of the session.
 * fsync is off in PGlite: acknowledged writes survive a killed process, not a power cut.
 * @throws DirectoryInUseError, MigrationError
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Database> {
  const release = claim(options.directory)
  try {
    const pglite = await PGlite.create({
      dataDir: join(options.directory, 'postgres'),
      parsers: { [INT8_TYPE]: Number },
    })
    await prepareEmbedded(pglite)
    return embeddedDatabase(pglite, release)
  } catch (error) {
    release()
    throw error
  }
}

/** Roles, migrations, then the switch to the role that the server works under. */
export async function prepareEmbedded(pglite: PGlite): Promise<void> {
  await pglite.exec(await readRoles())
  await migrate(migrationSession(pglite), await readMigrations())
  await pglite.exec('set session authorization chaveiro_app')
}

function claim(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  return lockDirectory(directory)
}

function migrationSession(pglite: PGlite): MigrationSession {
  return {
    async execute(statements) {
      await pglite.exec(statements)
    },
    async query(statement, parameters) {
      const result = await pglite.query(statement, [...(parameters ?? [])])
      return result.rows as never
    },
  }
}

/** The {@link Database} over a prepared instance. `release` runs after it has closed. */
export function embeddedDatabase(pglite: PGlite, release: () => void): Database {
  const login = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) })
  return {
    engine: 'pglite',
    login,
    ...roleSwitches(login),
    async listen(channel, onMessage) {
      return pglite.listen(channel, onMessage)
    },
    async close() {
      await login.destroy()
      if (!pglite.closed) await pglite.close()
      release()
    },
  }
}
