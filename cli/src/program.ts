import { stripVTControlCharacters } from 'node:util'
import { defineCommand, renderUsage, runCommand, type CommandDef } from 'citty'
import manifest from '../package.json' with { type: 'json' }
import { auditCommand } from './commands/audit.ts'
import { clientsCommand } from './commands/clients.ts'
import { connectionsCommand } from './commands/connections.ts'
import { databaseCommand, doctorCommand } from './commands/installation.ts'
import { generateKeyCommand, keysCommand } from './commands/keys.ts'
import { tokensCommand } from './commands/tokens.ts'
import { usersCommand } from './commands/users.ts'
import { CommandFailure, EXIT, EXIT_CODES_HELP, explain } from './failure.ts'
import { urlOf } from './server.ts'
import type { Surroundings } from './surroundings.ts'

/** Runs one command line and gives the exit code. Never throws. */
export async function run(rawArguments: string[], surroundings: Surroundings): Promise<number> {
  let exitCode: number = EXIT.done
  const program = createProgram(surroundings, (code) => {
    exitCode = code
  })
  try {
    if (rawArguments.some((each) => each === '--help' || each === '-h') || rawArguments.length === 0) {
      surroundings.print(await helpFor(program, rawArguments))
    } else if (rawArguments.length === 1 && rawArguments[0] === '--version') surroundings.print(manifest.version)
    else await runCommand(program, { rawArgs: rawArguments })
    return exitCode
  } catch (error) {
    const failure = explain(error, addressFor(rawArguments, surroundings))
    const verbs = verbsOf(program, rawArguments)
    surroundings.say(verbs === undefined ? failure.message : `chaveiro ${rawArguments[0]} takes one of: ${verbs}.`)
    if (failure.exitCode === EXIT.usage)
      surroundings.say('chaveiro --help lists the commands; each has its own --help.')
    return failure.exitCode
  }
}

function createProgram(surroundings: Surroundings, endWith: (code: number) => void): CommandDef {
  return defineCommand({
    meta: { name: 'chaveiro', description: manifest.description, version: manifest.version },
    subCommands: {
      doctor: doctorCommand(surroundings, endWith),
      keys: keysCommand(surroundings, endWith),
      keygen: generateKeyCommand(surroundings, endWith, 'keygen'),
      db: databaseCommand(surroundings, endWith),
      users: usersCommand(surroundings, endWith),
      tokens: tokensCommand(surroundings, endWith),
      clients: clientsCommand(surroundings, endWith),
      connections: connectionsCommand(surroundings, endWith),
      audit: auditCommand(surroundings, endWith),
    },
  })
}

/** Where a line names only a group of commands: what it holds. */
function verbsOf(program: CommandDef, [name = '', ...others]: readonly string[]): string | undefined {
  const { subCommands } = (program.subCommands as Record<string, CommandDef>)[name] ?? {}
  return subCommands === undefined || others.length > 0 ? undefined : Object.keys(subCommands).join(', ')
}

/** @throws CommandFailure for a command that does not exist */
async function helpFor(program: CommandDef, rawArguments: readonly string[]): Promise<string> {
  let command = program
  let path = 'chaveiro'
  let parent: CommandDef | undefined
  for (const name of rawArguments.filter((each) => !each.startsWith('-'))) {
    const next = (command.subCommands as Record<string, CommandDef> | undefined)?.[name]
    if (next === undefined) throw new CommandFailure(EXIT.usage, `There is no command "${name}" of ${path}.`)
    parent = defineCommand({ meta: { name: path } })
    path = `${path} ${name}`
    command = next
  }
  // Plain text reads the same in terminals, logs and pipes.
  const usage = stripVTControlCharacters(await renderUsage(command, parent))
  const lines = usage.split('\n').map((line) => line.trimEnd())
  return `${lines.join('\n').trimEnd()}\n\n${EXIT_CODES_HELP}`
}

/** For the words about a server that does not answer. */
function addressFor(rawArguments: readonly string[], surroundings: Surroundings): string {
  const at = rawArguments.indexOf('--url')
  const inline = rawArguments.find((each) => each.startsWith('--url='))?.slice('--url='.length)
  const url = inline ?? (at === -1 ? undefined : rawArguments[at + 1])
  try {
    return urlOf(surroundings, { url })
  } catch {
    return String(url)
  }
}
