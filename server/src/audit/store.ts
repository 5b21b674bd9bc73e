import { sql } from 'kysely'
import type { RawBuilder, Selectable, SqlBool } from 'kysely'
import type { Statement, Transaction } from '#db/database.ts'
import type { AuditEventsTable } from '#db/tables.ts'
import type { ActivityFilter } from './activity-query.ts'
import type { ChainedEvent } from './chain.ts'

export type AuditRow = Selectable<AuditEventsTable>

export interface Head {
  readonly id: number
  readonly hash: string
}

/** The end of the chain, locked until the transaction ends: one writer at a time, over all replicas. */
export async function lockHead(tx: Transaction): Promise<Head> {
  const row = await tx.selectFrom('audit_head').select(['last_id', 'last_hash']).forUpdate().executeTakeFirstOrThrow()
  return { id: row.last_id, hash: row.last_hash }
}

/** The end of the chain as it is now; another may be appending. */
export async function readHead(tx: Transaction): Promise<Head> {
  const row = await tx.selectFrom('audit_head').select(['last_id', 'last_hash']).executeTakeFirstOrThrow()
  return { id: row.last_id, hash: row.last_hash }
}

/**
 * Appends events and moves the end of the chain, if it still is where the caller takes it to be: one statement, all or
 * nothing, whoever else appends at the same moment. Writes a row for each event, and none where the end had moved.
 */
export function appendStatement(before: Head, events: readonly ChainLink[]): Statement {
  const last = events.at(-1)
  if (last === undefined) throw new TypeError('There is nothing to append')
  return { text: APPEND, values: [last.id, last.hash, before.id, before.hash, JSON.stringify(events)] }
}

const APPEND = `
  with moved as (
    update audit_head set last_id = $1, last_hash = $2 where last_id = $3 and last_hash = $4 returning last_id
  )
  insert into audit_events
    (id, user_id, type, outcome, actor, target, details, request_id, at, previous_hash, hash)
  select id, user_id, type, outcome, actor, target, details, request_id, at, previous_hash, hash
  from moved, jsonb_to_recordset($5::jsonb) as event (
    id bigint, user_id integer, type text, outcome text, actor jsonb, target jsonb, details jsonb,
    request_id text, at timestamptz, previous_hash text, hash text
  )`

/** An event with its place in the chain. */
export type ChainLink = ChainedEvent & { readonly hash: string }

/** Events in the order of the chain, for the verification. */
export async function eventsAfter(tx: Transaction, id: number, limit: number): Promise<AuditRow[]> {
  return tx.selectFrom('audit_events').selectAll().where('id', '>', id).orderBy('id').limit(limit).execute()
}

type Conditions = {
  readonly [Name in keyof ActivityFilter]-?: (value: NonNullable<ActivityFilter[Name]>) => RawBuilder<SqlBool>
}

const CONDITIONS: Conditions = {
  cursor: (before) => sql`id < ${before}`,
  type: (types) => sql`type in (${sql.join(types)})`,
  except: (types) => sql`type not in (${sql.join(types)})`,
  outcome: (outcome) => sql`outcome = ${outcome}`,
  provider: (provider) => sql`target ->> 'provider' = ${provider}`,
  tool: (tool) => sql`coalesce(details ->> 'tool', target ->> 'tool') = ${tool}`,
  agent_id: (agentId) => sql`actor ->> 'agent_id' = ${String(agentId)}`,
  via: (via) => sql`actor ->> 'via' = ${via}`,
  via_id: (id) => sql`actor ->> 'via_id' = ${id}`,
  from: (from) => sql`at >= ${from}`,
  to: (to) => sql`at < ${to}`,
}

function conditionsOf(filter: ActivityFilter): RawBuilder<SqlBool>[] {
  return (Object.keys(CONDITIONS) as (keyof Conditions)[]).flatMap((name) => {
    const value = filter[name]
    // Each condition takes what its own filter holds, which the type of a lookup by name cannot say.
    return value === undefined ? [] : [(CONDITIONS[name] as (value: unknown) => RawBuilder<SqlBool>)(value)]
  })
}

/** A user's own events, newest first. */
export async function listEvents(
  userId: number,
  tx: Transaction,
  filter: ActivityFilter,
  limit: number,
): Promise<AuditRow[]> {
  let query = tx.selectFrom('audit_events').selectAll().where('user_id', '=', userId)
  for (const condition of conditionsOf(filter)) query = query.where(condition)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

export interface FailureFilter {
  readonly before?: number
  readonly limit: number
  readonly type?: string
  readonly userId?: number
  /** Where it came from. */
  readonly address?: string
}

/** Security events of the whole instance, newest first: what failed or was denied. */
export async function listFailures(tx: Transaction, filter: FailureFilter): Promise<AuditRow[]> {
  let query = tx.selectFrom('audit_events').selectAll().where('outcome', '!=', 'success')
  if (filter.before !== undefined) query = query.where('id', '<', filter.before)
  if (filter.type !== undefined) query = query.where('type', '=', filter.type)
  if (filter.userId !== undefined) query = query.where('user_id', '=', filter.userId)
  if (filter.address !== undefined) query = query.where(sql`actor ->> 'address'`, '=', filter.address)
  return query.orderBy('id', 'desc').limit(filter.limit).execute()
}
