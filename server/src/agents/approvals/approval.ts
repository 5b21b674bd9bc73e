import type { Selectable } from 'kysely'
import type { ApprovalsTable, ApprovalStatus } from '#db/agent-tables.ts'
import { asStored } from '#db/jsonb.ts'
import { digestOf } from '#kernel/canonical.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'

export type ApprovalRow = Selectable<ApprovalsTable>
export type Decision = 'approve' | 'deny'

/** An approval that a run waits for. */
export type RunApprovalRow = ApprovalRow & { readonly run_id: number; readonly tool_call_id: string }

/** Whether a run waits for it; else an MCP client asked, and nothing goes on by itself. */
export function isOfRun(row: ApprovalRow): row is RunApprovalRow {
  return row.run_id !== null && row.tool_call_id !== null
}

/** The status that holds now: nobody needs to write down that time has passed. */
export function statusAt(row: ApprovalRow, now: Date): ApprovalStatus {
  const ends = row.status === 'pending' || (row.status === 'approved' && row.client_kind !== null)
  return ends && row.expires_at.getTime() <= now.getTime() ? 'expired' : row.status
}

/** An approval as the API shows it: exactly what would be done. */
export function approvalView(row: ApprovalRow, now: Date) {
  return {
    id: row.id,
    status: statusAt(row, now),
    tool: row.tool,
    target: row.target,
    about: row.about,
    arguments: row.arguments,
    arguments_digest: row.arguments_digest,
    connection_id: row.connection_id,
    tool_call_id: row.tool_call_id,
    client: row.client_kind === null ? null : { kind: row.client_kind, id: row.client_id ?? '' },
    run_id: row.run_id,
    thread_id: row.thread_id,
    reason: row.reason,
    asked_because: row.asked_because,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    decided_at: row.decided_at?.toISOString() ?? null,
  }
}

/** One answer for an approval that does not exist and for one that is somebody else's. */
export function approvalNotFound() {
  return failure('not_found', 'There is no approval with this id. List yours with GET /api/approvals?status=pending.')
}

/**
 * Whether a decision can still be made, about exactly these arguments.
 * @param seen the arguments that the person was shown, where the client sends them back
 */
export function checkDecision(row: ApprovalRow, now: Date, seen: unknown): Outcome<null> {
  const status = statusAt(row, now)
  if (status === 'expired') {
    return failure('conflict', 'This approval has expired and nothing was done. Ask for it again.', {
      extra: { approval_status: status },
    })
  }
  if (status !== 'pending') {
    return failure('conflict', `This approval was decided before (${status}). Each can be decided once.`, {
      extra: { approval_status: status },
    })
  }
  const changed = seen !== undefined && digestOf(asStored(seen)) !== row.arguments_digest
  if (changed || !holdsItsDigest(row)) {
    return failure('conflict', 'The arguments are not those of the approval. Nothing was done; ask for it again.', {
      path: 'arguments',
      extra: { approval_status: status },
    })
  }
  return success(null)
}

/** False where the stored arguments are not those that were digested when the approval was asked for. */
export function holdsItsDigest(row: Pick<ApprovalRow, 'arguments' | 'arguments_digest'>): boolean {
  return digestOf(row.arguments) === row.arguments_digest
}
