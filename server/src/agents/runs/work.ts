import { AISDKError, type UIMessageChunk } from 'ai'
import { saveAnswer } from '#agents/threads/messages.ts'
import type { AgentContext } from '#agents/dependencies.ts'
import { modelProblem } from '#agents/models/model-problem.ts'
import { ProblemError } from '#kernel/problem.ts'
import { ACCESS_ENDED, RunAbort, STOPPED, SUPERSEDED, type ActiveRun } from './active-runs.ts'
import { growAnswer } from './answer-message.ts'
import { failRun } from './fail-run.ts'
import { missingMetadata } from './failed-tools.ts'
import { createFeed, type Feed } from './feed.ts'
import { runLoop } from './loop.ts'
import { modelMessages } from './model-messages.ts'
import { provenanceOf } from './provenance.ts'
import { createRecorder, type Recorder } from './recorder.ts'
import { createRepeats, earlierCalls, type Repeats } from './repeats.ts'
import { runErrorOf, usageView, type RunEnd, type RunRow } from './run.ts'
import { settleCalls } from './settle-calls.ts'
import { endRun, findRun, insertEvents, touchRun } from './store.ts'
import type { Stretch } from './stretch.ts'

/** Starts one stretch of a run. It works on by itself, whoever listens or leaves. */
export function startStretch(context: AgentContext, stretch: Stretch): ActiveRun {
  const { run } = stretch
  const feed = createFeed(stretch.recorded)
  const controller = new AbortController()
  const active: ActiveRun = {
    userId: run.user_id,
    runId: run.id,
    threadId: run.thread_id,
    feed,
    abort: (reason) => controller.abort(reason),
    finished: work(context, stretch, { feed, controller })
      .catch((error: unknown) => context.log.error({ run_id: run.id, error }, 'run could not be ended'))
      .finally(() => {
        context.activeRuns.remove(active)
        feed.close()
      }),
  }
  context.activeRuns.add(active)
  return active
}

interface Working {
  readonly feed: Feed
  readonly controller: AbortController
}

async function work(context: AgentContext, stretch: Stretch, { feed, controller }: Working): Promise<void> {
  const { userId } = stretch.principal
  const recorder = createRecorder({
    feed,
    maximumBytes: context.limits.recordedBytes,
    store: (events) => context.database.asUser(userId, (tx) => insertEvents(userId, tx, stretch.run.id, events)),
    onError: () => controller.abort(SUPERSEDED),
  })
  const release = watch(context, stretch, controller)
  let end: RunEnd
  try {
    end = await inOneStretch(guarded(context, controller), stretch, { recorder, signal: controller.signal })
  } catch (error) {
    end = endOfError(context, stretch, controller.signal.aborted ? controller.signal.reason : error)
  } finally {
    release()
  }
  try {
    await storeEnd(context, stretch, { recorder, feed, end })
  } catch (error) {
    context.log.error({ run_id: stretch.run.id, error }, 'The end of a run could not be stored')
    const detail = 'Something went wrong on our side, and the answer could not be kept. Send a message to go on.'
    const failed = await failRun(context, stretch.run, detail)
    for (const chunk of lastChunks(failed, metadataOf(stretch, failed, stretch.run))) feed.push(chunk)
  }
}

/** The same, but no tool is called for somebody whose access has ended since: the run ends instead. */
function guarded(context: AgentContext, controller: AbortController): AgentContext {
  return {
    ...context,
    async callTool(principal, request) {
      if (!(await context.stillValid(principal))) controller.abort(ACCESS_ENDED)
      controller.signal.throwIfAborted()
      return context.callTool(principal, request)
    },
  }
}

async function inOneStretch(
  context: AgentContext,
  stretch: Stretch,
  { recorder, signal }: { recorder: Recorder; signal: AbortSignal },
): Promise<RunEnd> {
  recorder.write(startChunk(stretch))
  const repeats = repeatsOf(stretch)
  const waiting = await settleCalls(context, { stretch, recorder, repeats, signal })
  signal.throwIfAborted()
  if (waiting > 0) return { status: 'waiting', error: null }
  const answer = await growAnswer(stretch.answer, recorder.chunks)
  const conversation = answer.parts.length === 0 ? stretch.history : [...stretch.history, answer]
  const messages = await modelMessages(conversation, stretch.model.isLlm)
  const provenance = provenanceOf(conversation, stretch.tools)
  return runLoop(context, { stretch, recorder, provenance, repeats, signal }, messages)
}

