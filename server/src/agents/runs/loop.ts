import { isStepCount, toUIMessageStream, ToolLoopAgent, type ModelMessage, type UIMessageChunk } from 'ai'
import { requestApproval } from '#agents/approvals/request-approval.ts'
import type { AgentContext } from '#agents/dependencies.ts'
import type { Problem } from '#kernel/problem.ts'
import { costOf } from '#agents/models/model.ts'
import { modelProblem } from '#agents/models/model-problem.ts'
import { instructionsOf } from './instructions.ts'
import { carriesOutside, type Provenance } from './provenance.ts'
import type { Recorder } from './recorder.ts'
import type { Repeats } from './repeats.ts'
import { runErrorOf, type RunEnd, type RunError } from './run.ts'
import { addStep } from './store.ts'
import type { Stretch } from './stretch.ts'
import { errorText } from './tool-output.ts'
import { asksFirst, toolSet } from './toolset.ts'

interface Loop {
  readonly stretch: Stretch
  readonly recorder: Recorder
  readonly provenance: Provenance
  readonly repeats: Repeats
  readonly signal: AbortSignal
}

interface AskedCall {
  readonly tool: string
  readonly arguments: unknown
}

/** What the loop has come to so far. */
interface Progress {
  tokens: number
  steps: number
  toolCalls: number
  /** Calls that wait for the user. */
  asked: number
  /** The connection that each of them is about. */
  readonly connections: Map<string, number>
  /** Their arguments, with ids in place of titles. */
  readonly pinned: Map<string, unknown>
  /** Calls that nobody needs to be asked about, because they cannot be made. */
  readonly impossible: Map<string, Problem>
  /** Whether the last step called tools, so that the model has not said its last word. */
  callsLast: boolean
  failure: RunError | null
}

/** Lets the model and its tools take turns until the answer is there, a call waits for the user, or a limit is reached. */
export async function runLoop(context: AgentContext, loop: Loop, messages: ModelMessage[]): Promise<RunEnd> {
  const { run } = loop.stretch
  const progress: Progress = {
    tokens: run.input_tokens + run.output_tokens,
    steps: run.steps,
    toolCalls: 0,
    asked: 0,
    connections: new Map(),
    pinned: new Map(),
    impossible: new Map(),
    callsLast: false,
    failure: null,
  }
  const over = limitReached(context, progress)
  if (over !== null) return { status: 'failed', error: over }
  const result = await agentOf(context, loop, progress).stream({ messages, abortSignal: loop.signal })
  const chunks = toUIMessageStream({ stream: result.stream, sendStart: false, sendFinish: false, onError: errorText })
  const calls = new Map<string, AskedCall>()
  for await (const chunk of chunks) {
    // A failure of the model is told once, by the end of the run.
    if (chunk.type === 'error' || chunk.type === 'abort') continue
    if (chunk.type === 'tool-input-available') {
      calls.set(chunk.toolCallId, { tool: chunk.toolName, arguments: chunk.input })
    }
    const asks = chunk.type === 'tool-approval-request'
    loop.recorder.write(asks ? await asking(context, loop, { chunk, calls, progress }) : chunk)
  }
  loop.signal.throwIfAborted()
  return endOf(context, progress)
}

function agentOf(context: AgentContext, loop: Loop, progress: Progress) {
  const { stretch } = loop
  const { limits } = context
  return new ToolLoopAgent({
    model: stretch.model.model,
    instructions: instructionsOf(stretch),
    providerOptions: stretch.model.providerOptions,
    tools: toolSet(context, { ...loop, impossible: progress.impossible }),
    maxOutputTokens: limits.tokensPerAnswer,
    maxRetries: limits.modelRetries,
    toolCallConcurrency: limits.concurrentToolCalls,
    stopWhen: [isStepCount(limits.stepsPerRun - stretch.run.steps), () => progress.tokens >= limits.tokensPerRun],
    async toolApproval({ toolCall }) {
      progress.toolCalls += 1
      if (progress.toolCalls > limits.toolCallsPerRun) {
        return { type: 'denied', reason: `A run makes at most ${limits.toolCallsPerRun} tool calls.` }
      }
      return asksUser(context, loop, { toolCall, progress })
    },
    async onStepEnd({ usage, toolCalls }) {
      const inputTokens = usage.inputTokens ?? 0
      const outputTokens = usage.outputTokens ?? 0
      progress.tokens += inputTokens + outputTokens
      progress.steps += 1
      progress.callsLast = toolCalls.length > 0
      const { userId } = stretch.principal
      const { price } = stretch.model
      // What was not counted did not cost nothing: its cost is unknown.
      const isCounted = usage.inputTokens !== undefined && usage.outputTokens !== undefined
      const tokens = { input: inputTokens, output: outputTokens }
      const costUsd = price === undefined || !isCounted ? null : costOf(price, tokens)
      const step = { inputTokens, outputTokens, costUsd }
      await context.database.asUser(userId, (tx) => addStep(userId, tx, stretch.run, step))
    },
    // Without one the library prints the whole request, with everything that the user wrote.
    onError({ error }) {
      progress.failure = runErrorOf(modelProblem(error))
    },
  })
}

