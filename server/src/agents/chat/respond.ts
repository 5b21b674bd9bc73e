import { createUIMessageStreamResponse, type UIMessageChunk } from 'ai'
import { pendingApprovals } from '#agents/approvals/of-run.ts'
import type { AgentContext } from '#agents/dependencies.ts'
import type { ActiveRun } from '#agents/runs/active-runs.ts'
import { readRunRow } from '#agents/runs/read-run.ts'
import type { RunRow } from '#agents/runs/run.ts'
import { readAnswer, readHistory } from '#agents/threads/messages.ts'
import { answer, sendProblem, type AppContext } from '#kernel/http.ts'
import { failure, PROBLEMS, success, type Outcome, type ProblemCode } from '#kernel/problem.ts'
import { chatAnswer } from './chat-answer.ts'
import { catalogFor } from '#tools/tool-source.ts'
import { waitingMessage } from './waiting-message.ts'

/** Milliseconds between comments on a quiet stream: under the idle timeouts of common proxies (30 to 60 seconds). */
const KEEP_ALIVE_MS = 15_000

/** Answers with a run: a stream where the client accepts one, else one JSON object when the run ends or waits. */
export async function respondWithRun(c: AppContext, context: AgentContext, run: Outcome<ActiveRun>): Promise<never> {
  if (!run.ok) return sendProblem(c, run.problem) as never
  if (wantsStream(c)) return streamChunks(run.value.feed.follow()) as never
  await run.value.finished
  return answer(c, await completed(context, run.value))
}

/** The chunks as server-sent events in the AI SDK's protocol. */
export function streamChunks(chunks: AsyncGenerator<UIMessageChunk, void>): Response {
  return createUIMessageStreamResponse({
    stream: ReadableStream.from(chunks) as ReadableStream<UIMessageChunk>,
    keepAliveMs: KEEP_ALIVE_MS,
    headers: { 'cache-control': 'no-store' },
  })
}

function wantsStream(c: AppContext): boolean {
  return (c.req.header('accept') ?? '').includes('text/event-stream')
}

async function completed(context: AgentContext, { userId, runId }: ActiveRun) {
  const run = await readRunRow(context, userId, runId)
  if (run === undefined) return failure('conflict', 'The thread was deleted while the agent was at work.')
  const failed = problemOf(run)
  if (failed !== null) return failed
  const now = context.clock.now()
  const { historyMessages: messages, historyCharacters: characters } = context.limits
  const catalog = await catalogFor(context, userId)
  const value = await context.database.asUser(userId, async (tx) => {
    const approvals = await pendingApprovals(userId, tx, runId, now)
    const whole = chatAnswer(run, await readAnswer(userId, tx, runId), approvals, now)
    if (whole.message !== '' || approvals.length === 0) return whole
    const conversation = await readHistory(userId, tx, run.thread_id, { messages, characters })
    return { ...whole, message: waitingMessage(catalog, approvals, conversation) }
  })
  return success(value)
}

/** A run that failed with a problem that any request can have answers with that problem; a limit answers with what there is. */
function problemOf(run: RunRow) {
  if (run.status !== 'failed' || run.error_code === null || !(run.error_code in PROBLEMS)) return null
  return failure(run.error_code as ProblemCode, run.error_detail ?? '', {
    extra: { agent_id: run.agent_id, thread_id: run.thread_id, run_id: run.id },
  })
}
