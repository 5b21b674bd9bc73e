import type { Config } from './config.ts'
import { codeOf, isConnectionError } from '#db/connection-error.ts'
import type { Database } from '#db/database.ts'
import { DirectoryInUseError } from '#db/directory-lock.ts'
import { LoginRoleError } from '#db/login-role.ts'
import { MigrationError } from '#db/migrate.ts'
import { openEmbedded } from '#db/pglite.ts'
import { openPostgres } from '#db/postgres.ts'
import type { Log } from '#kernel/log.ts'
import { createRegistry } from '#providers/registry.ts'
import { checkKeys, sealedRowsExist } from '#vault/canary.ts'
import { loadKeys } from '#vault/key-file.ts'
import type { KeyProblem, VaultKey } from '#vault/keys.ts'
import { appProblems } from './provider-settings.ts'

/** What must be right before the server may start, and the words for what is not. */

/** Why the server does not start; the message is for the operator. */
export class StartError extends Error {
  override readonly name = 'StartError'
  /** True where trying again without changing a setting is useless. */
  readonly isConfiguration: boolean

  constructor(message: string, isConfiguration = false) {
    super(message)
    this.isConfiguration = isConfiguration
  }
}

/** @throws StartError where an app at a provider is half set. */
export async function checkApps({ incompleteApps }: Pick<Config, 'incompleteApps'>): Promise<void> {
  const { providers } = await createRegistry()
  const problems = appProblems(incompleteApps, providers)
  if (problems.length > 0) throw new StartError(problems.join('\n'), true)
}

/** @throws StartError where the database cannot be used as it is. */
export async function openDatabase(config: Config, log: Log): Promise<Database> {
  try {
    if (config.databaseUrl === undefined) return await openEmbedded({ directory: config.dataDirectory })
    return await openPostgres({
      url: config.databaseUrl,
      ...(config.databaseOwnerUrl === undefined ? {} : { ownerUrl: config.databaseOwnerUrl }),
      poolSize: config.databasePoolSize,
      onError: (error) => log.warn({ error }, 'A database connection was lost'),
    })
  } catch (error) {
    if (error instanceof DirectoryInUseError) throw new StartError(error.message)
    if (error instanceof LoginRoleError || error instanceof MigrationError) throw new StartError(error.message, true)
    if (config.databaseUrl !== undefined && isConnectionError(error)) {
      const { host } = new URL(config.databaseUrl)
      throw new StartError(
        `PostgreSQL at ${host} does not answer or refuses the login (${codeOf(error)}). Check DATABASE_URL.`,
      )
    }
    throw error
  }
}

/** @throws StartError where the keys are missing, malformed or not those that sealed what is stored. */
export async function openKeys(config: Config, database: Database, log: Log): Promise<readonly VaultKey[]> {
  const loaded = await loadKeys({
    key: config.encryptionKey,
    keyFile: config.encryptionKeyFile,
    production: config.production,
    dataDirectory: config.dataDirectory,
    sealedRowsExist: () => sealedRowsExist(database),
  })
  if (!loaded.ok) throw new StartError(textOf(loaded.problems), true)
  if (loaded.warning !== undefined) log.warn({}, loaded.warning)
  const problems = await checkKeys(database, loaded.keys)
  if (problems.length > 0) throw new StartError(textOf(problems), true)
  return loaded.keys
}

function textOf(problems: readonly KeyProblem[]): string {
  return problems.map(({ title, detail }) => `${title}\n${detail}`).join('\n\n')
}
