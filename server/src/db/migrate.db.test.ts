import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { copyPostgresDatabase } from '#test/support/database.ts'
import { DirectoryInUseError } from './directory-lock.ts'
import { LoginRoleError } from './login-role.ts'
import { migrate, MigrationError, readMigrations, readRoles, type Migration, type MigrationSession } from './migrate.ts'
import { openEmbedded } from './pglite.ts'
import { migrateAsOwner, openPostgres } from './postgres.ts'
import { setUpDatabase } from './setup.ts'

const TEST_POOL_SIZE = 2

function open(url: string, more: { ownerUrl?: string } = {}) {
  return openPostgres({ url, poolSize: TEST_POOL_SIZE, onError: () => {}, ...more })
}

async function asAdmin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('adminUrl') })
  await client.connect()
  await client.query(statement)
  await client.end()
}

describe('migrations on PostgreSQL', () => {
  it('are applied once when several replicas start together', async () => {
    await asAdmin('create database together owner chaveiro_owner')
    try {
      const own = (url: string) => url.replace(/\/[^/]+$/, '/together')
      const replicas = await Promise.all(
        [1, 2, 3].map(() => open(own(inject('databaseUrl')), { ownerUrl: own(inject('ownerUrl')) })),
      )
      const rows = await replicas[0]?.loginQuery('select version from schema_migrations order by version', [])
      expect(rows).toHaveLength((await readMigrations()).length)
      for (const replica of replicas) await replica.close()
    } finally {
      await asAdmin('drop database together with (force)')
    }
  })

  it('are asked for, in words, where the schema is missing or behind', async () => {
    const copy = await copyPostgresDatabase()
    const owner = new pg.Client({ connectionString: copy.ownerUrl })
    await owner.connect()
    try {
      await owner.query('delete from schema_migrations where version = (select max(version) from schema_migrations)')
      await expect(open(copy.databaseUrl)).rejects.toThrow(/lacks .*npx chaveiro db migrate/)
      await owner.query('drop table schema_migrations')
      await expect(open(copy.databaseUrl)).rejects.toThrow(/no schema yet.*npx chaveiro db migrate/)
    } finally {
      await owner.end()
      await copy.drop()
    }
  })
})

describe('the login of the server', () => {
  let copy: Awaited<ReturnType<typeof copyPostgresDatabase>>
  beforeEach(async () => {
    copy = await copyPostgresDatabase()
  })
  afterEach(() => copy.drop())

  const withLogin = (user: string) => {
    const url = new URL(copy.databaseUrl)
    url.username = user
    url.password = 'x'
    return url.href
  }

  it('is refused where it is a superuser', async () => {
    const attempt = open(withLogin('postgres'))
    await expect(attempt).rejects.toThrow(LoginRoleError)
    await expect(attempt).rejects.toThrow(/superuser.*npx chaveiro db setup/)
  })

  it('is refused where it owns the tables', async () => {
    await expect(open(copy.ownerUrl)).rejects.toThrow(/owns tables/)
  })

  it('is refused with BYPASSRLS, and with rights that it inherits', async () => {
    await asAdmin(`create role bypassing login bypassrls noinherit password 'x' in role chaveiro_user, chaveiro_system;
      create role inheriting login inherit password 'x' in role chaveiro_user, chaveiro_system`)
    try {
      const database = new URL(copy.databaseUrl).pathname.slice(1)
      await asAdmin(`grant connect on database ${database} to bypassing, inheriting`)
      await expect(open(withLogin('bypassing'))).rejects.toThrow(/BYPASSRLS/)
      await expect(open(withLogin('inheriting'))).rejects.toThrow(/NOINHERIT/)
    } finally {
      await copy.drop()
      await asAdmin('drop role bypassing; drop role inheriting')
    }
  })

  it('is accepted as the set-up makes it, and the set-up can run again', async () => {
    await asAdmin('create database again')
    try {
      const first = await setUpDatabase(inject('adminUrl'), 'again')
      expect(first.migrations.length).toBeGreaterThan(0)
      expect(await migrateAsOwner(first.ownerUrl)).toEqual([])
      const database = await open(first.databaseUrl)
      await database.ping()
      await database.close()
    } finally {
      await asAdmin('drop database again with (force)')
    }
  })
})

describe('applied migrations', () => {
  let pglite: PGlite
  let session: MigrationSession
  beforeEach(async () => {
    pglite = await PGlite.create()
    session = {
      execute: async (statements) => void (await pglite.exec(statements)),
      query: async (statement, parameters) => (await pglite.query(statement, [...(parameters ?? [])])).rows as never,
    }
    await session.execute(await readRoles())
  })
  afterEach(() => pglite.close())

  const one: Migration = { version: 1, name: '0001-one.sql', sql: 'create table one (id integer)', checksum: 'a' }
  const two: Migration = { version: 2, name: '0002-two.sql', sql: 'create table two (id integer)', checksum: 'b' }

  it('run in order, and once', async () => {
    expect(await migrate(session, [one])).toEqual(['0001-one.sql'])
    expect(await migrate(session, [one, two])).toEqual(['0002-two.sql'])
    expect(await migrate(session, [one, two])).toEqual([])
  })

  it('must not change', async () => {
    await migrate(session, [one])
    await expect(migrate(session, [{ ...one, checksum: 'z' }])).rejects.toThrow(/0001-one.sql was changed/)
  })

  it('must be known: an older program does not touch a newer database', async () => {
    await migrate(session, [one, two])
    await expect(migrate(session, [one])).rejects.toThrow(MigrationError)
  })

  it('leave nothing behind when they fail', async () => {
    const broken = { ...two, sql: 'create table half (id integer); select no_such_function()' }
    await expect(migrate(session, [one, broken])).rejects.toThrow(/0002-two.sql failed/)
    const rows = await session.query(`select to_regclass('half') as half`)
    expect(rows).toEqual([{ half: null }])
    expect(await migrate(session, [one, two])).toEqual(['0002-two.sql'])
  })
})

describe('the embedded database', () => {
  it('is refused while it is open, keeps what was written, and works under the login role', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'chaveiro-embedded-'))
    try {
      const first = await openEmbedded({ directory })
      await expect(openEmbedded({ directory })).rejects.toThrow(DirectoryInUseError)
      await first.login.insertInto('users').values({ name: 'Ana', email: 'ana@example.com' }).execute()
      await first.close()
      const second = await openEmbedded({ directory })
      expect(await second.login.selectFrom('users').select('email').execute()).toEqual([{ email: 'ana@example.com' }])
      expect(await second.loginQuery('select session_user as who', [])).toEqual([{ who: 'chaveiro_app' }])
      await second.close()
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})
