import { sql } from 'kysely'
import type { Insertable, Selectable } from 'kysely'
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
export type FinishedCall = Omit<Insertable<ToolCallsTable>, 'user_id' | 'idempotency_key' | 'result'>

export async function insertCalls(userId: number, tx: Transaction, rows: readonly FinishedCall[]): Promise<void> {
  await tx
    .insertInto('tool_calls')
    .values(rows.map((row) => ({ ...row, user_id: userId })))
    .execute()
}

export interface CallEnd {
  readonly status: Exclude<ToolCallStatus, 'started'>
  readonly errorCode: string | null
  /** Kept only for calls with an idempotency key, so that a repeat can be answered. */
  readonly result: unknown
  readonly resultBytes: number
  readonly durationMs: number
}

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

export async function listPolicies(
  userId: number,
  tx: Transaction,
): Promise<{ tool: string; decision: PolicyDecision }[]> {
  return tx
    .selectFrom('tool_policies')
    .select(['tool', 'decision'])
    .where('user_id', '=', userId)
    .orderBy('tool')
    .execute()
}

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
