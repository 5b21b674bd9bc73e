import { languageSpoken } from '#agents/threads/language-spoken.ts'
import type { AgentContext } from '#agents/dependencies.ts'
import { asStored } from '#db/jsonb.ts'
import { digestOf } from '#kernel/canonical.ts'
import { failure, type Outcome, type Problem } from '#kernel/problem.ts'
import type { CatalogEntry, ToolCallAnswer } from '#tools/tool-call.ts'
import type { Recorder } from './recorder.ts'
import type { EarlierCall, Repeats } from './repeats.ts'
import type { Stretch } from './stretch.ts'
import { TOOL_FAILURE, toolErrorText, toolFailureOf, type ToolOutput } from './tool-output.ts'

export interface RunToolCall {
  readonly toolCallId: string
  readonly tool: string
  readonly arguments: unknown
  /** Whether the user approved these very arguments. */
  readonly confirmed: boolean
  /** The connection that the user approved it for; their default one where absent. */
  readonly connectionId?: number | undefined
  /** Why it cannot be made, where that is known already. */
  readonly impossible?: Problem | undefined
  readonly signal: AbortSignal
}

/** The result, or the sentence that the model reads instead. */
export type CallOutcome =
  | { readonly ok: true; readonly output: ToolOutput }
  | { readonly ok: false; readonly errorText: string }

interface CallingRun {
  readonly stretch: Stretch
  readonly recorder: Recorder
  readonly repeats: Repeats
}

/**
 * One call of a run through the pipeline. What the call is must be on record before it can have an effect, so that after a
 * crash the same key finds it in the ledger.
 */
export async function callForRun(
  context: AgentContext,
  { stretch, recorder, repeats }: CallingRun,
  { signal, ...given }: RunToolCall,
): Promise<CallOutcome> {
  // As the record has it, so that after a crash the very same call is made.
  const call = { ...asStored(given), signal }
  const earlier = changesNothing(stretch, call.tool) ? undefined : repeats.of(call)
  if (earlier?.outcome?.ok === true)
    return { ok: true, output: { ...earlier.outcome.output, earlier_run_id: earlier.runId } }
  if (earlier !== undefined && earlier.outcome !== null) return earlier.outcome
  const startedAt = context.clock.now().getTime()
  await recorder.flush()
  const { impossible } = call
  const outcome =
    impossible === undefined
      ? await calling(context, stretch, { ...call, earlier })
      : { ok: false as const, problem: impossible }
  if (outcome.ok) {
    const { tool: _tool, ...output } = outcome.value
    return { ok: true, output }
  }
  const failed = toolFailureOf(outcome.problem, {
    toolCallId: call.toolCallId,
    tool: call.tool,
    provider: entryOf(stretch, call.tool)?.provider ?? null,
    durationMs: context.clock.now().getTime() - startedAt,
    publicUrl: context.publicUrl,
  })
  recorder.write({ type: TOOL_FAILURE, id: call.toolCallId, data: failed })
  return { ok: false, errorText: toolErrorText(failed) }
}

async function calling(
  context: AgentContext,
  stretch: Stretch,
  { earlier, ...call }: RunToolCall & { readonly earlier: EarlierCall | undefined },
): Promise<Outcome<ToolCallAnswer>> {
  try {
    return await context.callTool(stretch.principal, {
      tool: call.tool,
      arguments: call.arguments,
      confirmed: call.confirmed,
      ...(call.connectionId === undefined ? {} : { connectionId: call.connectionId }),
      agentTools: stretch.agent.tools,
      ...(changesNothing(stretch, call.tool) ? {} : { idempotencyKey: keyOf(stretch, call, earlier) }),
      runId: stretch.run.id,
      requestId: stretch.requestId,
      language: languageSpoken(stretch.history),
      signal: call.signal,
    })
  } catch (error) {
    call.signal.throwIfAborted()
    context.log.error({ run_id: stretch.run.id, tool: call.tool, error }, 'A tool call threw')
    return failure('internal_error', 'Something went wrong on our side. Whether the call had an effect is not known.')
  }
}

/** A read that was cut off is simply made again; a key would give back that its outcome was not recorded. */
function changesNothing(stretch: Stretch, name: string): boolean {
  return entryOf(stretch, name)?.annotations.readOnly === true
}

function entryOf({ tools }: Stretch, tool: string): CatalogEntry | undefined {
  return tools.find(({ name }) => name === tool)
}

/** A call that a crash cut off in the turn before is made under the key that it had there: the ledger knows what came of it. */
function keyOf(stretch: Stretch, call: RunToolCall, earlier: EarlierCall | undefined): string {
  return earlier === undefined ? idempotencyKey(stretch.run.id, call) : idempotencyKey(earlier.runId, earlier)
}

/** Characters of the digest in a key: 64 bits tell the calls of one run apart. */
const DIGEST_CHARACTERS = 16

/**
 * The same call of the same run is the same key, in whichever process and however often it is made. Some models number
 * their calls anew in each step: the arguments tell such calls apart.
 */
function idempotencyKey(runId: number, call: Pick<RunToolCall, 'toolCallId' | 'tool' | 'arguments'>): string {
  const digest = digestOf([call.tool, call.arguments]).slice(0, DIGEST_CHARACTERS)
  return `run:${runId}:${call.toolCallId}:${digest}`
}
