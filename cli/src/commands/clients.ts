import type { CommandDef } from 'citty'
import { command, group, type EndWith } from '../command.ts'
import { CommandFailure, EXIT } from '../failure.ts'
import { clientOf, SERVER_OPTIONS } from '../server.ts'
import type { Surroundings } from '../surroundings.ts'
import { table } from '../table.ts'

/** An ordinary user may do this; `admin` is more than it takes, and more than they can give a token. */
const SCOPES = 'account'

export function clientsCommand(surroundings: Surroundings, endWith: EndWith): CommandDef {
  return group('clients', 'MCP clients that you let in', {
    list: command(endWith, {
      name: 'list',
      description: 'What each may do, and when it last did',
      options: SERVER_OPTIONS,
      async run(options) {
        const { clients } = await clientOf(surroundings, options, SCOPES).clients.list()
        const cells = clients.map(({ id, name, host, scopes, connections, last_used_at }) => {
          return [id, name, host, scopes.join(' '), connections?.join(' ') ?? 'all', last_used_at]
        })
        surroundings.print(table(['id', 'name', 'host', 'scopes', 'connections', 'last used'], cells))
        return EXIT.done
      },
    }),
    revoke: command(endWith, {
      name: 'revoke',
      description: 'End the access of one: every token of it ends at once',
      options: { ...SERVER_OPTIONS, id: { type: 'string', required: true, description: 'Its id, from the list' } },
      async run(options) {
        const { id } = await clientOf(surroundings, options, SCOPES).clients.revoke(parseId(options.id))
        surroundings.say(`Client ${id} has no access any more.`)
        return EXIT.done
      },
    }),
  })
}

/** @throws CommandFailure */
function parseId(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text)
  throw new CommandFailure(EXIT.usage, '--id takes a number from chaveiro clients list.')
}
