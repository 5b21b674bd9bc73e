import type { UIMessage } from 'ai'
import { withdrawApprovals } from '#agents/approvals/of-run.ts'
import { readAnswer, saveAnswer } from '#agents/threads/messages.ts'
import type { Transaction } from '#db/database.ts'
import { usageView, type RunRow } from './run.ts'
import { openCalls, withdrawnParts } from './settle-calls.ts'
import { endRun } from './store.ts'

interface Withdrawal {
  readonly reason: string
  readonly at: Date
  /** The user neither decided nor stopped it, but wrote on: its answer names the calls that were left open. */
  readonly wroteOn?: true
}

/** Ends a run that waits for the user, with the questions it asked. Gives its answer, or null where it no longer waits. */
export async function withdrawRun(
  userId: number,
  tx: Transaction,
  run: RunRow,
  end: Withdrawal,
): Promise<UIMessage | null> {
  await withdrawApprovals(userId, tx, run.thread_id, end)
  const stopped = { status: 'stopped', error: null, at: end.at } as const
  const ended = await endRun(userId, tx, { id: run.id, from: 'waiting' }, stopped)
  if (ended === undefined) return null
  const before = await readAnswer(userId, tx, run.id)
  const answer = { ...before, parts: withdrawnParts(before.parts, end.reason) }
  const metadata = { model: { id: run.model, is_llm: run.is_llm }, status: ended.status, usage: usageView(ended) }
  const leftOpen = end.wroteOn === true ? { left_open_calls: openCalls(before.parts) } : {}
  await saveAnswer(userId, tx, run.id, { parts: answer.parts, metadata: { ...metadata, ...leftOpen } })
  return answer
}
