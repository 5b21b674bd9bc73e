import { sql } from 'kysely'
import type { Transaction } from '#db/database.ts'
import { toJsonb, toText } from '#db/jsonb.ts'
import type { MessageRow, ThreadRow } from './thread.ts'

/** All SQL for `threads` and `messages`. */

/** Without what is there for searching alone. */
const MESSAGE_COLUMNS = [
  'user_id',
  'id',
  'thread_id',
  'run_id',
  'role',
  'parts',
  'metadata',
  'created_at',
  'replaced_by_run_id',
] as const

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
  page: {
    readonly before?: number
    readonly limit: number
    readonly agentId?: number
    /** Words of which each is to be found in the title or in one message. */
    readonly words?: readonly string[]
  },
): Promise<ThreadRow[]> {
  let query = tx.selectFrom('threads').selectAll().where('user_id', '=', userId)
  if (page.before !== undefined) query = query.where('id', '<', page.before)
  if (page.agentId !== undefined) query = query.where('agent_id', '=', page.agentId)
  for (const word of page.words ?? []) query = query.where(holds(word))
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

function holds(word: string) {
  const pattern = `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  return sql<boolean>`(
    folded(threads.title) like folded(${pattern})
    or exists (
      select 1 from messages
      where messages.user_id = threads.user_id and messages.thread_id = threads.id
        and messages.replaced_by_run_id is null and messages.searched like folded(${pattern})
    )
  )`
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
    .returning(MESSAGE_COLUMNS)
    .executeTakeFirstOrThrow()
}

/** The answer that a run writes: one for each run. */
export async function findAnswer(userId: number, tx: Transaction, runId: number): Promise<MessageRow | undefined> {
  return tx
    .selectFrom('messages')
    .select(MESSAGE_COLUMNS)
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

/** Messages of a thread from the newest down, below an id where one is given; those that were replaced only if asked for. */
export async function newestMessages(
  userId: number,
  tx: Transaction,
  threadId: number,
  page: { readonly before?: number | undefined; readonly limit: number; readonly replaced?: boolean },
): Promise<MessageRow[]> {
  let query = tx
    .selectFrom('messages')
    .select(MESSAGE_COLUMNS)
    .where('user_id', '=', userId)
    .where('thread_id', '=', threadId)
  if (page.replaced !== true) query = query.where('replaced_by_run_id', 'is', null)
  if (page.before !== undefined) query = query.where('id', '<', page.before)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

/** What the user wrote, where it is still a part of the conversation. */
export async function findAsked(
  userId: number,
  tx: Transaction,
  message: { readonly threadId: number; readonly id: number },
): Promise<MessageRow | undefined> {
  return tx
    .selectFrom('messages')
    .select(MESSAGE_COLUMNS)
    .where('user_id', '=', userId)
    .where('thread_id', '=', message.threadId)
    .where('id', '=', message.id)
    .where('role', '=', 'user')
    .where('replaced_by_run_id', 'is', null)
    .executeTakeFirst()
}

/** Marks the messages of a conversation from one on as replaced by the turn of a run. */
export async function markReplaced(
  userId: number,
  tx: Transaction,
  replaced: { readonly threadId: number; readonly from: number; readonly runId: number },
): Promise<void> {
  await tx
    .updateTable('messages')
    .set({ replaced_by_run_id: replaced.runId })
    .where('user_id', '=', userId)
    .where('thread_id', '=', replaced.threadId)
    .where('id', '>=', replaced.from)
    .where('replaced_by_run_id', 'is', null)
    .execute()
}

/** Answers whose place the turns of these runs took. */
export async function replacedBy(userId: number, tx: Transaction, runIds: readonly number[]): Promise<MessageRow[]> {
  return tx
    .selectFrom('messages')
    .select(MESSAGE_COLUMNS)
    .where('user_id', '=', userId)
    .where('replaced_by_run_id', 'in', [...runIds])
    .where('role', '=', 'assistant')
    .orderBy('id')
    .execute()
}