interface ModelCall {
  readonly toolCallId: string
  readonly toolName: string
  readonly input: unknown
}

/** Whether the user is asked about a call, and what they are asked about. */
async function asksUser(
  context: AgentContext,
  { stretch, provenance, repeats }: Loop,
  { toolCall, progress }: { readonly toolCall: ModelCall; readonly progress: Progress },
): Promise<'user-approval' | undefined> {
  const { toolCallId, toolName: tool, input } = toolCall
  const entry = stretch.tools.find(({ name }) => name === tool)
  if (entry === undefined || !asksFirst(entry, { ...stretch, provenance })) return undefined
  // Its outcome is known: it is told again, and there is nothing to decide.
  const isOver = (given: unknown) => (repeats.of({ toolCallId, tool, arguments: given })?.outcome ?? null) !== null
  if (isOver(input)) return undefined
  // Without a connection there is nothing to decide about: the call fails at once, with the link.
  const connection = await context.connectionFor(stretch.principal.userId, entry.name)
  if (!connection.ok) {
    progress.impossible.set(toolCallId, connection.problem)
    return undefined
  }
  const pinned = await context.pinTargets(stretch.principal, {
    tool,
    arguments: input,
    connectionId: connection.value.id,
    requestId: stretch.requestId,
  })
  if (!pinned.ok) {
    progress.impossible.set(toolCallId, pinned.problem)
    return undefined
  }
  if (isOver(pinned.value)) return undefined
  progress.pinned.set(toolCallId, pinned.value)
  progress.connections.set(toolCallId, connection.value.id)
  progress.asked += 1
  return 'user-approval'
}

type ApprovalChunk = Extract<UIMessageChunk, { type: 'tool-approval-request' }>

/** Stores what is asked before anybody sees the question; the stored row's id is the question's. */
async function asking(
  context: AgentContext,
  { stretch, recorder, provenance }: Loop,
  { chunk, calls, progress }: { chunk: ApprovalChunk; calls: ReadonlyMap<string, AskedCall>; progress: Progress },
): Promise<UIMessageChunk> {
  const call = calls.get(chunk.toolCallId)
  if (call === undefined || chunk.isAutomatic === true) return chunk
  await recorder.flush()
  const entry = stretch.tools.find(({ name }) => name === call.tool)
  const row = await requestApproval(context, stretch.principal, {
    runId: stretch.run.id,
    threadId: stretch.run.thread_id,
    toolCallId: chunk.toolCallId,
    askedBecause: entry !== undefined && carriesOutside(provenance, entry) ? 'text_of_strangers' : 'rules',
    connectionId: progress.connections.get(chunk.toolCallId) ?? null,
    requestId: stretch.requestId,
    tool: call.tool,
    arguments: progress.pinned.get(chunk.toolCallId) ?? call.arguments,
  })
  const approvalDescriptor = { expires_at: row.expires_at.toISOString(), arguments_digest: row.arguments_digest }
  return { ...chunk, approvalId: String(row.id), approvalDescriptor }
}

function endOf(context: AgentContext, progress: Progress): RunEnd {
  if (progress.failure !== null) return { status: 'failed', error: progress.failure }
  if (progress.asked > 0) return { status: 'waiting', error: null }
  const over = progress.callsLast ? limitReached(context, progress) : null
  return over === null ? { status: 'succeeded', error: null } : { status: 'failed', error: over }
}

function limitReached({ limits }: AgentContext, progress: Progress): RunError | null {
  if (progress.tokens >= limits.tokensPerRun) {
    return { code: 'token_limit', detail: `The run used its ${limits.tokensPerRun} tokens. Send a message to go on.` }
  }
  if (progress.steps >= limits.stepsPerRun) {
    return { code: 'step_limit', detail: `The run took its ${limits.stepsPerRun} steps. Send a message to go on.` }
  }
  return null
}
