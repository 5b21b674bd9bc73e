import { databaseMigrate } from './commands/database-migrate.ts'
import { databaseSetup } from './commands/database-setup.ts'
import { doctor } from './commands/doctor.ts'
import { generateKey } from './commands/generate-key.ts'

/** What an operator does without a running server. Started by the `chaveiro` program; answers on standard output. */

/** A command takes its arguments and gives the exit code. */
export type Command = (commandArguments: readonly string[]) => Promise<number>

const COMMANDS: Readonly<Record<string, Command>> = {
  'keys-generate': generateKey,
  'db-setup': databaseSetup,
  'db-migrate': databaseMigrate,
  doctor,
}

/** sysexits.h EX_USAGE */
const EXIT_USAGE = 64

async function main(): Promise<number> {
  const [name = '', ...commandArguments] = process.argv.slice(2)
  const command = COMMANDS[name]
  if (command === undefined) {
    process.stderr.write(`There is no command "${name}". Commands: ${Object.keys(COMMANDS).join(', ')}.\n`)
    return EXIT_USAGE
  }
  return command(commandArguments)
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  },
)
