import { withdrawApprovals } from '#agents/approvals/of-run.ts'
import type { AgentContext } from '#agents/dependencies.ts'
import { addEmptyAnswer, addUserMessage, readHistory, replaceFrom } from '#agents/threads/messages.ts'
import { openThread } from '#agents/threads/open-thread.ts'
import type { Transaction } from '#db/database.ts'
import { failure, ProblemError, success, type Outcome } from '#kernel/problem.ts'
import { interruptRun } from './interrupt-run.ts'
import { replacedAnswers } from './replaced-answers.ts'
import { countRunning, insertRun, openRuns } from './store.ts'
import type { PreparedAgent, Stretch } from './stretch.ts'
import { withdrawRun } from './withdraw-run.ts'

export interface Turn {
  readonly message: string
  readonly threadId: number | undefined
  readonly replaces?: number | undefined
}

type Begun = Pick<Stretch, 'run' | 'history' | 'answer' | 'recorded' | 'replaced'>

/** Stores the user's message, the run that answers it and the place of the answer, all or nothing. */
export async function beginRun(context: AgentContext, prepared: PreparedAgent, turn: Turn): Promise<Outcome<Begun>> {
  const { userId } = prepared.principal
  try {
    return success(await context.database.asUser(userId, (tx) => begin(context, tx, { prepared, turn })))
  } catch (error) {
    // Thrown, so that the thread that may have been made for it is not kept.
    if (error instanceof ProblemError) return { ok: false, problem: error.problem }
    throw error
  }
}

async function begin(
  context: AgentContext,
  tx: Transaction,
  { prepared, turn }: { prepared: PreparedAgent; turn: Turn },
): Promise<Begun> {
  const { agent, model, principal } = prepared
  const { userId } = principal
  const { limits } = context
  const at = context.clock.now()
  const thread = unwrap(await openThread(userId, tx, { ...turn, agent, at }))
  const threadId = thread.id
  await freeThread(context, tx, { userId, threadId, at })
  if ((await countRunning(userId, tx, lastSignOfLife(context, at))) >= limits.runsPerUser) {
    const detail = `You have ${limits.runsPerUser} runs at work, which is the most. Wait for one to end, or stop it.`
    throw new ProblemError(failure('rate_limited', detail, { retryAfterSeconds: BUSY_SECONDS }).problem)
  }
  const run = await insertRun(userId, tx, { threadId, agentId: agent.id, model: model.id, isLlm: model.isLlm, at })
  const { replaces } = turn
  if (replaces !== undefined) {
    unwrap(await replaceFrom(userId, tx, { threadId, messageId: replaces, runId: run.id }))
  }
  await addUserMessage(userId, tx, { threadId, runId: run.id, text: turn.message, at })
  const answer = await addEmptyAnswer(userId, tx, { threadId, runId: run.id, at })
  const bounds = { messages: limits.historyMessages, characters: limits.historyCharacters }
  const history = await readHistory(userId, tx, threadId, { ...bounds, before: Number(answer.id) })
  const replaced = replaces === undefined ? [] : await replacedAnswers(userId, tx, run.id)
  return { run, history, answer, recorded: 0, replaced }
}

/** Seconds after which a running run may have ended. */
const BUSY_SECONDS = 5

/** One run works in a thread. One that waits is withdrawn: the user went on without deciding. */
async function freeThread(
  context: AgentContext,
  tx: Transaction,
  { userId, threadId, at }: { userId: number; threadId: number; at: Date },
): Promise<void> {
  const reason = 'The conversation went on without a decision.'
  for (const run of await openRuns(userId, tx, threadId)) {
    if (run.status === 'waiting') await withdrawRun(userId, tx, run, { reason, at, wroteOn: true })
    else if (run.heartbeat_at <= lastSignOfLife(context, at)) await interruptRun(userId, tx, run, at)
    else throw new ProblemError(threadBusy(run.id).problem)
  }
  await withdrawApprovals(userId, tx, threadId, { reason, at })
}

/** A run whose last sign of life is not after this moment is abandoned. */
export function lastSignOfLife({ limits }: Pick<AgentContext, 'limits'>, now: Date): Date {
  return new Date(now.getTime() - limits.abandonedMs)
}

export function threadBusy(runId: number) {
  return failure('conflict', `Run ${runId} is still at work in this thread. Wait for it, or stop it.`, {
    retryAfterSeconds: BUSY_SECONDS,
    extra: { run_id: runId },
  })
}

function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  throw new ProblemError(outcome.problem)
}
