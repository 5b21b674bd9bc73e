import { actorOf } from '#audit/audit.ts'
import type { AgentContext } from '#agents/dependencies.ts'
import type { ActiveRun } from '#agents/runs/active-runs.ts'
import { continueRun } from '#agents/runs/continue-run.ts'
import { failRun } from '#agents/runs/fail-run.ts'
import { prepareAgent } from '#agents/runs/prepare-agent.ts'
import { readRunRow } from '#agents/runs/read-run.ts'
import { startStretch } from '#agents/runs/work.ts'
import type { Principal } from '#kernel/principal.ts'
import { failure, ProblemError, success, type Outcome } from '#kernel/problem.ts'
import { approvalNotFound, checkDecision, type ApprovalRow, type Decision } from './approval.ts'
import { decidePending, findApproval } from './store.ts'

export interface DecisionRequest {
  readonly id: number
  readonly decision: Decision
  readonly reason: string | undefined
  /** The arguments that the person was shown, where the client sends them back. */
  readonly seen: unknown
  readonly requestId: string
}

/**
 * Decides once about a call, and lets the run go on: with the call exactly as it was asked for, or with the refusal. The
 * call is made as the principal who decides.
 */
export async function decideApproval(
  context: AgentContext,
  principal: Principal,
  request: DecisionRequest,
): Promise<Outcome<ActiveRun>> {
  const { userId } = principal
  const approval = await context.database.asUser(userId, (tx) => findApproval(userId, tx, request.id))
  if (approval === undefined) return approvalNotFound()
  const allowed = checkDecision(approval, context.clock.now(), request.seen)
  if (!allowed.ok) return allowed
  const run = approval.run_id === null ? undefined : await readRunRow(context, userId, approval.run_id)
  if (run === undefined) return approvalNotFound()
  const prepared = await prepareAgent(context, principal, run.agent_id)
  if (!prepared.ok) return prepared
  const decided = await decideAndContinue(context, userId, { approval, request, run })
  if (!decided.ok) return decided
  try {
    await record(context, principal, { approval, request })
  } catch (error) {
    // No record, no act: the run ends, and the approval that was spent on it cannot be used again.
    await failRun(context, decided.value.run, 'Something went wrong on our side. Nothing was done.')
    throw error
  }
  return success(startStretch(context, { ...prepared.value, ...decided.value, requestId: request.requestId }))
}

async function decideAndContinue(
  context: AgentContext,
  userId: number,
  {
    approval,
    request,
    run,
  }: { approval: ApprovalRow; request: DecisionRequest; run: Parameters<typeof continueRun>[2] },
) {
  const status = request.decision === 'approve' ? 'approved' : 'denied'
  const at = context.clock.now()
  try {
    const continued = await context.database.asUser(userId, async (tx) => {
      const decided = await decidePending(userId, tx, approval.id, { status, reason: request.reason ?? null, at })
      if (decided === undefined) throw new ProblemError(overtaken().problem)
      const next = await continueRun(context, tx, run)
      if (next === null) throw new ProblemError(overtaken().problem)
      return next
    })
    return success(continued)
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false as const, problem: error.problem }
    throw error
  }
}

function overtaken() {
  return failure('conflict', 'This approval was decided, or the conversation went on, in the meantime.')
}

async function record(
  context: AgentContext,
  principal: Principal,
  { approval, request }: { approval: ApprovalRow; request: DecisionRequest },
): Promise<void> {
  await context.audit.record({
    userId: principal.userId,
    type: request.decision === 'approve' ? 'approval.approved' : 'approval.denied',
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'approval', id: approval.id, tool: approval.tool },
    details: { run_id: approval.run_id, arguments_digest: approval.arguments_digest },
    requestId: request.requestId,
  })
}
