import type { CommandDef } from 'citty'
import type { ChainHead } from '@chaveiro/sdk'
import { command, group, type EndWith } from '../command.ts'
import { CommandFailure, EXIT } from '../failure.ts'
import { clientOf, SERVER_OPTIONS } from '../server.ts'
import type { Surroundings } from '../surroundings.ts'
import { counted } from '../table.ts'

const NOTED = /^([1-9]\d*):([0-9a-f]{64})$/

export function auditCommand(surroundings: Surroundings, endWith: EndWith): CommandDef {
  return group('audit', 'The chain of events', {
    verify: command(endWith, {
      name: 'verify',
      description: 'Walk the chain; prints its head to keep elsewhere',
      options: {
        ...SERVER_OPTIONS,
        noted: {
          type: 'string',
          valueHint: 'id:hash',
          description: 'A head that was printed earlier: it must still be there',
        },
      },
      async run(options) {
        const noted = options.noted === undefined ? undefined : parseHead(options.noted)
        const { intact, events, head, fault } = await clientOf(surroundings, options).admin.audit.verify(noted)
        if (!intact) {
          surroundings.say(`The chain is broken after ${counted(events, 'event')}: ${fault}.`)
          return EXIT.refused
        }
        if (noted !== undefined) surroundings.say(`The head that was noted, event ${noted.id}, is still there.`)
        surroundings.say(
          `The chain is intact: ${counted(events, 'event')}. Keep its head where nobody of this server can write:`,
        )
        surroundings.print(`${head.id}:${head.hash}`)
        return EXIT.done
      },
    }),
  })
}

/** @throws CommandFailure */
function parseHead(text: string): ChainHead {
  const [, id, hash] = NOTED.exec(text.trim()) ?? []
  if (id === undefined || hash === undefined) {
    throw new CommandFailure(
      EXIT.usage,
      '--noted takes what `chaveiro audit verify` printed: a number, a colon, 64 hexadecimal digits.',
    )
  }
  return { id: Number(id), hash }
}
