import type { AgentDependencies } from '#agents/dependencies.ts'
import { pageOf, type Page, type PageRequest } from '#agents/page.ts'
import type { ApprovalStatus } from '#db/agent-tables.ts'
import type { Principal } from '#kernel/principal.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import { approvalNotFound, approvalView, type ApprovalRow } from './approval.ts'
import { findApproval, listApprovals as listRows } from './store.ts'

/** The caller's approvals, newest first. */
export async function listApprovals(
  deps: Pick<AgentDependencies, 'database' | 'clock'>,
  { userId }: Principal,
  request: PageRequest & { readonly status?: ApprovalStatus | undefined; readonly threadId?: number | undefined },
): Promise<Page<ApprovalRow>> {
  const rows = await deps.database.asUser(userId, (tx) =>
    listRows(userId, tx, {
      limit: request.limit + 1,
      now: deps.clock.now(),
      ...(request.cursor === undefined ? {} : { before: request.cursor }),
      ...(request.status === undefined ? {} : { status: request.status }),
      ...(request.threadId === undefined ? {} : { threadId: request.threadId }),
    }),
  )
  return pageOf(rows, request.limit, (row) => row.id)
}

/** One approval of the caller. */
export async function readApproval(
  deps: Pick<AgentDependencies, 'database' | 'clock'>,
  userId: number,
  id: number,
): Promise<Outcome<ReturnType<typeof approvalView>>> {
  const row = await deps.database.asUser(userId, (tx) => findApproval(userId, tx, id))
  return row === undefined ? approvalNotFound() : success(approvalView(row, deps.clock.now()))
}
