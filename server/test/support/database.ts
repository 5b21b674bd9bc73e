import { readFileSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { describe, inject } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { embeddedDatabase, INT8_TYPE, prepareEmbedded } from '../../src/db/pglite.ts'
import { openPostgres } from '../../src/db/postgres.ts'

/** A fresh, migrated database of its own for one test file. */
export interface TestDatabase extends Database {
  /** Runs SQL as the owner of the tables: for tampering that no code of the server could do. */
  readonly asOwner: <Row = Record<string, unknown>>(statement: string) => Promise<Row[]>
}

export type Engine = Database['engine']

const TEST_POOL_SIZE = 8
let counter = 0

/** Runs the same tests on the embedded database and on a real PostgreSQL. Close what `open` gives in `afterAll`. */
export function describeOnEachEngine(
  name: string,
  define: (open: () => Promise<TestDatabase>, engine: Engine) => void,
): void {
  describe.each(['pglite', 'postgres'] as const)(`${name} (%s)`, (engine) => {
    define(() => openTestDatabase(engine), engine)
  })
}

export async function openTestDatabase(engine: Engine): Promise<TestDatabase> {
  return engine === 'pglite' ? openEmbeddedCopy() : openPostgresCopy()
}

async function openEmbeddedCopy(): Promise<TestDatabase> {
  const snapshot = new Blob([readFileSync(inject('embeddedSnapshot'))])
  const pglite = await PGlite.create({ loadDataDir: snapshot, parsers: { [INT8_TYPE]: Number } })
  await prepareEmbedded(pglite)
  return {
    ...embeddedDatabase(pglite, () => {}),
    async asOwner(statement) {
      await pglite.exec('set session authorization postgres')
      try {
        const results = await pglite.exec(statement)
        return (results.at(-1)?.rows ?? []) as never
      } finally {
        await pglite.exec('set session authorization chaveiro_app')
      }
    },
  }
}

/** The addresses of a fresh copy of the template database, for tests that start a server process on it. */
export async function copyPostgresDatabase(): Promise<{
  databaseUrl: string
  ownerUrl: string
  drop: () => Promise<void>
}> {
  counter += 1
  const name = `test_${process.pid}_${counter}`
  await runAsAdmin(`create database ${name} template ${inject('templateDatabase')} owner chaveiro_owner`)
  return {
    databaseUrl: onDatabase(inject('databaseUrl'), name),
    ownerUrl: onDatabase(inject('ownerUrl'), name),
    drop: () => runAsAdmin(`drop database if exists ${name} with (force)`),
  }
}

async function openPostgresCopy(): Promise<TestDatabase> {
  const copy = await copyPostgresDatabase()
  const database = await openPostgres({
    url: copy.databaseUrl,
    poolSize: TEST_POOL_SIZE,
    onError: () => {},
  })
  return {
    ...database,
    async asOwner(statement) {
      return query(onDatabase(inject('adminUrl'), new URL(copy.databaseUrl).pathname.slice(1)), statement)
    },
    async close() {
      await database.close()
      await copy.drop()
    },
  }
}

async function runAsAdmin(statement: string): Promise<void> {
  await query(inject('adminUrl'), statement)
}

async function query<Row>(url: string, statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const result = await client.query(statement)
    const last = Array.isArray(result) ? result.at(-1) : result
    return last?.rows ?? []
  } finally {
    await client.end()
  }
}

function onDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

/** A user row, made by the login role as the login library would. */
export async function createTestUser(database: Database, email: string): Promise<number> {
  const row = await database.login
    .insertInto('users')
    .values({ name: email, email })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}
