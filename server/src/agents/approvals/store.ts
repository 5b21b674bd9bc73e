import type { Transaction } from '#db/database.ts'
import { toJsonb, toText } from '#db/jsonb.ts'
import type { ApprovalStatus } from '#db/tables.ts'
import type { ApprovalRow } from './approval.ts'

/** All SQL for `approvals`. */

export async function insertApproval(
  userId: number,
  tx: Transaction,
  approval: {
    readonly runId: number
    readonly threadId: number
    readonly toolCallId: string
    readonly tool: string
    readonly connectionId: number | null
    readonly arguments: unknown
    readonly digest: string
    readonly at: Date
    readonly expiresAt: Date
  },
): Promise<ApprovalRow> {
  return tx
    .insertInto('approvals')
    .values({
      user_id: userId,
      run_id: approval.runId,
      thread_id: approval.threadId,
      tool_call_id: toText(approval.toolCallId),
      tool: approval.tool,
      connection_id: approval.connectionId,
      arguments: toJsonb(approval.arguments),
      arguments_digest: approval.digest,
      created_at: approval.at,
      expires_at: approval.expiresAt,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function findApproval(userId: number, tx: Transaction, id: number): Promise<ApprovalRow | undefined> {
  return tx.selectFrom('approvals').selectAll().where('user_id', '=', userId).where('id', '=', id).executeTakeFirst()
}

export async function approvalsOfRun(userId: number, tx: Transaction, runId: number): Promise<ApprovalRow[]> {
  return tx
    .selectFrom('approvals')
    .selectAll()
    .where('user_id', '=', userId)
    .where('run_id', '=', runId)
    .orderBy('id')
    .execute()
}

export async function listApprovals(
  userId: number,
  tx: Transaction,
  page: {
    readonly before?: number
    readonly limit: number
    readonly status?: ApprovalStatus
    readonly threadId?: number
    readonly now: Date
  },
): Promise<ApprovalRow[]> {
  let query = tx.selectFrom('approvals').selectAll().where('user_id', '=', userId)
  if (page.before !== undefined) query = query.where('id', '<', page.before)
  if (page.threadId !== undefined) query = query.where('thread_id', '=', page.threadId)
  if (page.status === 'pending') query = query.where('status', '=', 'pending').where('expires_at', '>', page.now)
  else if (page.status === 'expired') {
    query = query.where((where) =>
      where.or([
        where('status', '=', 'expired'),
        where.and([where('status', '=', 'pending'), where('expires_at', '<=', page.now)]),
      ]),
    )
  } else if (page.status !== undefined) query = query.where('status', '=', page.status)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

/** Decides once: undefined where somebody else did before, or time ran out. */
export async function decidePending(
  userId: number,
  tx: Transaction,
  id: number,
  decision: { readonly status: 'approved' | 'denied'; readonly reason: string | null; readonly at: Date },
): Promise<ApprovalRow | undefined> {
  return tx
    .updateTable('approvals')
    .set({ status: decision.status, reason: decision.reason, decided_at: decision.at })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .where('expires_at', '>', decision.at)
    .returningAll()
    .executeTakeFirst()
}

/** Takes an approval for its one use: undefined where it was taken before or never given. */
export async function claimApproved(
  userId: number,
  tx: Transaction,
  id: number,
  at: Date,
): Promise<ApprovalRow | undefined> {
  return tx
    .updateTable('approvals')
    .set({ status: 'used', used_at: at })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where('status', '=', 'approved')
    .returningAll()
    .executeTakeFirst()
}

/** Ends what nobody decided about, because the conversation went on or the run was stopped. */
export async function expirePending(
  userId: number,
  tx: Transaction,
  threadId: number,
  end: { readonly reason: string; readonly at: Date },
): Promise<void> {
  await tx
    .updateTable('approvals')
    .set({ status: 'expired', reason: end.reason, decided_at: end.at })
    .where('user_id', '=', userId)
    .where('thread_id', '=', threadId)
    .where('status', '=', 'pending')
    .execute()
}
