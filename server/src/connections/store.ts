import { sql } from 'kysely'
import type { Insertable, Updateable } from 'kysely'
import type { Transaction } from '#db/database.ts'
import type { ConnectionStatus, ConnectionsTable } from '#db/tables.ts'
import type { ConnectionRow } from './connection.ts'

/** All SQL of mcp_connections, but for the rotation of keys. The user comes first, and into every WHERE. */

/** Any constant; with the user it makes the name of the lock that orders connects and disconnects of one user. */
const CONNECTIONS_LOCK = 7_210

/** Until the transaction ends, no other connect or disconnect of this user runs, on any replica. */
export async function lockConnections(userId: number, tx: Transaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(${CONNECTIONS_LOCK}::integer, ${userId}::integer)`.execute(tx)
}

/** Ids come from the sequence before the row exists, because the seal covers them. */
export async function nextConnectionId(tx: Transaction): Promise<number> {
  const result = await sql<{ id: number }>`select nextval('mcp_connections_id_seq') as id`.execute(tx)
  return Number(result.rows[0]?.id)
}

export async function insertConnection(
  userId: number,
  tx: Transaction,
  row: Omit<Insertable<ConnectionsTable>, 'user_id'>,
): Promise<ConnectionRow> {
  return tx
    .insertInto('mcp_connections')
    .values({ ...row, user_id: userId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function listConnections(userId: number, tx: Transaction): Promise<ConnectionRow[]> {
  return tx.selectFrom('mcp_connections').selectAll().where('user_id', '=', userId).orderBy('id').execute()
}

export async function findConnection(userId: number, tx: Transaction, id: number): Promise<ConnectionRow | undefined> {
  return tx
    .selectFrom('mcp_connections')
    .selectAll()
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function connectionsOfProvider(
  userId: number,
  tx: Transaction,
  provider: string,
): Promise<ConnectionRow[]> {
  return tx
    .selectFrom('mcp_connections')
    .selectAll()
    .where('user_id', '=', userId)
    .where('provider', '=', provider)
    .orderBy('id')
    .execute()
}

export interface ConnectionKey {
  readonly id: number
  /** Compare-and-swap: the row is written only while it still has this version. */
  readonly version?: number
  /** Likewise for the status, so that one change makes one event. */
  readonly status?: ConnectionStatus
}

/** @returns the row as it is now, or undefined where it is gone or its version moved on. */
export async function updateConnection(
  userId: number,
  tx: Transaction,
  key: ConnectionKey,
  change: Updateable<ConnectionsTable>,
): Promise<ConnectionRow | undefined> {
  let query = tx
    .updateTable('mcp_connections')
    .set({ ...change, updated_at: sql`now()` })
    .where('user_id', '=', userId)
    .where('id', '=', key.id)
  if (key.version !== undefined) query = query.where('version', '=', key.version)
  if (key.status !== undefined) query = query.where('status', '=', key.status)
  return query.returningAll().executeTakeFirst()
}

export async function deleteConnection(
  userId: number,
  tx: Transaction,
  id: number,
): Promise<ConnectionRow | undefined> {
  return tx
    .deleteFrom('mcp_connections')
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

/** Makes one connection the default of its provider; null leaves none. */
export async function setDefault(userId: number, tx: Transaction, provider: string, id: number | null): Promise<void> {
  await tx
    .updateTable('mcp_connections')
    .set({ is_default: false })
    .where('user_id', '=', userId)
    .where('provider', '=', provider)
    .where('is_default', '=', true)
    .execute()
  if (id === null) return
  await tx
    .updateTable('mcp_connections')
    .set({ is_default: true })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .execute()
}

export async function touchConnection(userId: number, tx: Transaction, id: number, at: Date): Promise<void> {
  await tx
    .updateTable('mcp_connections')
    .set({ last_used_at: at })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .execute()
}
