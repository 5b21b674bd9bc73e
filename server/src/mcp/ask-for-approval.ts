import { inputRequired, inputResponse, type InputRequiredResult } from '@modelcontextprotocol/server'
import type { TargetOutcome } from '#db/agent-tables.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { shownJson } from '#kernel/shown-json.ts'
import { shownText } from '#kernel/shown-text.ts'
import type { ApprovalDesk, PendingApproval } from '#tools/approval-desk.ts'
import type { Exchange, ToolCall } from './source.ts'

/** A call that its user must approve: asked through the client where it can, else by a page, and remembered as decided there. */

/** What the client brought back from its user. */
export type ClientAnswer = 'nothing' | 'approved' | 'undecided'

/** Name of the question in the round trip. */
const QUESTION = 'approval'

/** Writes down the decision that the client brings back. A failure is what the call ends with. */
export async function readAnswer(desk: ApprovalDesk, exchange: Exchange): Promise<Outcome<ClientAnswer>> {
  const { state, principal, requestId } = exchange
  if (state?.kind !== 'approve' || state.approvalId === undefined) return success('nothing')
  const answer = inputResponse(exchange.context.mcpReq.inputResponses, QUESTION)
  if (answer.kind !== 'elicit') return success('nothing')
  const approved = decisionOf(answer)
  // Whoever closed the question did not answer it: the page is still there.
  if (approved === undefined) return success('undecided')
  const decided = await desk.decide(principal, { id: state.approvalId, approved, requestId })
  if (!decided.ok) return decided
  return approved ? success('approved') : failure('denied', 'The user did not approve this call. Do not send it again.')
}

function decisionOf(answer: {
  readonly action: string
  readonly content?: Readonly<Record<string, unknown>> | undefined
}): boolean | undefined {
  if (answer.action === 'decline') return false
  const decision = answer.action === 'accept' ? answer.content?.['decision'] : undefined
  if (decision === 'approve') return true
  return decision === 'deny' ? false : undefined
}

/** @param answer what the client brought back before: it asks once, and after that the page is left */
export async function askForApproval(
  desk: ApprovalDesk,
  call: ToolCall,
  { exchange, answer }: { readonly exchange: Exchange; readonly answer: ClientAnswer },
): Promise<Outcome<InputRequiredResult>> {
  const pending = await desk.request(exchange.principal, call, exchange.requestId)
  if (!pending.ok) return pending
  const { id, url } = pending.value
  const shown = shownJson(pending.value.arguments)
  // A decision is about all of the arguments: where they are too many for a dialog, the page shows them.
  const fits = shown.length <= SHOWN_ARGUMENT_CHARACTERS
  if (answer === 'undecided' || !fits || !exchange.clientCan('elicit_form')) {
    const detail = `${call.name} waits for the user's approval: ${url} Ask them to decide there, then send the same call again.`
    return failure('approval_required', detail)
  }
  return success(
    inputRequired({
      inputRequests: {
        [QUESTION]: inputRequired.elicit({
          message: questionOf(call.name, shown, pending.value),
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

/** Characters of arguments that a client's dialog can be expected to show. */
const SHOWN_ARGUMENT_CHARACTERS = 4_000

/** Characters of each text that would be replaced; the page behind the link shows more. */
const SHOWN_NOW_CHARACTERS = 300

const UNREAD: Readonly<Record<Exclude<TargetOutcome, 'read'>, string>> = {
  no_such_target: 'nothing with this id was found on this connection; the call would probably fail.',
  not_read: 'its title could not be read.',
  not_in_time: 'its title could not be read in time.',
}

function questionOf(name: string, shown: string, { connection, target, targets, now }: PendingApproval): string {
  const about = target === null ? '' : `\nIt is about: ${JSON.stringify(target)}`
  const before = now.map(
    ({ argument, text }) => `\n${argument} is now: ${JSON.stringify(shownText(text, SHOWN_NOW_CHARACTERS))}`,
  )
  const unread = targets.map(({ argument, title, outcome = 'not_read' }) =>
    title === null && outcome !== 'read' ? `\n${argument}: ${UNREAD[outcome]}` : '',
  )
  return `Allow ${name} on "${connection}" with exactly these arguments?\n${shown}${about}${unread.join('')}${before.join('')}`
}
