import { PROBLEMS, type Problem } from '#kernel/problem.ts'
import type { ToolCallAnswer } from '#tools/tool-call.ts'

/** What a tool call leaves in the stream and in the thread: the answer of the pipeline without the name of the tool. */
export interface ToolOutput extends Omit<ToolCallAnswer, 'tool'> {
  /** Present where the call was made by the turn that this one stands in the place of, and was not made again. */
  readonly earlier_run_id?: number
}

/** A failed call, beside the sentence that the model reads: data of a `data-tool-failure` chunk. */
export interface ToolFailure {
  readonly tool_call_id: string
  readonly tool: string
  readonly provider: string | null
  readonly code: string
  readonly detail: string
  readonly duration_ms: number
  /** Where a person connects what is missing. */
  readonly connect_url?: string
  readonly retry_after?: number
}

export const TOOL_FAILURE = 'data-tool-failure'

const CONNECTABLE = new Set(['not_connected', 'reauthorize'])

/** What people and programs are told of a failed call. */
export function toolFailureOf(
  problem: Problem,
  call: {
    readonly toolCallId: string
    readonly tool: string
    readonly provider: string | null
    readonly durationMs: number
    readonly publicUrl: string
  },
): ToolFailure {
  const given = problem.extra?.['connect_url']
  const link = typeof given === 'string' ? given : `${call.publicUrl}/connections`
  return {
    tool_call_id: call.toolCallId,
    tool: call.tool,
    provider: call.provider,
    code: problem.code,
    detail: problem.detail,
    duration_ms: call.durationMs,
    ...(CONNECTABLE.has(problem.code) ? { connect_url: link } : {}),
    ...(problem.retryAfterSeconds === undefined ? {} : { retry_after: problem.retryAfterSeconds }),
  }
}

/** A failed call on its way to the model. It has no name: the library would put that before the code. */
export class ToolError extends Error {
  override readonly name = ''
}

/** What the model reads: `code: what happened`, and the link where there is one. */
export function toolErrorText(failure: ToolFailure): string {
  const { code, detail, connect_url: link } = failure
  return link === undefined || detail.includes(link) ? `${code}: ${detail}` : `${code}: ${detail} ${link}`
}

/** The sentence for a chunk: ours where we put it into words, and nothing that a library or a bug says. */
export function errorText(error: unknown): string {
  if (error instanceof ToolError) return error.message
  const name = error instanceof Error ? error.name : ''
  if (name === 'AI_NoSuchToolError') return 'invalid_arguments: This agent has no such tool.'
  if (name === 'AI_InvalidToolInputError') return 'invalid_arguments: The arguments were not valid JSON.'
  return 'internal_error: Something went wrong on our side.'
}

/** The code and the rest of such a sentence. */
export function splitErrorText(text: string): { readonly code: string; readonly detail: string } {
  const match = /^([a-z_]+): ([\s\S]*)$/.exec(text)
  const [, code = '', detail = ''] = match ?? []
  return code in PROBLEMS ? { code, detail } : { code: 'internal_error', detail: text }
}
