import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { readRoles } from './migrate.ts'
import { migrateAsOwner } from './postgres.ts'

/** Bytes of a generated database password: 192 bits. */
const PASSWORD_BYTES = 24
const OWNER_ROLE = 'chaveiro_owner'
const LOGIN_ROLE = 'chaveiro_app'

export interface SetupResult {
  readonly databaseUrl: string
  readonly ownerUrl: string
  readonly migrations: readonly string[]
}

/**
 * Makes (or repairs) the roles, the database and the schema with an administrator's login, and gives both logins new
 * passwords. Safe to run again: data stays.
 * @throws the driver's error where the login may not create roles or databases.
 */
export async function setUpDatabase(adminUrl: string, databaseName: string): Promise<SetupResult> {
  const ownerPassword = randomBytes(PASSWORD_BYTES).toString('base64url')
  const loginPassword = randomBytes(PASSWORD_BYTES).toString('base64url')
  await withClient(adminUrl, async (client) => {
    await client.query(await readRoles())
    await ensureOwner(client)
    await client.query(
      `alter role ${OWNER_ROLE} login nosuperuser nobypassrls password ${pg.escapeLiteral(ownerPassword)}`,
    )
    await client.query(
      `alter role ${LOGIN_ROLE} login noinherit nosuperuser nobypassrls password ${pg.escapeLiteral(loginPassword)}`,
    )
    await ensureDatabase(client, databaseName)
  })
  const ownerUrl = withLogin(adminUrl, databaseName, OWNER_ROLE, ownerPassword)
  await withClient(withDatabase(adminUrl, databaseName), async (client) => {
    await client.query(`alter schema public owner to ${OWNER_ROLE}`)
    await client.query(`grant usage on schema public to ${LOGIN_ROLE}, chaveiro_user, chaveiro_system`)
  })
  const migrations = await migrateAsOwner(ownerUrl)
  return { databaseUrl: withLogin(adminUrl, databaseName, LOGIN_ROLE, loginPassword), ownerUrl, migrations }
}

async function ensureOwner(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [OWNER_ROLE])
  if (rowCount === 0) await client.query(`create role ${OWNER_ROLE}`)
}

async function ensureDatabase(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
  const quoted = pg.escapeIdentifier(name)
  if (rowCount === 0) await client.query(`create database ${quoted}`)
  await client.query(`alter database ${quoted} owner to ${OWNER_ROLE}`)
  await client.query(`revoke connect on database ${quoted} from public`)
  await client.query(`grant connect on database ${quoted} to ${LOGIN_ROLE}`)
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${encodeURIComponent(database)}`
  return changed.href
}

function withLogin(url: string, database: string, user: string, password: string): string {
  const changed = new URL(withDatabase(url, database))
  changed.username = user
  changed.password = password
  return changed.href
}
