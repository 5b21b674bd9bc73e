import { actorOf } from '#audit/audit.ts'
import type { AgentRow } from '#agents/agent.ts'
import type { AgentContext } from '#agents/dependencies.ts'
import { endedRun, type ActiveRun } from '#agents/runs/active-runs.ts'
import { continueRun } from '#agents/runs/continue-run.ts'
import { failRun } from '#agents/runs/fail-run.ts'
import { mayDecide, recordPolicy } from '#agents/policies.ts'
import { decisionsFor, prepareAgent } from '#agents/runs/prepare-agent.ts'
import { readRunRow } from '#agents/runs/read-run.ts'
import type { RunRow } from '#agents/runs/run.ts'
import { withdrawRun } from '#agents/runs/withdraw-run.ts'
import { startStretch } from '#agents/runs/work.ts'
import type { Transaction } from '#db/database.ts'
import type { Principal } from '#kernel/principal.ts'
import { failure, ProblemError, success, type Outcome } from '#kernel/problem.ts'
import {
  approvalNotFound,
  checkDecision,
  isOfRun,
  type ApprovalRow,
  type Decision,
  type RunApprovalRow,
} from './approval.ts'
import { decideForClient } from './decide-for-client.ts'
import { decidePending, findApproval } from './store.ts'

export interface DecisionRequest {
  readonly id: number
  readonly decision: Decision
  readonly reason: string | undefined
  /** The arguments that the person was shown, where the client sends them back. */
  readonly seen: unknown
  /** Whether the same tool needs no approval any more when the same agent calls it. */
  readonly always?: boolean
  readonly requestId: string
}

/** What a decision led to: a run that goes on, or no more than the decision itself where an MCP client asked. */
export type Decided =
  | { readonly kind: 'run'; readonly run: ActiveRun }
  | { readonly kind: 'client'; readonly approval: ApprovalRow }

/**
 * Decides once about a call, and lets the run go on: with the call exactly as it was asked for, or with the refusal. The
 * call is made as the principal who decides. Where no run waits, the client that asked sends its call again.
 */
export async function decideApproval(
  context: AgentContext,
  principal: Principal,
  request: DecisionRequest,
): Promise<Outcome<Decided>> {
  const { userId } = principal
  const approval = await context.database.asUser(userId, (tx) => findApproval(userId, tx, request.id))
  if (approval === undefined) return approvalNotFound()
  const allowed = checkDecision(approval, context.clock.now(), request.seen)
  if (!allowed.ok) return allowed
  if (!isOfRun(approval)) {
    if (request.always === true) return failure('invalid_request', ONLY_OF_AGENTS, { path: 'always' })
    const decided = await decideForClient(context, principal, approval, request)
    return decided.ok ? success({ kind: 'client', approval: decided.value }) : decided
  }
  const resumed = await decideForRun(context, principal, { approval, request })
  return resumed.ok ? success({ kind: 'run', run: resumed.value }) : resumed
}

const ONLY_OF_AGENTS = 'No agent asked for this, so there is none to always allow it to. Approve it once.'

async function decideForRun(
  context: AgentContext,
  principal: Principal,
  { approval, request }: Deciding,
): Promise<Outcome<ActiveRun>> {
  const run = await readRunRow(context, principal.userId, approval.run_id)
  if (run === undefined) return approvalNotFound()
  const prepared = await prepareAgent(context, principal, run.agent_id)
  if (!prepared.ok)
    return request.decision === 'deny' ? denyAndEnd(context, principal, { approval, request, run }) : prepared
  const always = alwaysOf(principal, prepared.value.agent, { approval, request })
  if (!always.ok) return always
  const decided = await decideOnce(context, { approval, request }, async (tx) => {
    if (always.value !== null) await context.agentPolicies.decide(principal.userId, tx, always.value)
    return continueRun(context, tx, run)
  })
  if (!decided.ok) return decided
  try {
    await record(context, principal, { approval, request })
    if (always.value !== null) {
      context.agentPolicies.forget(principal.userId)
      const chosen = { agentId: run.agent_id, tool: approval.tool, decision: 'allow' } as const
      await recordPolicy(context, principal, chosen, request.requestId)
    }
  } catch (error) {
    // No record, no act: the run ends, and the approval that was spent on it cannot be used again.
    await failRun(context, decided.value.run, 'Something went wrong on our side. Nothing was done.')
    throw error
  }
  // What was just allowed is not asked about again in the rest of this very run.
  const decisions = always.value === null ? {} : await decisionsFor(context, prepared.value.principal, prepared.value)
  return success(
    startStretch(context, { ...prepared.value, ...decisions, ...decided.value, requestId: request.requestId }),
  )
}

type Always = Parameters<AgentContext['agentPolicies']['decide']>[2]

/** What is to be kept with the decision: null where it is for this one call. */
function alwaysOf(principal: Principal, agent: AgentRow, { approval, request }: Deciding): Outcome<Always | null> {
  if (request.always !== true || request.decision === 'deny') return success(null)
  if (!principal.scopes.has('account')) {
    return failure('forbidden', 'This token may approve a call, not change what is asked about. Approve it once.')
  }
  const allowed = mayDecide(agent, principal.userId, 'allow')
  return allowed.ok ? success({ agent, tool: approval.tool, decision: 'allow' }) : allowed
}

/** What an agent that is gone has asked for can still be refused. Nobody is left to hear of it: the run ends. */
async function denyAndEnd(
  context: AgentContext,
  principal: Principal,
  { run, ...decision }: Deciding & { readonly run: RunRow },
): Promise<Outcome<ActiveRun>> {
  const end = { reason: 'The agent that asked is no longer there.', at: context.clock.now() }
  const denied = await decideOnce(context, decision, (tx) => withdrawRun(principal.userId, tx, run, end))
  if (!denied.ok) return denied
  await record(context, principal, decision)
  return success(
    endedRun(run, [
      { type: 'start', messageId: denied.value.id },
      { type: 'tool-output-denied', toolCallId: decision.approval.tool_call_id },
      { type: 'abort', reason: 'stopped' },
      { type: 'finish', finishReason: 'error', messageMetadata: { status: 'stopped' } },
    ]),
  )
}

interface Deciding {
  readonly approval: RunApprovalRow
  readonly request: DecisionRequest
}

/** Decides and lets the run move, both or neither. `move` gives null where the run is in another state by now. */
async function decideOnce<T>(
  context: AgentContext,
  { approval, request }: Deciding,
  move: (tx: Transaction) => Promise<T | null>,
): Promise<Outcome<T>> {
  const userId = approval.user_id
  const status = request.decision === 'approve' ? 'approved' : 'denied'
  const at = context.clock.now()
  try {
    const moved = await context.database.asUser(userId, async (tx) => {
      const decided = await decidePending(userId, tx, approval.id, { status, reason: request.reason ?? null, at })
      if (decided === undefined) throw new ProblemError(overtaken().problem)
      const next = await move(tx)
      if (next === null) throw new ProblemError(overtaken().problem)
      return next
    })
    return success(moved)
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problem: error.problem }
    throw error
  }
}

function overtaken() {
  return failure('conflict', 'This approval was decided, or the conversation went on, in the meantime.')
}

async function record(context: AgentContext, principal: Principal, { approval, request }: Deciding): Promise<void> {
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