function repeatsOf({ replaced, tools, answer }: Stretch): Repeats {
  const reads = new Set(tools.filter(({ annotations }) => annotations.readOnly).map(({ name }) => name))
  return createRepeats(
    earlierCalls(replaced, (tool) => !reads.has(tool)),
    answer,
  )
}

function startChunk({ answer, run, model }: Stretch): UIMessageChunk {
  return {
    type: 'start',
    messageId: answer.id,
    messageMetadata: {
      agent_id: run.agent_id,
      thread_id: run.thread_id,
      run_id: run.id,
      model: { id: model.id, is_llm: model.isLlm },
    },
  }
}

/** Gives signs of life, and ends the run when somebody stops it, takes it over, loses access, or its time is up. */
function watch(context: AgentContext, stretch: Stretch, controller: AbortController): () => void {
  const { limits, clock, database } = context
  const { userId } = stretch.principal
  const beat = setInterval(() => {
    Promise.all([
      database.asUser(userId, (tx) => touchRun(userId, tx, stretch.run, clock.now())),
      context.stillValid(stretch.principal),
    ])
      .then(([row, isValid]) => {
        if (row === undefined) controller.abort(SUPERSEDED)
        else if (row.stop_requested_at !== null) controller.abort(STOPPED)
        else if (!isValid) controller.abort(ACCESS_ENDED)
      })
      .catch((error: unknown) => context.log.warn({ run_id: stretch.run.id, error }, 'no heartbeat'))
  }, limits.heartbeatMs)
  const timeUp = setTimeout(() => {
    const detail = `The run took longer than ${limits.runMs} milliseconds. Send a message to go on.`
    controller.abort(new RunAbort({ status: 'failed', error: { code: 'time_limit', detail } }))
  }, limits.runMs)
  return () => {
    clearInterval(beat)
    clearTimeout(timeUp)
  }
}

function endOfError(context: AgentContext, stretch: Stretch, error: unknown): RunEnd {
  if (error instanceof RunAbort) return error.end
  if (error instanceof ProblemError || AISDKError.isInstance(error)) {
    return { status: 'failed', error: runErrorOf(modelProblem(error)) }
  }
  context.log.error({ run_id: stretch.run.id, error }, 'run failed')
  return { status: 'failed', error: { code: 'internal_error', detail: 'Something went wrong on our side. Try again.' } }
}

/** Stores the answer, the last chunks and the state of the run as one, and only then tells those who listen. */
async function storeEnd(
  context: AgentContext,
  stretch: Stretch,
  { recorder, feed, end }: { recorder: Recorder; feed: Feed; end: RunEnd },
): Promise<void> {
  const { userId } = stretch.principal
  const { run } = stretch
  if (end.error?.reason !== undefined) context.log.warn({ run_id: run.id, reason: end.error.reason }, 'run failed')
  const current = await context.database.asUser(userId, (tx) => findRun(userId, tx, run.id))
  // Deleted, or taken over by a later stretch: what happened here is not this one's to tell any more.
  if (current === undefined || current.attempt !== run.attempt) return
  const metadata = metadataOf(stretch, end, current)
  const last = lastChunks(end, metadata)
  const events = await recorder.drain(last)
  const answer = await growAnswer(stretch.answer, recorder.chunks)
  await context.database.asUser(userId, async (tx) => {
    const ended = await endRun(
      userId,
      tx,
      { id: run.id, attempt: run.attempt, from: 'running' },
      { ...end, at: context.clock.now() },
    )
    if (ended === undefined) return
    await insertEvents(userId, tx, run.id, events)
    await saveAnswer(userId, tx, run.id, { parts: answer.parts, metadata })
  })
  for (const chunk of last) feed.push(chunk)
}

function metadataOf({ model, missing }: Stretch, { status }: RunEnd, run: RunRow) {
  const answered = { id: model.id, is_llm: model.isLlm }
  return { model: answered, status, usage: usageView(run), ...missingMetadata(missing) }
}

function lastChunks({ status, error }: RunEnd, metadata: Record<string, unknown>): UIMessageChunk[] {
  const failed: UIMessageChunk[] =
    error === null ? [] : [{ type: 'error', errorText: `${error.code}: ${error.detail}` }]
  const aborted: UIMessageChunk[] = status === 'stopped' ? [{ type: 'abort', reason: 'stopped' }] : []
  const finishReason = status === 'waiting' ? 'tool-calls' : status === 'succeeded' ? 'stop' : 'error'
  const messageMetadata = {
    ...metadata,
    ...(error === null ? {} : { error: { code: error.code, detail: error.detail } }),
  }
  return [...failed, ...aborted, { type: 'finish', finishReason, messageMetadata }]
}
