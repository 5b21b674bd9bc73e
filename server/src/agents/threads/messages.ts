import type { UIMessage } from 'ai'
import type { Transaction } from '#db/database.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import {
  changeAnswer,
  findAnswer,
  findAsked,
  insertMessage,
  markReplaced,
  newestMessages,
  replacedBy,
} from './store.ts'
import { uiMessage, type MessageRow } from './thread.ts'

/** What runs read and write of a thread's messages. */

/** Stores what the user wrote. */
export async function addUserMessage(
  userId: number,
  tx: Transaction,
  message: { readonly threadId: number; readonly runId: number; readonly text: string; readonly at: Date },
): Promise<void> {
  const { threadId, runId, text, at } = message
  await insertMessage(userId, tx, { threadId, runId, role: 'user', parts: [{ type: 'text', text }], at })
}

/** Takes a message of the user, and what was said after it, out of the conversation: the turn of a run stands there. */
export async function replaceFrom(
  userId: number,
  tx: Transaction,
  replaced: { readonly threadId: number; readonly messageId: number; readonly runId: number },
): Promise<Outcome<null>> {
  const { threadId, messageId, runId } = replaced
  if ((await findAsked(userId, tx, { threadId, id: messageId })) === undefined) {
    const detail = `Message ${messageId} is none that you wrote in thread ${threadId}, or it was replaced before.`
    return failure('invalid_request', detail, { path: 'replaces_message_id' })
  }
  await markReplaced(userId, tx, { threadId, from: messageId, runId })
  return success(null)
}

/** Answers whose place the turns of these runs took. */
export async function answersReplacedBy(
  userId: number,
  tx: Transaction,
  runIds: readonly number[],
): Promise<{ readonly runId: number; readonly parts: UIMessage['parts'] }[]> {
  const rows = await replacedBy(userId, tx, runIds)
  return rows.flatMap(({ run_id: runId, parts }) =>
    runId === null ? [] : [{ runId, parts: parts as UIMessage['parts'] }],
  )
}

/** Makes the row that the answer of a run will fill, so that it has its place and id from the start. */
export async function addEmptyAnswer(
  userId: number,
  tx: Transaction,
  { threadId, runId, at }: { readonly threadId: number; readonly runId: number; readonly at: Date },
): Promise<UIMessage> {
  return uiMessage(await insertMessage(userId, tx, { threadId, runId, role: 'assistant', parts: [], at }))
}

/** The answer of a run as far as it is written. */
export async function readAnswer(userId: number, tx: Transaction, runId: number): Promise<UIMessage> {
  const row = await findAnswer(userId, tx, runId)
  if (row === undefined) return { id: `run-${runId}`, role: 'assistant', parts: [] }
  return { ...uiMessage(row), metadata: row.metadata }
}

export async function saveAnswer(
  userId: number,
  tx: Transaction,
  runId: number,
  answer: { readonly parts: UIMessage['parts']; readonly metadata: Readonly<Record<string, unknown>> },
): Promise<void> {
  await changeAnswer(userId, tx, runId, answer)
}

/**
 * The newest messages of a thread in order, within both bounds. It begins with the user's words (models demand it) and
 * ends before message `before`, where that is given.
 */
export async function readHistory(
  userId: number,
  tx: Transaction,
  threadId: number,
  bounds: { readonly messages: number; readonly characters: number; readonly before?: number | undefined },
): Promise<UIMessage[]> {
  const rows = await newestMessages(userId, tx, threadId, { before: bounds.before, limit: bounds.messages })
  return withinCharacters(rows, bounds.characters).reverse().map(uiMessage)
}

function withinCharacters(newestFirst: readonly MessageRow[], characters: number): MessageRow[] {
  let used = 0
  const fitting = newestFirst.filter((row, index) => {
    used += JSON.stringify(row.parts).length
    return index === 0 || used <= characters
  })
  const first = fitting.findLastIndex(({ role }) => role === 'user')
  return fitting.slice(0, first + 1).filter(({ parts }) => parts.length > 0)
}
