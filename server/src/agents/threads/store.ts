import type { Transaction } from '#db/database.ts'
import { toJsonb, toText } from '#db/jsonb.ts'
import type { MessageRow, ThreadRow } from './thread.ts'

/** All SQL for `threads` and `messages`. */

export async function insertThread(
  userId: number,
  tx: Transaction,
  thread: {
    readonly agent: { readonly user_id: number; readonly id: number }
    readonly title: string
    readonly at: Date
  },
): Promise<ThreadRow> {
  return tx
    .insertInto('threads')
    .values({
      user_id: userId,
      agent_user_id: thread.agent.user_id,
      agent_id: thread.agent.id,
      title: toText(thread.title),
      created_at: thread.at,
      updated_at: thread.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function findThread(userId: number, tx: Transaction, id: number): Promise<ThreadRow | undefined> {
  return tx.selectFrom('threads').selectAll().where('user_id', '=', userId).where('id', '=', id).executeTakeFirst()
}

/** Also locks the row, so that two messages sent at once are taken one after the other. */
export async function lockThread(userId: number, tx: Transaction, id: number): Promise<ThreadRow | undefined> {
  return tx
    .selectFrom('threads')
    .selectAll()
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

export async function listThreads(
  userId: number,
  tx: Transaction,
  page: { readonly before?: number; readonly limit: number; readonly agentId?: number },
): Promise<ThreadRow[]> {
  let query = tx.selectFrom('threads').selectAll().where('user_id', '=', userId)
  if (page.before !== undefined) query = query.where('id', '<', page.before)
  if (page.agentId !== undefined) query = query.where('agent_id', '=', page.agentId)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

export async function changeThread(
  userId: number,
  tx: Transaction,
  id: number,
  change: { readonly title?: string; readonly updated_at: Date },
): Promise<ThreadRow | undefined> {
  return tx
    .updateTable('threads')
    .set({ ...change, ...(change.title === undefined ? {} : { title: toText(change.title) }) })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

export async function removeThread(userId: number, tx: Transaction, id: number): Promise<boolean> {
  const result = await tx.deleteFrom('threads').where('user_id', '=', userId).where('id', '=', id).executeTakeFirst()
  return result.numDeletedRows > 0n
}

export async function insertMessage(
  userId: number,
  tx: Transaction,
  message: {
    readonly threadId: number
    readonly runId: number | null
    readonly role: 'user' | 'assistant'
    readonly parts: readonly unknown[]
    readonly at: Date
  },
): Promise<MessageRow> {
  return tx
    .insertInto('messages')
    .values({
      user_id: userId,
      thread_id: message.threadId,
      run_id: message.runId,
      role: message.role,
      parts: toJsonb(message.parts),
      created_at: message.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The answer that a run writes: one for each run. */
export async function findAnswer(userId: number, tx: Transaction, runId: number): Promise<MessageRow | undefined> {
  return tx
    .selectFrom('messages')
    .selectAll()
    .where('user_id', '=', userId)
    .where('run_id', '=', runId)
    .where('role', '=', 'assistant')
    .executeTakeFirst()
}

export async function changeAnswer(
  userId: number,
  tx: Transaction,
  runId: number,
  answer: { readonly parts: readonly unknown[]; readonly metadata: Readonly<Record<string, unknown>> },
): Promise<void> {
  await tx
    .updateTable('messages')
    .set({ parts: toJsonb(answer.parts), metadata: toJsonb(answer.metadata) })
    .where('user_id', '=', userId)
    .where('run_id', '=', runId)
    .where('role', '=', 'assistant')
    .execute()
}

/** Messages of a thread from the newest down, below an id where one is given. */
export async function newestMessages(
  userId: number,
  tx: Transaction,
  threadId: number,
  page: { readonly before?: number | undefined; readonly limit: number },
): Promise<MessageRow[]> {
  let query = tx.selectFrom('messages').selectAll().where('user_id', '=', userId).where('thread_id', '=', threadId)
  if (page.before !== undefined) query = query.where('id', '<', page.before)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}
