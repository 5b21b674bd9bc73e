import { actorOf } from '#audit/audit.ts'
import type { AgentDependencies } from '#agents/dependencies.ts'
import type { Principal } from '#kernel/principal.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { ApprovalRow, Decision } from './approval.ts'
import { decidePending, spoilApproved } from './store.ts'

export interface MadeDecision {
  readonly decision: Decision
  readonly reason: string | undefined
  readonly requestId: string
}

/**
 * Decides about a call that no run waits for. Nothing goes on by itself: the decision holds for a while, and the client
 * that asked sends its call again.
 * @param row the user's own, found to be open for a decision
 */
export async function decideForClient(
  deps: Pick<AgentDependencies, 'database' | 'audit' | 'clock' | 'limits'>,
  principal: Principal,
  row: ApprovalRow,
  { decision, reason, requestId }: MadeDecision,
): Promise<Outcome<ApprovalRow>> {
  const { userId } = principal
  const at = deps.clock.now()
  const approved = decision === 'approve'
  const decided = await deps.database.asUser(userId, (tx) =>
    decidePending(userId, tx, row.id, {
      status: approved ? 'approved' : 'denied',
      reason: reason ?? null,
      at,
      expiresAt: new Date(at.getTime() + deps.limits.clientApprovalMs),
    }),
  )
  if (decided === undefined) return failure('conflict', 'This approval was decided, or expired, in the meantime.')
  try {
    await deps.audit.record({
      userId,
      type: approved ? 'approval.approved' : 'approval.denied',
      outcome: 'success',
      actor: actorOf(principal),
      target: { kind: 'approval', id: row.id, tool: row.tool },
      details: { client_kind: row.client_kind, client_id: row.client_id, arguments_digest: row.arguments_digest },
      requestId,
    })
  } catch (error) {
    // No record, no act: what could not be recorded is not used.
    await deps.database.asUser(userId, (tx) => spoilApproved(userId, tx, row.id))
    throw error
  }
  return success(decided)
}
