import type { AgentContext } from '#agents/dependencies.ts'
import { readAnswer, readHistory } from '#agents/threads/messages.ts'
import type { Transaction } from '#db/database.ts'
import { replacedAnswers } from './replaced-answers.ts'
import type { RunRow } from './run.ts'
import { lastSequence, newestRunId, restartRun } from './store.ts'
import type { Stretch } from './stretch.ts'

/**
 * Starts the next stretch of a run that waited or was cut off, inside the caller's transaction. Null where it is no longer
 * the last word of its thread, or somebody else continues it.
 */
export async function continueRun(
  context: AgentContext,
  tx: Transaction,
  run: RunRow,
): Promise<Pick<Stretch, 'run' | 'history' | 'answer' | 'recorded' | 'replaced'> | null> {
  const { user_id: userId, status } = run
  if (status !== 'waiting' && status !== 'interrupted') return null
  if ((await newestRunId(userId, tx, run.thread_id)) !== run.id) return null
  const restarted = await restartRun(userId, tx, { id: run.id, from: status, at: context.clock.now() })
  if (restarted === undefined) return null
  const answer = await readAnswer(userId, tx, run.id)
  const history = await readHistory(userId, tx, run.thread_id, {
    messages: context.limits.historyMessages,
    characters: context.limits.historyCharacters,
    before: Number(answer.id),
  })
  const replaced = await replacedAnswers(userId, tx, run.id)
  return { run: restarted, answer, history, recorded: await lastSequence(userId, tx, run.id), replaced }
}
