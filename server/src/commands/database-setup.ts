import { parseArgs } from 'node:util'
import { setUpDatabase } from '#db/setup.ts'

/** sysexits.h EX_USAGE */
const EXIT_USAGE = 64
const DATABASE_NAME = /^[a-z_][a-z0-9_]{0,62}$/

/** Makes the roles, the database and the schema with an administrator's login, and prints the two addresses to keep. */
export async function databaseSetup(commandArguments: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...commandArguments],
    options: { 'admin-url': { type: 'string' }, database: { type: 'string', default: 'chaveiro' } },
  })
  const adminUrl = values['admin-url']
  if (adminUrl === undefined || !URL.canParse(adminUrl)) {
    process.stderr.write('db setup needs --admin-url postgres://administrator:password@host/postgres\n')
    return EXIT_USAGE
  }
  if (!DATABASE_NAME.test(values.database)) {
    process.stderr.write('--database takes lower-case letters, digits and _, at most 63 characters.\n')
    return EXIT_USAGE
  }
  const { databaseUrl, ownerUrl, migrations } = await setUpDatabase(adminUrl, values.database)
  process.stderr.write(
    `Database ${values.database} is ready (${migrations.length} migrations applied). Both logins have new passwords:\n` +
      'keep these two lines in your secret store. Servers that use the old ones must get the new ones.\n',
  )
  process.stdout.write(`DATABASE_URL=${databaseUrl}\nDATABASE_OWNER_URL=${ownerUrl}\n`)
  return 0
}
