import { jsonSchema, tool, type ToolSet } from 'ai'
import type { AgentContext } from '#agents/dependencies.ts'
import type { Problem } from '#kernel/problem.ts'
import type { CatalogEntry } from '#tools/tool-call.ts'
import { callForRun } from './call-for-run.ts'
import { modelOutput } from './model-messages.ts'
import { carriesOutside, noteCall, type Provenance } from './provenance.ts'
import type { Recorder } from './recorder.ts'
import type { Repeats } from './repeats.ts'
import type { Stretch } from './stretch.ts'
import { ToolError, type ToolOutput } from './tool-output.ts'

interface Running {
  readonly stretch: Stretch
  readonly recorder: Recorder
  readonly repeats: Repeats
  /** Calls that were found impossible before anybody was asked about them. */
  readonly impossible: ReadonlyMap<string, Problem>
  /** Where what the model has read came from; every call adds to it before the model goes on. */
  readonly provenance: Provenance
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
          noteCall(running.provenance, tools, { tool: entry.name, output: outcome.ok ? outcome.output : null })
          if (!outcome.ok) throw new ToolError(outcome.errorText)
          return outcome.output
        },
        toModelOutput: ({ output }) => modelOutput(entry.name, output as ToolOutput, model.isLlm),
      }),
    ]),
  )
}

/**
 * Whether a call waits for the user: by their policy; with the built-in router before everything that is no read, unless they
 * allowed it to this very agent; and whatever they allow, where it could carry private data to a stranger who asked for it.
 */
export function asksFirst(
  entry: CatalogEntry,
  {
    decisions,
    always,
    model,
    provenance,
  }: Pick<Stretch, 'decisions' | 'always' | 'model'> & Pick<Running, 'provenance'>,
): boolean {
  const decision = decisions.get(entry.name) ?? 'ask'
  if (decision === 'deny') return false
  if (decision === 'ask') return true
  if (!model.isLlm && !entry.annotations.readOnly && !always.has(entry.name)) return true
  return carriesOutside(provenance, entry)
}
