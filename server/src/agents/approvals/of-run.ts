import type { Database, Transaction } from '#db/database.ts'
import { holdsItsDigest, isOfRun, statusAt, type ApprovalRow } from './approval.ts'
import { approvalsOfRun, claimApproved, expirePending } from './store.ts'

/** What runs read and write of their approvals. */

/** All approvals of a run by the id of the tool call that each is about. */
export async function approvalsByCall(
  userId: number,
  tx: Transaction,
  runId: number,
): Promise<ReadonlyMap<string, ApprovalRow>> {
  const rows = await approvalsOfRun(userId, tx, runId)
  return new Map(rows.filter(isOfRun).map((row) => [row.tool_call_id, row]))
}

/** Those of a run that a person can still decide about. */
export async function pendingApprovals(
  userId: number,
  tx: Transaction,
  runId: number,
  now: Date,
): Promise<ApprovalRow[]> {
  const rows = await approvalsOfRun(userId, tx, runId)
  return rows.filter((row) => statusAt(row, now) === 'pending')
}

/**
 * Takes an approved call for its one use and gives the arguments to call with. A call that was taken before by a process
 * that died is given again: the ledger of tool calls knows whether it had its effect. Null: it may not be made.
 */
export async function claimApproval(
  database: Database,
  userId: number,
  approval: ApprovalRow,
  now: Date,
): Promise<ApprovalRow | null> {
  if (!holdsItsDigest(approval)) return null
  if (approval.status === 'used') return approval
  return (await database.asUser(userId, (tx) => claimApproved(userId, tx, approval.id, now))) ?? null
}

/** Ends the approvals of a thread that nobody decided about. */
export async function withdrawApprovals(
  userId: number,
  tx: Transaction,
  threadId: number,
  end: { readonly reason: string; readonly at: Date },
): Promise<void> {
  await expirePending(userId, tx, threadId, end)
}
