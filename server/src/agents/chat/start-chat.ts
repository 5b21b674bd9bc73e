import type { AgentContext } from '#agents/dependencies.ts'
import type { ActiveRun } from '#agents/runs/active-runs.ts'
import { beginRun } from '#agents/runs/begin-run.ts'
import { prepareAgent } from '#agents/runs/prepare-agent.ts'
import { startStretch } from '#agents/runs/work.ts'
import type { Principal } from '#kernel/principal.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'

export interface ChatRequest {
  readonly agentId: number
  readonly message: string
  readonly threadId: number | undefined
  /** A message of the user in that thread, in whose place the new turn is to stand. */
  readonly replaces?: number | undefined
  readonly requestId: string
}

/** Takes a message for an agent and starts the run that answers it, with what belongs to the caller alone. */
export async function startChat(
  context: AgentContext,
  principal: Principal,
  request: ChatRequest,
): Promise<Outcome<ActiveRun>> {
  const { agentId, message, threadId, replaces, requestId } = request
  const most = context.limits.messageCharacters
  if (message.length > most) {
    return failure('invalid_request', `A message has at most ${most} characters.`, { path: 'message' })
  }
  if (replaces !== undefined && threadId === undefined) {
    return failure('invalid_request', 'Say in which thread the message is.', { path: 'thread_id' })
  }
  const prepared = await prepareAgent(context, principal, agentId)
  if (!prepared.ok) return prepared
  const begun = await beginRun(context, prepared.value, { message, threadId, replaces })
  if (!begun.ok) return begun
  return success(startStretch(context, { ...prepared.value, ...begun.value, requestId }))
}
