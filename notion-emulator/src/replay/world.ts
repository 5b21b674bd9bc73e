import { MILLISECONDS_PER_MINUTE } from '../core/clock.ts'
import { derivedId, derivedIds, parseId } from '../core/ids.ts'
import { stringOf } from '../core/json.ts'
import { createMachine, emulatorOf, type Emulator } from '../emulator.ts'
import type { Seed, SeedComment, SeedUser } from '../seeds/format.ts'
import type { JsonObject } from '../state/model.ts'
import { FULL_CAPABILITIES } from '../state/integrations.ts'
import { newBlock, type Origin } from '../state/tree.ts'
import { FREE_UPLOAD_BYTES } from '../uploads/upload.ts'
import { isObject } from '../validation/check.ts'
import { adopt } from './adopt.ts'
import type { Presumption } from './presume.ts'
import { isWrite, succeeded, type Interaction } from './recording.ts'
import type { Names } from './translate.ts'

/** A fresh emulator that holds what a session presumes. */
export interface World {
  emulator: Emulator
  token: string
  /** Sets the time, in milliseconds since the epoch. */
  setTime: (milliseconds: number) => void
  /** Whether an object was made within the minute, by whomever. */
  isNew: (id: string) => boolean
}

/** The bot where no answer names one. */
const NAMELESS_BOT = '00000000-0000-4000-8000-00000000b070'
/** The workspace where no answer names one. */
const NAMELESS_WORKSPACE = '00000000-0000-4000-8000-00000000ee70'

/** Builds the emulator in which a session is driven. What was there before keeps its recorded ids. */
export function createWorld(presumption: Presumption, names: Names): World {
  const own = ownBot(presumption)
  const workspaceId = stringOf(own.bot['workspace_id'], NAMELESS_WORKSPACE)
  const seeds = [seedOf(own, workspaceId, presumption)]
  let time = 0
  const machine = createMachine({ seeds, clock: { now: () => time }, ids: derivedIds('replay') })
  const { state, newId } = machine
  const origin: Origin = { state, newId, workspaceId, userId: own.id, now: 0, indexDelayMs: 0 }
  const hiddenRoot = newBlock(origin, { type: 'workspace' }, 'unsupported', {})
  adopt(origin, hiddenRoot, presumption)
  const tops = [...state.nodes.values()].filter((node) => node.parent.type === 'workspace')
  const emulator = emulatorOf(machine, { seeds })
  emulator.control.grant(own.id, { roots: tops.map((node) => node.id) })
  for (const id of [...state.nodes.keys(), ...state.users.keys(), ...state.comments.keys()]) names.set(id, id)
  return {
    emulator,
    token: emulator.control.mintToken(own.id, 'replay'),
    setTime: (milliseconds) => {
      time = milliseconds
    },
    isNew: (id) => (state.nodes.get(id)?.createdTime ?? 0) > time - MILLISECONDS_PER_MINUTE,
  }
}

interface OwnBot {
  id: string
  /** Member `bot` of its user, empty when no answer shows it whole. */
  bot: JsonObject
  name: string
}

/** The bot whose token was used: the one that answers show whole, or whoever made what the session made. */
function ownBot({ users, interactions, created }: Presumption): OwnBot {
  const whole = users.find((user) => isObject(user['bot']) && user['bot']['owner'] !== undefined)
  if (whole !== undefined && isObject(whole['bot'])) {
    return { id: stringOf(whole['id']), bot: whole['bot'], name: stringOf(whole['name']) }
  }
  const writes = interactions.filter((interaction) => succeeded(interaction) && isWrite(interaction))
  const maker = [...writes.flatMap((interaction) => makerOf(interaction, created)), ...writes.flatMap(editorOf)][0]
  const named = users.find((user) => user['id'] === maker)
  return { id: maker ?? NAMELESS_BOT, bot: {}, name: stringOf(named?.['name'], 'Integration') }
}

function makerOf({ answer, method }: Interaction, created: Set<string>): string[] {
  const user = answer?.['created_by']
  const isMaking = created.has(stringOf(answer?.['id'])) || (answer?.['object'] === 'comment' && method !== 'GET')
  return isMaking && isObject(user) ? [stringOf(user['id'])] : []
}

function editorOf({ answer }: Interaction): string[] {
  const user = answer?.['last_edited_by']
  return isObject(user) ? [stringOf(user['id'])] : []
}

function seedOf(own: OwnBot, workspaceId: string, { users, interactions, shown }: Presumption): Seed {
  const limits = isObject(own.bot['workspace_limits']) ? own.bot['workspace_limits'] : {}
  const isFree = limits['max_file_upload_size_in_bytes'] === FREE_UPLOAD_BYTES
  const person = users.find((user) => user['type'] === 'person')
  const isPrivate = interactions.some((entry) => entry.method === 'POST' && succeeded(entry) && isAtTheTop(entry.body))
  return {
    format: 'notion-seed/1',
    workspace: { id: workspaceId, name: stringOf(own.bot['workspace_name']), plan: isFree ? 'free' : 'plus' },
    users: seedUsers(users, own.id),
    installs: [
      {
        bot_id: own.id,
        integration: own.name,
        kind: isPrivate ? 'public' : 'internal',
        owner: isPrivate ? { type: 'user', user_id: stringOf(person?.['id'], own.id) } : { type: 'workspace' },
        roots: [],
        capabilities: [...FULL_CAPABILITIES],
      },
    ],
    pages: [],
    comments: [
      ...shown.filter(({ kind }) => kind === 'comment').map(({ wire }) => seedComment(wire)),
      ...interactions.filter(succeeded).flatMap(discussionOf),
    ],
  }
}

function seedComment(wire: JsonObject): SeedComment {
  const parent = isObject(wire['parent']) ? wire['parent'] : {}
  const type = typeof parent['page_id'] === 'string' ? 'page_id' : 'block_id'
  const author = isObject(wire['created_by']) ? stringOf(wire['created_by']['id']) : NAMELESS_BOT
  return {
    id: stringOf(wire['id']),
    discussion_id: stringOf(wire['discussion_id']),
    parent: { type, id: stringOf(parent[type]) },
    created_by: author,
    created_time: stringOf(wire['created_time']),
    text: '',
  }
}

/** A comment for the discussion that a new one goes on with. Resolved, so that no list shows it. */
function discussionOf({ body, answer }: Interaction): SeedComment[] {
  const discussion = isObject(body) ? parseId(body['discussion_id']) : null
  if (discussion === null || answer === null) return []
  return [{ ...seedComment(answer), id: derivedId('replay', discussion), discussion_id: discussion, resolved: true }]
}

/** Only an integration that acts for a person makes pages at the top of a workspace. */
function isAtTheTop(body: unknown): boolean {
  return isObject(body) && isObject(body['parent']) && body['parent']['workspace'] === true
}

function seedUsers(users: JsonObject[], botId: string): SeedUser[] {
  const own: JsonObject = { id: botId, type: 'bot', name: 'Integration' }
  const all = users.some(({ id }) => id === botId) ? users : [...users, own]
  return all.map((user) => {
    const person = isObject(user['person']) ? user['person'] : {}
    return {
      id: stringOf(user['id']),
      type: user['type'] === 'bot' ? 'bot' : 'person',
      name: stringOf(user['name']),
      avatar_url: typeof user['avatar_url'] === 'string' ? user['avatar_url'] : null,
      ...(typeof person['email'] === 'string' ? { email: person['email'] } : {}),
    }
  })
}
