import type { Audit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import type { Transaction } from '#db/database.ts'
import { definitionDigest, readDefinitions, type ToolDefinition } from './definitions.ts'
import {
  deleteTool,
  insertAccepted,
  insertWaiting,
  lockServer,
  NEVER_ACCEPTED,
  noteChange,
  noteRemoval,
  toolsOfServer,
  type Pinned,
  type UpstreamToolRow,
} from './tool-store.ts'

/**
 * Compares what a server offers with what its user has accepted. The first list is taken as it is: the user has just
 * chosen this server. From then on nothing new is used before the user has seen it: a tool that changed after it was
 * trusted is the oldest trick.
 */

export interface Learned {
  /** The server's name of each tool → the digest of its definition now. */
  readonly digests: ReadonlyMap<string, string>
  readonly tools: number
  /** In words, what was left out of the list and why; a few of them. */
  readonly leftOut: readonly string[]
  /** Tools whose definition has become another with this list, or that are new with it. */
  readonly changed: readonly string[]
}

export interface LearnDeps {
  readonly database: Database
  readonly audit: Audit
}

interface Server {
  readonly userId: number
  readonly connectionId: number
}

/** Rows of one server: a server that makes up new names with every list must not fill the table. */
const ROWS_MAXIMUM = 512
/** Left out tools that are named. */
const NAMED_MAXIMUM = 10

export async function learnTools(deps: LearnDeps, server: Server, offered: readonly unknown[]): Promise<Learned> {
  const { taken, refused, beyond } = readDefinitions(offered)
  const now = new Map(taken.map((definition) => [definition.name, pinnedOf(definition)]))
  const changed = await deps.database.asUser(server.userId, (tx) => compare(tx, server, now))
  if (changed.length > 0) await recordChange(deps, server, changed)
  return {
    digests: new Map([...now].map(([name, { digest }]) => [name, digest])),
    tools: taken.length,
    leftOut: leftOutOf(refused, beyond),
    changed,
  }
}

function pinnedOf(definition: ToolDefinition): Pinned {
  return { definition, digest: definitionDigest(definition) }
}

function leftOutOf(refused: ReturnType<typeof readDefinitions>['refused'], beyond: number): string[] {
  const named = refused.slice(0, NAMED_MAXIMUM).map(({ name, reason }) => `${name || 'A tool'}: ${reason}`)
  const more = refused.length - named.length
  return [
    ...named,
    ...(more > 0 ? [`${more} more that cannot be used.`] : []),
    ...(beyond > 0 ? ['The server offers more tools than are taken; those after the first are left out.'] : []),
  ]
}

/** @returns the names of those that wait since now */
async function compare(
  tx: Transaction,
  { userId, connectionId }: Server,
  now: ReadonlyMap<string, Pinned>,
): Promise<readonly string[]> {
  if ((await lockServer(userId, tx, connectionId)) === null) return []
  const rows = await toolsOfServer(userId, tx, connectionId)
  if (rows.length === 0) {
    await insertAccepted(userId, tx, connectionId, [...now.values()])
    return []
  }
  const changed: string[] = []
  for (const row of rows) {
    const place = { connectionId, name: row.name }
    const step = stepFor(row, now.get(row.name))
    if (step === 'change') changed.push(row.name)
    if (step === 'change' || step === 'restore') await noteChange(userId, tx, place, changeOf(row, now.get(row.name)))
    if (step === 'remove') await noteRemoval(userId, tx, place)
    if (step === 'delete') await deleteTool(userId, tx, place)
  }
  const known = new Set(rows.map(({ name }) => name))
  const added = [...now.values()].filter(({ definition }) => !known.has(definition.name))
  for (const tool of added.slice(0, Math.max(0, ROWS_MAXIMUM - rows.length))) {
    await insertWaiting(userId, tx, connectionId, tool)
    changed.push(tool.definition.name)
  }
  return changed
}

/** What a list means for a tool that is known. */
function stepFor(row: UpstreamToolRow, now: Pinned | undefined): 'none' | 'change' | 'restore' | 'remove' | 'delete' {
  if (now === undefined) {
    if (row.digest === NEVER_ACCEPTED) return 'delete'
    return row.removed_at === null ? 'remove' : 'none'
  }
  if (now.digest === row.digest) return row.changed_digest === null && row.removed_at === null ? 'none' : 'restore'
  return now.digest === row.changed_digest && row.removed_at === null ? 'none' : 'change'
}

function changeOf(row: UpstreamToolRow, now: Pinned | undefined): Pinned | null {
  return now === undefined || now.digest === row.digest ? null : now
}

async function recordChange({ audit }: LearnDeps, server: Server, changed: readonly string[]): Promise<void> {
  await audit.record({
    userId: server.userId,
    type: 'connection.tools_changed',
    outcome: 'success',
    actor: { kind: 'remote_server' },
    target: { kind: 'connection', id: server.connectionId },
    details: { tools: changed.slice(0, NAMED_MAXIMUM), count: changed.length },
  })
}
