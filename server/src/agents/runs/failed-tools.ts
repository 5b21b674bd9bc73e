import { getToolName, isDataUIPart, isToolUIPart, type UIMessage } from 'ai'
import { splitErrorText, TOOL_FAILURE, type ToolFailure } from './tool-output.ts'

/** A call of the run that failed, whatever the run as a whole came to. */
export interface FailedTool {
  readonly id: string
  readonly name: string
  readonly code: string
  readonly detail: string
}

/** A tool that the agent names and its user could not call: its server could not be listed, for example. */
export interface MissingTool {
  readonly name: string
  readonly reason: string
}

/** What is known of failed calls, by their ids. */
export function failuresOf(answer: UIMessage): ReadonlyMap<string, ToolFailure> {
  const failures = answer.parts
    .filter(isDataUIPart)
    .filter(({ type }) => type === TOOL_FAILURE)
    .map(({ data }) => data as ToolFailure)
  return new Map(failures.map((failed) => [failed.tool_call_id, failed]))
}

/** The failed calls of an answer in their order. */
export function failedToolsOf(answer: UIMessage): readonly FailedTool[] {
  const failures = failuresOf(answer)
  return answer.parts.filter(isToolUIPart).flatMap((part) => {
    if (part.state !== 'output-error') return []
    const { code, detail } = failures.get(part.toolCallId) ?? splitErrorText(part.errorText)
    return [{ id: part.toolCallId, name: getToolName(part), code, detail }]
  })
}

/** The tools that were not there for an answer, as {@link missingMetadata} keeps them with it. */
export function missingToolsOf({ metadata }: UIMessage): readonly MissingTool[] {
  const kept = (metadata as { readonly missing_tools?: readonly MissingTool[] } | null | undefined)?.missing_tools
  return kept ?? []
}

/** The member of an answer's metadata that {@link missingToolsOf} reads; none where every tool was there. */
export function missingMetadata(missing: readonly { readonly tool: string; readonly reason: string }[]) {
  return missing.length === 0 ? {} : { missing_tools: missing.map(({ tool, reason }) => ({ name: tool, reason })) }
}
