import { migrateAsOwner } from '#db/postgres.ts'
import { loadConfig, readEnvironment } from '#config.ts'

/** sysexits.h EX_CONFIG */
const EXIT_CONFIGURATION = 78

/** Applies what is missing with the owner's login. Safe beside running servers: migrations only add. */
export async function databaseMigrate(): Promise<number> {
  const { databaseOwnerUrl } = loadConfig(readEnvironment())
  if (databaseOwnerUrl === undefined) {
    process.stderr.write(
      'DATABASE_OWNER_URL is not set: migrations need the owner’s login, which `chaveiro db setup` prints. The embedded database migrates by itself.\n',
    )
    return EXIT_CONFIGURATION
  }
  const applied = await migrateAsOwner(databaseOwnerUrl)
  process.stdout.write(applied.length === 0 ? 'The schema is up to date.\n' : `Applied ${applied.join(', ')}.\n`)
  return 0
}
