import type { UIMessageChunk } from 'ai'
import { readAnswer, saveAnswer } from '#agents/threads/messages.ts'
import type { Transaction } from '#db/database.ts'
import { growAnswer } from './answer-message.ts'
import { usageView, type RunRow } from './run.ts'
import { endRun, eventsAfter } from './store.ts'

/**
 * Marks a run whose process is gone, and puts together from its recorded chunks what it had said and done. A message that
 * follows in the thread sees it; the run can be resumed.
 */
export async function interruptRun(userId: number, tx: Transaction, run: RunRow, at: Date): Promise<void> {
  const { id, attempt } = run
  const ended = await endRun(userId, tx, { id, attempt, from: 'running' }, { status: 'interrupted', error: null, at })
  if (ended === undefined) return
  const { id: messageId } = await readAnswer(userId, tx, id)
  const events = await eventsAfter(userId, tx, id, { after: 0 })
  const chunks = events.map(({ chunk }) => chunk as UIMessageChunk)
  const answer = await growAnswer({ id: messageId, role: 'assistant', parts: [] }, chunks)
  const metadata = {
    model: { id: run.model, is_llm: run.is_llm },
    status: ended.status,
    usage: usageView(ended),
  }
  await saveAnswer(userId, tx, id, { parts: answer.parts, metadata })
}
