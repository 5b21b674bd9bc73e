import { sql } from 'kysely'
import type { ExpressionBuilder, Insertable, Updateable } from 'kysely'
import type { Transaction } from '#db/database.ts'
import { MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'
import type { ConnectionStatus, ConnectionsTable } from '#db/connection-tables.ts'
import type { Tables } from '#db/tables.ts'
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

/** The row, which nobody else writes until the transaction ends. */
export async function lockConnection(userId: number, tx: Transaction, id: number): Promise<ConnectionRow | undefined> {
  return tx
    .selectFrom('mcp_connections')
    .selectAll()
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .forUpdate()
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

export interface ClaimKey {
  readonly id: number
  readonly version: number
  /** The claim that was seen: null, or one that is taken over. */
  readonly claim: string | null
}

/** @returns true where the row is still as it was seen, and is now claimed. */
export async function claimRenewal(userId: number, tx: Transaction, key: ClaimKey, claim: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('mcp_connections')
    .set({ renewal_claim: claim })
    .where('user_id', '=', userId)
    .where('id', '=', key.id)
    .where('version', '=', key.version)
    .where(sql<boolean>`renewal_claim is not distinct from ${key.claim}`)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Lets others ask, and notes why this one got nothing. */
export async function releaseRenewal(
  userId: number,
  tx: Transaction,
  { id, claim }: Pick<ClaimKey, 'id' | 'claim'>,
  error: Pick<Updateable<ConnectionsTable>, 'last_error' | 'last_error_at'>,
): Promise<void> {
  await tx
    .updateTable('mcp_connections')
    .set({ ...error, renewal_claim: null })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where('renewal_claim', '=', claim)
    .execute()
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

/** True where any connection lives on a grant of this account, whoever's it is. Across users. */
export async function hasLiveGrant(tx: Transaction, provider: string, accountId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('mcp_connections')
    .select('id')
    .where('provider', '=', provider)
    .where('account_id', '=', accountId)
    .where('method', '=', 'oauth2')
    .where('status', '=', 'connected')
    .where('is_active', '=', true)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** News of a connection that change nothing about it; no replica has to hear of them. */
export type Touch = Pick<
  Updateable<ConnectionsTable>,
  'last_used_at' | 'last_success_at' | 'last_error_at' | 'last_error' | 'checked_at'
>

export async function touchConnection(userId: number, tx: Transaction, id: number, news: Touch): Promise<void> {
  await tx.updateTable('mcp_connections').set(news).where('user_id', '=', userId).where('id', '=', id).execute()
}

export interface Turn {
  readonly now: Date
  readonly limit: number
}

/** Users who are kept out: nothing is done with their credentials meanwhile, not by jobs either. */
function suspended(users: ExpressionBuilder<Tables, 'mcp_connections'>, now: Date) {
  return users
    .selectFrom('users')
    .select('users.id')
    .where('banned', '=', true)
    .where((ban) => ban.or([ban('ban_expires', 'is', null), ban('ban_expires', '>', now)]))
}

/**
 * Takes connections whose tokens are to be renewed ahead of their end. Each is put off first, so that no other process
 * takes it too, and that one which fails comes again later. Across users.
 * @param again the earliest time for that; up to as long again is added, so that not all come at once
 */
export async function takeDueRenewals(
  tx: Transaction,
  { now, limit, again }: Turn & { readonly again: Date },
): Promise<ConnectionRow[]> {
  const spread = (again.getTime() - now.getTime()) / MILLISECONDS_PER_SECOND
  return tx
    .updateTable('mcp_connections')
    .set({
      refresh_at: sql<Date>`${again.toISOString()}::timestamptz + random() * ${spread}::float8 * interval '1 second'`,
    })
    .where('id', 'in', (inner) =>
      inner
        .selectFrom('mcp_connections')
        .select('id')
        .where('status', '=', 'connected')
        .where('is_active', '=', true)
        .where('refresh_at', '<=', now)
        .where('user_id', 'not in', (users) => suspended(users, now))
        .orderBy('refresh_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
}

/**
 * Takes connections that nobody has asked about since a time, the longest unasked first. Of those that have ended, the ones
 * with a pasted key: a provider may have refused it by mistake. Across users.
 */
export async function takeQuiet(
  tx: Transaction,
  { now, limit, since, status }: Turn & { readonly since: Date; readonly status: ConnectionStatus },
): Promise<ConnectionRow[]> {
  return tx
    .updateTable('mcp_connections')
    .set({ checked_at: now })
    .where('id', 'in', (inner) => {
      const quiet = inner
        .selectFrom('mcp_connections')
        .select('id')
        .where('status', '=', status)
        .where('is_active', '=', true)
        .where(sql<boolean>`greatest(checked_at, last_success_at, connected_at) < ${since.toISOString()}::timestamptz`)
        .where('user_id', 'not in', (users) => suspended(users, now))
      const askable = status === 'connected' ? quiet : quiet.where('method', '=', 'api_key')
      return askable
        .orderBy(sql`checked_at nulls first`)
        .limit(limit)
        .forUpdate()
        .skipLocked()
    })
    .returningAll()
    .execute()
}
