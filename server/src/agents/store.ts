import { sql } from 'kysely'
import type { Transaction } from '#db/database.ts'
import type { AgentDraft, AgentRow } from './agent.ts'

/** All SQL for `agents`. Reading includes what others share; writing never does. */

export async function insertAgent(userId: number, tx: Transaction, draft: AgentDraft): Promise<AgentRow> {
  return tx
    .insertInto('agents')
    .values({ user_id: userId, ...draft, tools: [...draft.tools] })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function countAgents(userId: number, tx: Transaction): Promise<number> {
  const row = await tx
    .selectFrom('agents')
    .select(sql<number>`count(*)::integer`.as('count'))
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()
  return row.count
}

/** The user's own agent, or one that its author shares with the instance. */
export async function findUsableAgent(userId: number, tx: Transaction, id: number): Promise<AgentRow | undefined> {
  return tx
    .selectFrom('agents')
    .selectAll()
    .where('id', '=', id)
    .where((where) => where.or([where('user_id', '=', userId), where('shared', '=', true)]))
    .executeTakeFirst()
}

export async function listUsableAgents(
  userId: number,
  tx: Transaction,
  page: { readonly before?: number; readonly limit: number },
): Promise<AgentRow[]> {
  let query = tx
    .selectFrom('agents')
    .selectAll()
    .where((where) => where.or([where('user_id', '=', userId), where('shared', '=', true)]))
  if (page.before !== undefined) query = query.where('id', '<', page.before)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

/** Changes the user's own agent; undefined where it is not theirs. */
export async function changeAgent(
  userId: number,
  tx: Transaction,
  id: number,
  change: Partial<AgentDraft> & { readonly updated_at: Date },
): Promise<AgentRow | undefined> {
  const { tools, ...rest } = change
  return tx
    .updateTable('agents')
    .set({ ...rest, ...(tools === undefined ? {} : { tools: [...tools] }) })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

export async function removeAgent(userId: number, tx: Transaction, id: number): Promise<AgentRow | undefined> {
  return tx.deleteFrom('agents').where('user_id', '=', userId).where('id', '=', id).returningAll().executeTakeFirst()
}
