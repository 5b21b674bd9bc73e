import { getToolName, isToolUIPart, type DynamicToolUIPart, type ToolUIPart, type UIMessage } from 'ai'
import { approvalView, type ApprovalRow } from '#agents/approvals/approval.ts'
import { failedToolsOf, failuresOf, missingToolsOf } from '#agents/runs/failed-tools.ts'
import { usageView, type RunRow } from '#agents/runs/run.ts'
import { splitErrorText, type ToolFailure, type ToolOutput } from '#agents/runs/tool-output.ts'

/** The whole of a run's answer as one JSON object, for clients that do not stream. */

type CallPart = ToolUIPart | DynamicToolUIPart

export interface ToolCallView {
  readonly id: string
  readonly name: string
  readonly arguments: unknown
  readonly status: 'succeeded' | 'failed' | 'waiting' | 'denied'
  readonly result: unknown
  readonly duration_ms: number | null
}

export function chatAnswer(run: RunRow, answer: UIMessage, approvals: readonly ApprovalRow[], now: Date) {
  const failures = failuresOf(answer)
  const failedTools = failedToolsOf(answer)
  const missingTools = missingToolsOf(answer)
  const missing = [...failures.values()].find(({ connect_url: url }) => url !== undefined)
  return {
    agent_id: run.agent_id,
    thread_id: run.thread_id,
    run_id: run.id,
    status: run.status,
    message: textOf(answer),
    tool_calls: answer.parts.filter(isToolUIPart).map((part) => toolCallView(part, failures.get(part.toolCallId))),
    ...(failedTools.length === 0 ? {} : { failed_tools: failedTools }),
    ...(missingTools.length === 0 ? {} : { missing_tools: missingTools }),
    model: { id: run.model, is_llm: run.is_llm },
    usage: usageView(run),
    ...(approvals.length === 0 ? {} : { approvals: approvals.map((row) => approvalView(row, now)) }),
    ...(missing === undefined
      ? {}
      : { code: missing.code, provider: missing.provider, connect_url: missing.connect_url }),
    ...(run.error_code === null ? {} : { error: { code: run.error_code, detail: run.error_detail ?? '' } }),
  }
}

/** The words of the last step that had any: what came before was said on the way. */
function textOf(answer: UIMessage): string {
  const steps = answer.parts.reduce<string[]>((texts, part) => {
    if (part.type === 'step-start') texts.push('')
    else if (part.type === 'text') texts.push(`${texts.pop() ?? ''}${part.text}`)
    return texts
  }, [])
  return steps.findLast((text) => text.trim() !== '') ?? ''
}

function toolCallView(part: CallPart, failed: ToolFailure | undefined): ToolCallView {
  const call = { id: part.toolCallId, name: getToolName(part), arguments: part.input }
  if (part.state === 'output-available') {
    const { result, duration_ms: duration } = part.output as ToolOutput
    return { ...call, status: 'succeeded', result, duration_ms: duration }
  }
  if (part.state === 'output-error') {
    const { code, detail } = failed ?? splitErrorText(part.errorText)
    return { ...call, status: 'failed', result: { code, detail }, duration_ms: failed?.duration_ms ?? null }
  }
  const status = part.state === 'output-denied' ? 'denied' : part.state === 'approval-requested' ? 'waiting' : 'failed'
  return { ...call, status, result: null, duration_ms: null }
}
