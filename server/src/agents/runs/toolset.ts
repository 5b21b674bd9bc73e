import { jsonSchema, tool, type ToolSet } from 'ai'
import type { AgentContext } from '#agents/dependencies.ts'
import type { Problem } from '#kernel/problem.ts'
import type { CatalogEntry } from '#tools/tool-call.ts'
import { callForRun } from './call-for-run.ts'
import { modelOutput } from './model-messages.ts'
import type { Recorder } from './recorder.ts'
import type { Stretch } from './stretch.ts'
import { ToolError, type ToolOutput } from './tool-output.ts'

interface Running {
  readonly stretch: Stretch
  readonly recorder: Recorder
  /** Calls that were found impossible before anybody was asked about them. */
  readonly impossible: ReadonlyMap<string, Problem>
}

/** The agent's tools for the model, in process over the one pipeline: an error reaches the model as an error. */
export function toolSet(context: AgentContext, running: Running): ToolSet {
  const { tools, model } = running.stretch
  return Object.fromEntries(
    tools.map((entry) => [
      entry.name,
      tool({
        description: entry.description,
        inputSchema: jsonSchema(entry.input_schema),
        execute: async (input, { toolCallId, abortSignal }) => {
          const signal = abortSignal ?? new AbortController().signal
          await running.recorder.announced(toolCallId)
          const impossible = running.impossible.get(toolCallId)
          const call = { toolCallId, tool: entry.name, arguments: input, confirmed: false, impossible, signal }
          const outcome = await callForRun(context, running, call)
          if (!outcome.ok) throw new ToolError(outcome.errorText)
          return outcome.output
        },
        toModelOutput: ({ output }) => modelOutput(entry.name, output as ToolOutput, model.isLlm),
      }),
    ]),
  )
}

/** Whether a call waits for the user: by their policy, and with the built-in router before everything that is no read. */
export function asksFirst(entry: CatalogEntry, stretch: Pick<Stretch, 'decisions' | 'model'>): boolean {
  const decision = stretch.decisions.get(entry.name) ?? 'ask'
  if (decision === 'deny') return false
  return decision === 'ask' || (!stretch.model.isLlm && !entry.annotations.readOnly)
}
