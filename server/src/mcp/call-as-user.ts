import { inputRequired, type InputRequiredResult } from '@modelcontextprotocol/server'
import { failure, success, type Outcome, type Problem } from '#kernel/problem.ts'
import type { CallTool, ToolCallAnswer } from '#tools/tool-call.ts'
import type { ApprovalDesk } from './approval-desk.ts'
import { askForApproval, decisionIn } from './ask-for-approval.ts'
import type { Exchange, ToolCall } from './source.ts'

/** One call through the one pipeline, with what the user must do first asked through their client. */

export interface CallAsUserDeps {
  readonly callTool: CallTool
  readonly approvals: ApprovalDesk
}

/** What came of it, or what the client must bring from its user before the call can be made. */
export type CallOutcome = Outcome<ToolCallAnswer | InputRequiredResult>

export async function callAsUser(deps: CallAsUserDeps, call: ToolCall, exchange: Exchange): Promise<CallOutcome> {
  const decision = await decisionIn(deps.approvals, call, exchange)
  if (decision.kind === 'denied') return failure('denied', decision.detail)
  const outcome = await deps.callTool(exchange.principal, {
    tool: call.name,
    arguments: call.arguments,
    confirmed: decision.kind === 'approved',
    ...(decision.kind === 'approved' ? { idempotencyKey: `approval:${decision.approvalId}` } : {}),
    requestId: exchange.requestId,
    signal: exchange.context.mcpReq.signal,
  })
  if (outcome.ok) return outcome
  const { problem } = outcome
  if (problem.code === 'approval_required') return askForApproval(deps.approvals, call, exchange)
  if (problem.code === 'not_connected' || problem.code === 'reauthorize') return askToConnect(problem, exchange)
  return outcome
}

/**
 * Sends the user to the page where they connect, if the client can open one. Asked once: whoever comes back without having
 * connected gets the link as text, so that nothing loops.
 */
async function askToConnect(problem: Problem, exchange: Exchange): Promise<Outcome<InputRequiredResult>> {
  const url = problem.extra?.['connect_url']
  const askedBefore = exchange.state?.kind === 'connect'
  if (typeof url !== 'string' || askedBefore || !exchange.clientCan('elicit_url')) return { ok: false, problem }
  return success(
    inputRequired({
      inputRequests: { connect: inputRequired.elicitUrl({ message: problem.detail, url }) },
      requestState: await exchange.mintState({ kind: 'connect' }),
    }),
  )
}
