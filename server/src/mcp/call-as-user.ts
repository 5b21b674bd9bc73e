import { inputRequired, type InputRequiredResult } from '@modelcontextprotocol/server'
import { success, type Outcome, type Problem } from '#kernel/problem.ts'
import type { ApprovalDesk } from '#tools/approval-desk.ts'
import type { CallTool, ToolCallAnswer, ToolCallRequest } from '#tools/tool-call.ts'
import { askForApproval, readAnswer } from './ask-for-approval.ts'
import type { RunningCalls } from './running-calls.ts'
import type { Exchange, ToolCall } from './source.ts'

/** One call through the one pipeline, with what the user must do first asked through their client. */

export interface CallAsUserDeps {
  readonly callTool: CallTool
  readonly approvals: ApprovalDesk
  readonly running: Pick<RunningCalls, 'begin' | 'goOn'>
}

/** What came of it, or what the client must bring from its user before the call can be made. */
export type CallOutcome = Outcome<ToolCallAnswer | InputRequiredResult>

export async function callAsUser(deps: CallAsUserDeps, call: ToolCall, exchange: Exchange): Promise<CallOutcome> {
  if (exchange.state?.kind === 'question') return leadOn(await deps.running.goOn(exchange), exchange)
  const answer = await readAnswer(deps.approvals, exchange)
  if (!answer.ok) return answer
  const approved = answer.value === 'approved' ? await callApproved(deps, call, exchange) : null
  if (approved !== null) return leadOn(approved, exchange)
  // Approvals are looked for only where the user's policy asks for one: most calls go ahead without.
  const outcome =
    outcomeBefore(exchange) ?? (await make(deps, exchange, { ...requestOf(call, exchange), confirmed: false }))
  if (outcome.ok || outcome.problem.code !== 'approval_required') return leadOn(outcome, exchange)
  const earlier = await callApproved(deps, call, exchange)
  return leadOn(earlier ?? (await askForApproval(deps.approvals, call, { exchange, answer: answer.value })), exchange)
}

/** What came of the call before the library was asked; in a later round the user has changed what it would come to. */
function outcomeBefore({ outcome, state }: Exchange): Exchange['outcome'] {
  return state === undefined ? outcome : undefined
}

/** The call with an approval of it that was given, which is used up; null where there is none. */
async function callApproved(deps: CallAsUserDeps, call: ToolCall, exchange: Exchange): Promise<CallOutcome | null> {
  const taken = await deps.approvals.take(exchange.principal, call)
  if (taken === null) return null
  return make(deps, exchange, {
    ...requestOf(call, exchange),
    confirmed: true,
    connectionId: taken.connectionId,
    arguments: taken.arguments,
    idempotencyKey: `approval:${taken.id}`,
  })
}

function make(
  { callTool, running }: CallAsUserDeps,
  exchange: Exchange,
  request: ToolCallRequest,
): Promise<CallOutcome> {
  return running.begin(exchange, (caller, signal) => callTool(exchange.principal, { ...request, caller, signal }))
}

function requestOf(call: ToolCall, exchange: Exchange) {
  return { tool: call.name, arguments: call.arguments, requestId: exchange.requestId }
}

/** Where a connection is missing or dead, the way to it. */
async function leadOn(outcome: CallOutcome, exchange: Exchange): Promise<CallOutcome> {
  if (outcome.ok) return outcome
  const { code } = outcome.problem
  return code === 'not_connected' || code === 'reauthorize' ? askToConnect(outcome.problem, exchange) : outcome
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
