import { getToolName, isToolUIPart, type DynamicToolUIPart, type ToolUIPart, type UIMessage } from 'ai'
import { statusAt, type ApprovalRow } from '#agents/approvals/approval.ts'
import { approvalsByCall, claimApproval } from '#agents/approvals/of-run.ts'
import type { AgentContext } from '#agents/dependencies.ts'
import { callForRun, type RunToolCall } from './call-for-run.ts'
import type { Recorder } from './recorder.ts'
import type { Repeats } from './repeats.ts'
import type { Stretch } from './stretch.ts'

interface Settling {
  readonly stretch: Stretch
  readonly recorder: Recorder
  readonly repeats: Repeats
  readonly signal: AbortSignal
}

type CallPart = ToolUIPart | DynamicToolUIPart

const SETTLED: ReadonlySet<CallPart['state']> = new Set(['output-available', 'output-error', 'output-denied'])

/**
 * Brings the calls of earlier stretches to an end: those that the user decided about, and those that a crash cut off. The
 * model sees their results next.
 * @returns how many calls still wait for the user
 */
export async function settleCalls(context: AgentContext, settling: Settling): Promise<number> {
  const { stretch } = settling
  const open = stretch.answer.parts.filter(isToolUIPart).filter((part) => !SETTLED.has(part.state))
  dropUnfinishedStep(settling)
  if (open.length === 0) return 0
  const { userId } = stretch.principal
  const approvals = await context.database.asUser(userId, (tx) => approvalsByCall(userId, tx, stretch.run.id))
  let waiting = 0
  for (const part of open) {
    const approval = approvals.get(part.toolCallId)
    if (approval !== undefined && statusAt(approval, context.clock.now()) === 'pending') waiting += 1
    else await settleCall(context, settling, { part, approval })
  }
  return waiting
}

/** Half a sentence of a step that was cut off before it called anything is taken back: the model says it again. */
function dropUnfinishedStep({ stretch, recorder }: Settling): void {
  const { parts } = stretch.answer
  const step = parts.slice(parts.findLastIndex(({ type }) => type === 'step-start') + 1)
  const unfinished = step.some(
    (part) => (part.type === 'text' || part.type === 'reasoning') && part.state === 'streaming',
  )
  if (unfinished && !step.some(isToolUIPart)) recorder.write({ type: 'reset-step' })
}

async function settleCall(
  context: AgentContext,
  settling: Settling,
  { part, approval }: { part: CallPart; approval: ApprovalRow | undefined },
): Promise<void> {
  const { recorder } = settling
  const { toolCallId } = part
  if (part.state === 'input-streaming') {
    const errorText = 'cancelled: The run was cut off before the arguments of this call were complete.'
    return recorder.write({ type: 'tool-output-error', toolCallId, errorText })
  }
  if (approval === undefined) {
    return make(context, settling, { toolCallId, tool: getToolName(part), arguments: part.input, confirmed: false })
  }
  const approved = approval.status === 'approved' || approval.status === 'used'
  announceDecision(settling, { part, approval, approved })
  if (!approved) return recorder.write({ type: 'tool-output-denied', toolCallId })
  const claimed = await claimApproval(
    context.database,
    settling.stretch.principal.userId,
    approval,
    context.clock.now(),
  )
  if (claimed === null) {
    const errorText = 'denied: This approval cannot be used. Nothing was done.'
    return recorder.write({ type: 'tool-output-error', toolCallId, errorText })
  }
  await make(context, settling, {
    toolCallId,
    tool: claimed.tool,
    arguments: claimed.arguments,
    connectionId: claimed.connection_id ?? undefined,
    confirmed: true,
  })
}

function announceDecision(
  { recorder }: Settling,
  { part, approval, approved }: { part: CallPart; approval: ApprovalRow; approved: boolean },
): void {
  if (part.state === 'approval-responded') return
  const approvalId = String(approval.id)
  // The question itself was lost where the crash came between storing and showing it.
  if (part.state === 'input-available') {
    recorder.write({ type: 'tool-approval-request', approvalId, toolCallId: part.toolCallId })
  }
  const reason = approval.reason ?? undefined
  recorder.write({ type: 'tool-approval-response', approvalId, approved, ...(reason === undefined ? {} : { reason }) })
}

async function make(
  context: AgentContext,
  { signal, ...running }: Settling,
  call: Omit<RunToolCall, 'signal'>,
): Promise<void> {
  const { toolCallId } = call
  const { stretch, recorder } = running
  if (!stretch.tools.some(({ name }) => name === call.tool)) {
    const errorText = 'denied: The agent may no longer use this tool. Nothing was done.'
    return recorder.write({ type: 'tool-output-error', toolCallId, errorText })
  }
  const outcome = await callForRun(context, running, { ...call, signal })
  if (outcome.ok) return recorder.write({ type: 'tool-output-available', toolCallId, output: outcome.output })
  recorder.write({ type: 'tool-output-error', toolCallId, errorText: outcome.errorText })
}

/** The ids of the calls that wait for a decision. */
export function openCalls(parts: UIMessage['parts']): string[] {
  return parts
    .filter(isToolUIPart)
    .flatMap(({ state, toolCallId }) => (state === 'approval-requested' ? [toolCallId] : []))
}

/** The parts of an answer after its open questions were withdrawn: nobody is left to wait for them. */
export function withdrawnParts(parts: UIMessage['parts'], reason: string): UIMessage['parts'] {
  return parts.map((part): (typeof parts)[number] => {
    if (!isToolUIPart(part) || part.state !== 'approval-requested') return part
    return { ...part, state: 'output-denied', approval: { id: part.approval.id, approved: false, reason } }
  })
}
