import { sql } from 'kysely'
import type { Database } from './database.ts'

/** How many servers work on this database at this moment: each holds one connection on which it listens. */
export async function countServers({ engine, login }: Pick<Database, 'engine' | 'login'>): Promise<number> {
  // The embedded database has one process at a time.
  if (engine === 'pglite') return 1
  const result = await sql<{ servers: number }>`
    select count(*)::int as servers from pg_stat_activity
    where datname = current_database() and usename = session_user and query ilike 'listen %'`.execute(login)
  return result.rows[0]?.servers ?? 0
}
