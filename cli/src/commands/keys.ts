import type { CommandDef } from 'citty'
import type { Client, KeyState, RotationProgress } from '@chaveiro/sdk'
import { command, group, type EndWith } from '../command.ts'
import { EXIT } from '../failure.ts'
import { clientOf, SERVER_OPTIONS } from '../server.ts'
import type { Surroundings } from '../surroundings.ts'
import { counted, table } from '../table.ts'

/** A row that is being refreshed is passed over: it is free again within this time. */
const BUSY_PAUSE_MS = 1_000
const BUSY_ATTEMPTS = 10

export function generateKeyCommand(surroundings: Surroundings, endWith: EndWith, name: string): CommandDef {
  return command(endWith, {
    name,
    description: 'Print a new key for MCP_ENCRYPTION_KEY',
    run: () => surroundings.runOffline('keys-generate', []),
  })
}

export function keysCommand(surroundings: Surroundings, endWith: EndWith): CommandDef {
  return group('keys', 'The keys that seal credentials', {
    generate: generateKeyCommand(surroundings, endWith, 'generate'),
    status: command(endWith, {
      name: 'status',
      description: 'Which keys seal how many credentials, and what to do next',
      options: SERVER_OPTIONS,
      async run(options) {
        const state = await clientOf(surroundings, options).admin.keys.get()
        const rows = state.keys.map(({ key_id, role, rows: count }) => [key_id, role, count])
        surroundings.print(table(['key', 'role', 'credentials'], rows))
        surroundings.say(nextStep(state))
        return EXIT.done
      },
    }),
    rotate: command(endWith, {
      name: 'rotate',
      description: 'Seal every credential again under the first key of MCP_ENCRYPTION_KEY',
      options: SERVER_OPTIONS,
      async run(options) {
        const client = clientOf(surroundings, options)
        const { rotated, unreadable, remaining, ids } = await rotateAll(surroundings, client)
        surroundings.print(`${rotated} sealed again, ${remaining} remaining, ${unreadable} unreadable.`)
        if (unreadable > 0) {
          const shown = ids.join(', ')
          surroundings.say(
            `No listed key opens these connections, or they were tampered with: ${shown}. See docs/keys-and-rotation.md.`,
          )
        }
        surroundings.say(nextStep(await client.admin.keys.get()))
        return remaining === 0 ? EXIT.done : EXIT.refused
      },
    }),
  })
}

interface Rotation {
  readonly rotated: number
  readonly unreadable: number
  readonly remaining: number
  readonly ids: readonly number[]
}

/** Asks again until nothing more can be done: one request seals a bounded part. */
async function rotateAll(surroundings: Surroundings, client: Client): Promise<Rotation> {
  let rotated = 0
  let busy = 0
  for (;;) {
    const progress = await client.admin.keys.rotate()
    rotated += progress.rotated
    if (isOver(progress) || busy === BUSY_ATTEMPTS) {
      return { ...progress, rotated, ids: progress.unreadable_connections }
    }
    surroundings.say(`${rotated} sealed again, ${progress.remaining} remaining …`)
    busy = progress.rotated === 0 ? busy + 1 : 0
    if (busy > 0) await surroundings.pause(BUSY_PAUSE_MS)
  }
}

function isOver({ remaining, unreadable }: RotationProgress): boolean {
  return remaining <= unreadable
}

/** What the operator does after this, from what is sealed with what. */
function nextStep({ primary, keys, unbound }: KeyState): string {
  const others = keys.filter(({ key_id }) => key_id !== primary)
  const used = others.filter(({ rows }) => rows > 0)
  const lost = used.filter(({ role }) => role === 'retired').map(({ key_id }) => key_id)
  const idle = others.filter(({ role, rows }) => role === 'listed' && rows === 0).map(({ key_id }) => key_id)
  if (lost.length > 0)
    return `Next: put the key ${lost.join(', ')} back into MCP_ENCRYPTION_KEY: credentials are sealed with it.`
  if (used.length > 0) return 'Next: chaveiro keys rotate'
  if (unbound > 0)
    return `Next: bind ${counted(unbound, 'row')} that came without being bound: chaveiro connections import.`
  if (idle.length > 0)
    return `Next: nothing is sealed with ${idle.join(', ')}. Take it out of MCP_ENCRYPTION_KEY on every server.`
  return 'Nothing to do: one key is listed, and it seals everything.'
}
