import { writeFileSync } from 'node:fs'
import type { CommandDef } from 'citty'
import type { Client, ImportedConnection, ImportResult } from '@chaveiro/sdk'
import { command, group, type EndWith } from '../command.ts'
import { CommandFailure, EXIT } from '../failure.ts'
import { parseRows, parseUserMap } from '../rows.ts'
import { clientOf, readTextFile, SERVER_OPTIONS } from '../server.ts'
import type { Surroundings } from '../surroundings.ts'
import { counted, table } from '../table.ts'

/** The server takes 200 rows and asks the provider about each; 50 end well within any proxy's patience. */
const ROWS_PER_REQUEST = 50
const OWNER_ONLY = 0o600

export function connectionsCommand(surroundings: Surroundings, endWith: EndWith): CommandDef {
  return group('connections', 'Moving connections out and in', {
    export: command(endWith, {
      name: 'export',
      description: 'Every connection, still sealed, as JSON Lines',
      options: { ...SERVER_OPTIONS, file: { type: 'string', description: 'A new file; none: standard output' } },
      async run(options) {
        const { connections } = await clientOf(surroundings, options).admin.connections.export()
        const lines = connections.map((connection) => JSON.stringify(connection))
        if (options.file === undefined) for (const line of lines) surroundings.print(line)
        else writeNew(options.file, lines.map((line) => `${line}\n`).join(''))
        surroundings.say(
          `${counted(lines.length, 'connection')}. Each opens only with the key of MCP_ENCRYPTION_KEY that its key_id names.`,
        )
        return EXIT.done
      },
    }),
    import: command(endWith, {
      name: 'import',
      description: 'Bind rows that were sealed elsewhere to their users; safe to run again',
      options: {
        ...SERVER_OPTIONS,
        file: { type: 'string', required: true, description: 'JSON Lines or a JSON array; - is standard input' },
        users: { type: 'string', description: 'JSON file {"user_id there": "e-mail address here"}' },
      },
      async run(options) {
        const users =
          options.users === undefined ? new Map<string, string>() : parseUserMap(readTextFile(options.users))
        const content = options.file === '-' ? await surroundings.readStandardInput() : readTextFile(options.file)
        const rows = parseRows(content, users)
        const results = await importAll(surroundings, clientOf(surroundings, options), rows)
        return report(surroundings, results)
      },
    }),
  })
}

async function importAll(
  surroundings: Surroundings,
  client: Client,
  rows: readonly ImportedConnection[],
): Promise<ImportResult[]> {
  const results: ImportResult[] = []
  for (let start = 0; start < rows.length; start += ROWS_PER_REQUEST) {
    const answer = await client.admin.connections.import(rows.slice(start, start + ROWS_PER_REQUEST))
    results.push(...answer.results.map((result) => ({ ...result, row: result.row + start })))
    if (rows.length > ROWS_PER_REQUEST) surroundings.say(`${results.length} of ${rows.length} …`)
  }
  return results
}

function report({ print, say }: Surroundings, results: readonly ImportResult[]): number {
  const cells = results.map((each) => {
    return [each.row, each.user_email, each.provider, each.outcome, each.connection_id, each.detail]
  })
  print(table(['row', 'user', 'provider', 'outcome', 'id', 'detail'], cells))
  const count = (outcome: ImportResult['outcome']) => results.filter((each) => each.outcome === outcome).length
  say(`${count('imported')} imported, ${count('exists')} there already, ${count('refused')} refused.`)
  return count('refused') === 0 ? EXIT.done : EXIT.refused
}

function writeNew(path: string, content: string): void {
  try {
    writeFileSync(path, content, { flag: 'wx', mode: OWNER_ONLY })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new CommandFailure(EXIT.usage, `${path} exists; choose another name.`)
    throw new CommandFailure(EXIT.unwritable, `${path} cannot be written (${code}).`)
  }
}
