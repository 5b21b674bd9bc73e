import { sql } from 'kysely'
import type { Insertable, RawBuilder, Selectable } from 'kysely'
import type { Transaction } from '#db/database.ts'
import { toJsonb } from '#db/jsonb.ts'
import type { ToolCallsTable, ToolCallStatus } from '#db/tables.ts'
import type { PolicyDecision } from './tool-call.ts'

export type ToolCallRow = Selectable<ToolCallsTable>

/**
 * Writes the row of a call that begins.
 * @returns its id, or undefined where the idempotency key was used before.
 */
export async function startCall(
  userId: number,
  tx: Transaction,
  row: Omit<Insertable<ToolCallsTable>, 'user_id' | 'status'>,
): Promise<number | undefined> {
  const inserted = await tx
    .insertInto('tool_calls')
    .values({ ...row, user_id: userId, status: 'started' })
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'idempotency_key']).where('idempotency_key', 'is not', null).doNothing(),
    )
    .returning('id')
    .executeTakeFirst()
  return inserted?.id
}

/** A call that is over, as one row. */
export type FinishedCall = Required<Omit<Insertable<ToolCallsTable>, 'user_id' | 'id' | 'idempotency_key' | 'result'>>

/** Writes rows of one user. */
export function insertCallsStatement(userId: number, rows: readonly FinishedCall[]): RawBuilder<unknown> {
  return sql`
    insert into tool_calls
      (user_id, tool, provider, connection_id, connection_label, agent_id, run_id, via, via_id, arguments_digest, status,
       error_code, request_bytes, result_bytes, started_at, duration_ms)
    select ${userId}::integer, tool, provider, connection_id, connection_label, agent_id, run_id, via, via_id,
      arguments_digest, status, error_code, request_bytes, result_bytes, started_at, duration_ms
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as finished (
      tool text, provider text, connection_id integer, connection_label text, agent_id integer, run_id integer, via text,
      via_id text, arguments_digest text, status text, error_code text, request_bytes integer, result_bytes integer,
      started_at timestamptz, duration_ms integer
    )`
}

export interface CallEnd {
  readonly status: Exclude<ToolCallStatus, 'started'>
  readonly errorCode: string | null
  /** Kept only for calls with an idempotency key, so that a repeat can be answered. */
  readonly result: unknown
  readonly resultBytes: number
  readonly durationMs: number
}

/** Ends the row of a call that was recorded before it was sent. */
export async function finishCall(userId: number, tx: Transaction, id: number, end: CallEnd): Promise<void> {
  await tx
    .updateTable('tool_calls')
    .set({
      status: end.status,
      error_code: end.errorCode,
      result: end.result === null ? null : toJsonb(end.result),
      result_bytes: end.resultBytes,
      duration_ms: end.durationMs,
      // What failed had no effect: the same key may try again.
      ...(end.status === 'failed' ? { idempotency_key: null } : {}),
    })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .execute()
}

export async function findByIdempotencyKey(
  userId: number,
  tx: Transaction,
  key: string,
): Promise<ToolCallRow | undefined> {
  return tx
    .selectFrom('tool_calls')
    .selectAll()
    .where('user_id', '=', userId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst()
}

/** A decision of a user: for everything that acts in their name, or for one agent alone. */
export interface PolicyRow {
  readonly tool: string
  readonly decision: PolicyDecision
  readonly agent_id: number | null
}

/** A user's own decisions. */
export function policiesStatement(userId: number): RawBuilder<PolicyRow> {
  return sql`
    select tool, decision, null::integer as agent_id from tool_policies where user_id = ${userId}
    union all
    select tool, decision, agent_id from agent_tool_policies where user_id = ${userId}
    order by tool`
}

/** For everything that acts in the user’s name, in place of what was decided before. */
export async function setPolicy(
  userId: number,
  tx: Transaction,
  tool: string,
  decision: PolicyDecision,
): Promise<void> {
  await tx
    .insertInto('tool_policies')
    .values({ user_id: userId, tool, decision })
    .onConflict((conflict) => conflict.columns(['user_id', 'tool']).doUpdateSet({ decision, updated_at: sql`now()` }))
    .execute()
}

export async function deletePolicy(userId: number, tx: Transaction, tool: string): Promise<void> {
  await tx.deleteFrom('tool_policies').where('user_id', '=', userId).where('tool', '=', tool).execute()
}

/** For one agent alone, in place of what was decided for it before. */
export async function setAgentPolicy(
  userId: number,
  tx: Transaction,
  { agent, tool, decision }: { readonly agent: PolicyAgent; readonly tool: string; readonly decision: PolicyDecision },
): Promise<void> {
  await tx
    .insertInto('agent_tool_policies')
    .values({ user_id: userId, agent_user_id: agent.user_id, agent_id: agent.id, tool, decision })
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'agent_id', 'tool']).doUpdateSet({ decision, updated_at: sql`now()` }),
    )
    .execute()
}

/** The agent that a decision is about: the user's own, or one that its author shares. */
export interface PolicyAgent {
  readonly user_id: number
  readonly id: number
}

export async function deleteAgentPolicy(
  userId: number,
  tx: Transaction,
  { agentId, tool }: { readonly agentId: number; readonly tool: string },
): Promise<void> {
  await tx
    .deleteFrom('agent_tool_policies')
    .where('user_id', '=', userId)
    .where('agent_id', '=', agentId)
    .where('tool', '=', tool)
    .execute()
}

/** Removes what a user decided about a tool for any of their agents. */
export async function deleteAgentPolicies(userId: number, tx: Transaction, tool: string): Promise<void> {
  await tx.deleteFrom('agent_tool_policies').where('user_id', '=', userId).where('tool', '=', tool).execute()
}
