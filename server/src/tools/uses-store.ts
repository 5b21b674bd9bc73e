import { sql } from 'kysely'
import type { Transaction } from '#db/database.ts'

/** SQL of tool_calls: who worked with which connection. */

export interface UseRow {
  readonly connection_id: number
  readonly agent_id: number | null
  /** How the call came in; of an agent's calls, whichever way it was asked, `agent`. */
  readonly via: string
  /** Of the token or client; null for calls before it was noted, and for people and agents. */
  readonly via_id: string | null
  readonly calls: number
  readonly last_used_at: Date
}

export interface UsesSince {
  readonly since: Date
  /** Calls that are looked at, the newest first: a heavy user's month is too long to count while somebody waits. */
  readonly callsRead: number
  readonly limit: number
}

/** Groups of a user's own calls, by connection and by who made them; the one used last first. */
export async function usesSince(
  userId: number,
  tx: Transaction,
  { since, callsRead, limit }: UsesSince,
): Promise<readonly UseRow[]> {
  const recent = tx
    .selectFrom('tool_calls')
    .select([
      'connection_id',
      'agent_id',
      'started_at',
      sql<string>`case when agent_id is null then via else 'agent' end`.as('via'),
      sql<string | null>`case when agent_id is null then via_id end`.as('via_id'),
    ])
    .where('user_id', '=', userId)
    .orderBy('id', 'desc')
    .limit(callsRead)
    .as('recent')
  return tx
    .selectFrom(recent)
    .select([
      sql<number>`connection_id`.as('connection_id'),
      'agent_id',
      'via',
      'via_id',
      sql<number>`count(*)::integer`.as('calls'),
      sql<Date>`max(started_at)`.as('last_used_at'),
    ])
    .where('connection_id', 'is not', null)
    .where('started_at', '>', since)
    .groupBy(['connection_id', 'agent_id', 'via', 'via_id'])
    .orderBy('last_used_at', 'desc')
    .limit(limit)
    .execute()
}
