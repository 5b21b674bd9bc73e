import { inputRequired, inputResponse, type InputRequiredResult } from '@modelcontextprotocol/server'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { ApprovalDesk } from './approval-desk.ts'
import type { Exchange, ToolCall } from './source.ts'

/** A call that its user must approve: asked through the client where it can, else by a page, and remembered as decided there. */

export type Decision =
  | { readonly kind: 'none' }
  | { readonly kind: 'approved'; readonly approvalId: number }
  | { readonly kind: 'denied'; readonly detail: string }

/** Name of the question in the round trip. */
const QUESTION = 'approval'

/** What was decided on this very call: in the answer that the client brings back, or before in the console or by the API. */
export async function decisionIn(desk: ApprovalDesk, call: ToolCall, exchange: Exchange): Promise<Decision> {
  const { state, principal } = exchange
  if (state?.kind === 'approve' && state.approvalId !== undefined) {
    const answer = inputResponse(exchange.context.mcpReq.inputResponses, QUESTION)
    if (answer.kind === 'elicit') {
      const approved = answer.action === 'accept' && answer.content?.['decision'] === 'approve'
      const decided = await desk.decide(principal, state.approvalId, approved)
      if (!approved) return { kind: 'denied', detail: 'The user did not approve this call. Do not send it again.' }
      if (!decided.ok) return { kind: 'denied', detail: decided.problem.detail }
    }
  }
  const approvalId = await desk.take(principal, call)
  return approvalId === null ? { kind: 'none' } : { kind: 'approved', approvalId }
}

export async function askForApproval(
  desk: ApprovalDesk,
  call: ToolCall,
  exchange: Exchange,
): Promise<Outcome<InputRequiredResult>> {
  const pending = await desk.request(exchange.principal, call)
  if (!pending.ok) return pending
  const { id, url } = pending.value
  if (!exchange.clientCan('elicit_form')) {
    const detail = `${call.name} waits for the user's approval: ${url} Ask them to decide there, then send the same call again.`
    return failure('approval_required', detail)
  }
  return success(
    inputRequired({
      inputRequests: {
        [QUESTION]: inputRequired.elicit({
          message: `Allow ${call.name} with exactly these arguments?\n${JSON.stringify(call.arguments, null, 2)}`,
          requestedSchema: {
            type: 'object',
            properties: { decision: { type: 'string', title: 'Decision', enum: ['approve', 'deny'] } },
            required: ['decision'],
          },
        }),
      },
      requestState: await exchange.mintState({ kind: 'approve', approvalId: id }),
    }),
  )
}
