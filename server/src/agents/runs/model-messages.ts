import {
  convertToModelMessages,
  getToolName,
  isToolUIPart,
  jsonSchema,
  tool,
  type ModelMessage,
  type ToolSet,
  type UIMessage,
} from 'ai'
import type { JSONValue } from '@ai-sdk/provider'
import type { ToolOutput } from './tool-output.ts'

type Part = UIMessage['parts'][number]

/** The conversation in the form that a model takes: every call has a result, every result is marked as data. */
export async function modelMessages(messages: readonly UIMessage[], isLlm: boolean): Promise<ModelMessage[]> {
  const settled = messages.map((message) => ({ ...message, parts: message.parts.map(settledPart) }))
  return convertToModelMessages(settled, { tools: resultTools(settled, isLlm) })
}

/** A call that never got a result (denied, withdrawn, cut off) gets one that says so: models refuse a call without any. */
function settledPart(part: Part): Part {
  if (!isToolUIPart(part)) return part
  if (part.state === 'output-available' || part.state === 'output-error') {
    const { approval: _approval, ...rest } = part
    return rest as Part
  }
  return {
    type: part.type,
    ...(part.type === 'dynamic-tool' ? { toolName: part.toolName } : {}),
    toolCallId: part.toolCallId,
    state: 'output-error',
    input: part.input ?? {},
    errorText: withoutResult(part),
    ...(part.callProviderMetadata === undefined ? {} : { callProviderMetadata: part.callProviderMetadata }),
  } as Part
}

function withoutResult(part: Part & { state: string }): string {
  if (part.state === 'output-denied')
    return 'denied: The user did not approve this call. Nothing was done. Do not repeat it.'
  if (part.state === 'approval-requested')
    return 'denied: The user went on without approving this call. Nothing was done.'
  return 'outcome_unknown: The run was cut off during this call. Check before you repeat it.'
}

function resultTools(messages: readonly UIMessage[], isLlm: boolean): ToolSet {
  const names = messages.flatMap(({ parts }) => parts.filter(isToolUIPart).map((part) => getToolName(part)))
  const any = jsonSchema({ type: 'object' })
  return Object.fromEntries(
    [...new Set(names)].map((name) => [
      name,
      tool({ inputSchema: any, toModelOutput: ({ output }) => modelOutput(name, output as ToolOutput, isLlm) }),
    ]),
  )
}

/** A result as the model reads it: text marked as data for an AI model, the whole for the built-in router, which obeys nothing. */
export function modelOutput(name: string, output: ToolOutput, isLlm: boolean) {
  if (!isLlm) return { type: 'json' as const, value: output as unknown as JSONValue }
  const more = output.next_cursor === null ? '' : `\nnext_cursor: ${output.next_cursor}`
  const cut = output.truncated === null ? '' : `\n${output.truncated}`
  // A text that closes the mark itself would stand outside of it.
  const text = `${output.text}${more}${cut}`.replaceAll(/<(\/?tool_result)/gi, '&lt;$1')
  return { type: 'text' as const, value: `<tool_result tool="${name}">\n${text}\n</tool_result>` }
}
