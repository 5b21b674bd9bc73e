import type { UIMessage } from 'ai'
import { approvalsByCall } from '#agents/approvals/of-run.ts'
import { answersReplacedBy } from '#agents/threads/messages.ts'
import type { Transaction } from '#db/database.ts'
import type { ReplacedAnswer } from './repeats.ts'

/** Turns that were asked for again and again in one place; what is older than the newest of them is not looked at. */
const GENERATIONS = 50

/** The answers that a run stands in the place of, and those that they had stood in the place of, oldest first. */
export async function replacedAnswers(userId: number, tx: Transaction, runId: number): Promise<ReplacedAnswer[]> {
  const found = new Map<number, UIMessage['parts']>()
  let next = [runId]
  for (let generation = 0; next.length > 0 && generation < GENERATIONS; generation += 1) {
    const answers = (await answersReplacedBy(userId, tx, next)).filter((answer) => !found.has(answer.runId))
    for (const { runId: id, parts } of answers) found.set(id, parts)
    next = answers.map((answer) => answer.runId)
  }
  const oldestFirst = [...found].sort(([one], [other]) => one - other)
  const answers: ReplacedAnswer[] = []
  for (const [id, parts] of oldestFirst) {
    const approvals = await approvalsByCall(userId, tx, id)
    answers.push({ runId: id, parts, sent: new Map([...approvals].map(([call, row]) => [call, row.arguments])) })
  }
  return answers
}
