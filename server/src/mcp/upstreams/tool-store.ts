import { sql, type RawBuilder, type Selectable } from 'kysely'
import type { Transaction } from '#db/database.ts'
import { toJsonb } from '#db/jsonb.ts'
import type { UpstreamToolsTable } from '#db/connection-tables.ts'
import type { ToolDefinition } from './definitions.ts'

export type UpstreamToolRow = Selectable<UpstreamToolsTable>

/** A server of a user. */
export interface OwnServerRow {
  readonly connection_id: number
  readonly url: string
  readonly prefix: string
  readonly label: string
}

/** A tool with its server. */
export interface OwnToolRow extends OwnServerRow {
  readonly name: string
  readonly definition: ToolDefinition
  readonly digest: string
  readonly changed_digest: string | null
  readonly removed_at: Date | null
}

/** The digest of a tool that its user has never accepted. */
export const NEVER_ACCEPTED = ''

/** All tools of a user's servers, oldest server first: the order in which names are given. One row for a server without any. */
export function ownToolsStatement(userId: number): RawBuilder<OwnToolRow | (OwnServerRow & { readonly name: null })> {
  return sql`
    select server.connection_id, server.url, server.prefix, connection.label, tool.name, tool.definition, tool.digest,
      tool.changed_digest, tool.removed_at
    from upstream_servers server
    join mcp_connections connection on connection.user_id = server.user_id and connection.id = server.connection_id
    left join upstream_tools tool on tool.user_id = server.user_id and tool.connection_id = server.connection_id
    where server.user_id = ${userId}
    order by server.connection_id, tool.name`
}

export async function toolsOfServer(
  userId: number,
  tx: Transaction,
  connectionId: number,
): Promise<readonly UpstreamToolRow[]> {
  return tx
    .selectFrom('upstream_tools')
    .selectAll()
    .where('user_id', '=', userId)
    .where('connection_id', '=', connectionId)
    .orderBy('name')
    .execute()
}

/** Seconds in which its user still knows what was just connected. */
const NEW_SECONDS = 600

/** The server's row, locked until the transaction ends, so that two lists are not compared at once; null where there is none. */
export async function lockServer(
  userId: number,
  tx: Transaction,
  connectionId: number,
): Promise<{ isNew: boolean } | null> {
  const row = await tx
    .selectFrom('upstream_servers')
    .select(sql<boolean>`created_at > now() - ${NEW_SECONDS} * interval '1 second'`.as('isNew'))
    .where('user_id', '=', userId)
    .where('connection_id', '=', connectionId)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export interface Pinned {
  readonly definition: ToolDefinition
  readonly digest: string
}

export async function insertAccepted(
  userId: number,
  tx: Transaction,
  connectionId: number,
  tools: readonly Pinned[],
): Promise<void> {
  if (tools.length === 0) return
  await tx
    .insertInto('upstream_tools')
    .values(
      tools.map(({ definition, digest }) => ({
        user_id: userId,
        connection_id: connectionId,
        name: definition.name,
        definition: toJsonb(definition),
        digest,
      })),
    )
    .execute()
}

/** A tool that came later: it waits, and is nothing until it is accepted. */
export async function insertWaiting(
  userId: number,
  tx: Transaction,
  connectionId: number,
  { definition, digest }: Pinned,
): Promise<void> {
  await tx
    .insertInto('upstream_tools')
    .values({
      user_id: userId,
      connection_id: connectionId,
      name: definition.name,
      definition: toJsonb({}),
      digest: NEVER_ACCEPTED,
      changed_definition: toJsonb(definition),
      changed_digest: digest,
      changed_at: sql`now()`,
    })
    .execute()
}

export interface ToolPlace {
  readonly connectionId: number
  readonly name: string
}

export async function noteChange(
  userId: number,
  tx: Transaction,
  { connectionId, name }: ToolPlace,
  change: Pinned | null,
): Promise<void> {
  await tx
    .updateTable('upstream_tools')
    .set({
      changed_definition: change === null ? null : toJsonb(change.definition),
      changed_digest: change?.digest ?? null,
      changed_at: change === null ? null : sql`now()`,
      removed_at: null,
    })
    .where('user_id', '=', userId)
    .where('connection_id', '=', connectionId)
    .where('name', '=', name)
    .execute()
}

export async function noteRemoval(userId: number, tx: Transaction, { connectionId, name }: ToolPlace): Promise<void> {
  await tx
    .updateTable('upstream_tools')
    .set({ removed_at: sql`now()`, changed_definition: null, changed_digest: null, changed_at: null })
    .where('user_id', '=', userId)
    .where('connection_id', '=', connectionId)
    .where('name', '=', name)
    .execute()
}

export async function deleteTool(userId: number, tx: Transaction, { connectionId, name }: ToolPlace): Promise<void> {
  await tx
    .deleteFrom('upstream_tools')
    .where('user_id', '=', userId)
    .where('connection_id', '=', connectionId)
    .where('name', '=', name)
    .execute()
}

/**
 * Takes a change as it was shown.
 * @returns false where the tool has changed again since, or nothing waits
 */
export async function acceptChange(
  userId: number,
  tx: Transaction,
  { connectionId, name }: ToolPlace,
  digest: string,
): Promise<boolean> {
  const updated = await tx
    .updateTable('upstream_tools')
    .set({
      definition: sql`changed_definition`,
      digest: sql`changed_digest`,
      changed_definition: null,
      changed_digest: null,
      changed_at: null,
      accepted_at: sql`now()`,
    })
    .where('user_id', '=', userId)
    .where('connection_id', '=', connectionId)
    .where('name', '=', name)
    .where('changed_digest', '=', digest)
    .executeTakeFirst()
  return updated.numUpdatedRows > 0n
}

/** How many tools of each server wait to be accepted; servers without any are left out. */
export async function countWaiting(userId: number, tx: Transaction): Promise<ReadonlyMap<number, number>> {
  const rows = await tx
    .selectFrom('upstream_tools')
    .select(['connection_id', sql<number>`count(*)::integer`.as('waiting')])
    .where('user_id', '=', userId)
    .where('changed_digest', 'is not', null)
    .groupBy('connection_id')
    .execute()
  return new Map(rows.map(({ connection_id: id, waiting }) => [id, waiting]))
}
