import { actorOf, type Audit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import { canonicalJson } from '#kernel/canonical.ts'
import { isRecord } from '#kernel/json-values.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import { annotationsOf, exposedName, type ToolDefinition } from './definitions.ts'
import { listServers } from './store.ts'
import { acceptChange, NEVER_ACCEPTED, toolsOfServer, type UpstreamToolRow } from './tool-store.ts'

/** What a server says of its tools that its user has not accepted yet, with the difference, and their decision. */

export interface ToolChange {
  /** As the server calls it. */
  readonly name: string
  /** As agents and clients know it. */
  readonly tool: string
  readonly kind: 'added' | 'changed' | 'removed'
  /** What an acceptance is bound to; null where nothing can be accepted. */
  readonly digest: string | null
  readonly since: string
  readonly fields: readonly FieldChange[]
  /** Whether the tool would run without a question, before and after. */
  readonly reads_only: { readonly before: boolean | null; readonly after: boolean | null }
}

export interface FieldChange {
  /** Such as `description`, or `inputSchema.properties.query`. */
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

export interface ChangeDeps {
  readonly database: Database
  readonly audit: Audit
}

/** Fields of one tool that are listed; beyond it the tool is another one anyway. */
const FIELDS_MAXIMUM = 100

/** @returns null where the user has no such server */
export async function toolChanges(
  { database }: Pick<ChangeDeps, 'database'>,
  { userId }: Pick<Principal, 'userId'>,
  connectionId: number,
): Promise<readonly ToolChange[] | null> {
  return database.asUser(userId, async (tx) => {
    const server = (await listServers(userId, tx)).find((each) => each.connection_id === connectionId)
    if (server === undefined) return null
    const rows = await toolsOfServer(userId, tx, connectionId)
    return rows.flatMap((row) => changeOf(row, server.prefix))
  })
}

function changeOf(row: UpstreamToolRow, prefix: string): ToolChange[] {
  const { name, changed_definition, changed_digest, changed_at, removed_at } = row
  const tool = exposedName(prefix, name)
  const before = row.digest === NEVER_ACCEPTED ? null : (row.definition as unknown as ToolDefinition)
  if (removed_at !== null) {
    const reads = { before: readsOnly(before), after: null }
    return [
      { name, tool, kind: 'removed', digest: null, since: removed_at.toISOString(), fields: [], reads_only: reads },
    ]
  }
  if (changed_definition === null || changed_digest === null || changed_at === null) return []
  const after = changed_definition as unknown as ToolDefinition
  return [
    {
      name,
      tool,
      kind: before === null ? 'added' : 'changed',
      digest: changed_digest,
      since: changed_at.toISOString(),
      fields: fieldsOf(before ?? {}, after),
      reads_only: { before: readsOnly(before), after: readsOnly(after) },
    },
  ]
}

function readsOnly(definition: ToolDefinition | null): boolean | null {
  return definition === null ? null : annotationsOf(definition).readOnly
}

/** Every member that differs, as deep as both have the same objects; what one of them lacks is null there. */
function fieldsOf(before: object, after: object): readonly FieldChange[] {
  const fields: FieldChange[] = []
  compare(fields, '', before as Record<string, unknown>, after as Record<string, unknown>)
  return fields
}

function compare(
  fields: FieldChange[],
  path: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): void {
  for (const member of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (fields.length >= FIELDS_MAXIMUM) return
    const [one, other] = [before[member] ?? null, after[member] ?? null]
    const field = path === '' ? member : `${path}.${member}`
    if (canonicalJson(one) === canonicalJson(other)) continue
    if (isRecord(one) && isRecord(other)) compare(fields, field, one, other)
    else fields.push({ field, before: one, after: other })
  }
}

export interface AcceptInput {
  readonly connectionId: number
  /** Of the changes as they were shown. */
  readonly digests: readonly string[]
  readonly requestId: string
}

export interface Accepted {
  /** The server's names of the tools that may be called from now on. */
  readonly accepted: readonly string[]
  /** Digests that nothing has any more: the tool has changed again meanwhile. Look at the changes once more. */
  readonly outdated: readonly string[]
}

/** Takes the changes with these digests, and no others: what was not shown is not accepted. */
export async function acceptChanges(
  { database, audit }: ChangeDeps,
  principal: Principal,
  { connectionId, digests, requestId }: AcceptInput,
): Promise<Outcome<Accepted>> {
  const { userId } = principal
  const wanted = new Set(digests)
  const accepted = await database.asUser(userId, async (tx) => {
    const rows = await toolsOfServer(userId, tx, connectionId)
    const taken: { readonly name: string; readonly digest: string }[] = []
    for (const { name, changed_digest: digest } of rows) {
      if (digest === null || !wanted.has(digest)) continue
      if (await acceptChange(userId, tx, { connectionId, name }, digest)) taken.push({ name, digest })
    }
    return taken
  })
  if (accepted.length === 0 && wanted.size > 0) {
    return failure('not_found', 'None of these changes waits. GET the changes of the server lists those that do.')
  }
  const taken = new Set(accepted.map(({ digest }) => digest))
  await audit.record({
    userId,
    type: 'connection.tools_accepted',
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'connection', id: connectionId },
    details: { tools: accepted.map(({ name }) => name) },
    requestId,
  })
  return success({
    accepted: accepted.map(({ name }) => name),
    outdated: [...wanted].filter((each) => !taken.has(each)),
  })
}
