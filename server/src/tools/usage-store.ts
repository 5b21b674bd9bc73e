import { sql, type RawBuilder } from 'kysely'
import type { Transaction } from '#db/database.ts'
import type { CallFigures, Grouping, UsageQuestion } from './usage.ts'

/** How a row of the ledger is told from those of other groups. Sessions are one group: they are all the user's own browser. */
const KEYS: Readonly<Record<Grouping, RawBuilder<string>>> = {
  provider: sql`provider`,
  tool: sql`tool`,
  agent: sql`agent_id::text`,
  client: sql`case when via in ('api_token', 'oauth_client') and via_id is not null then via || ':' || via_id else via end`,
}

/**
 * A user's own calls of a stretch of time, in one walk over the index: all together, by time, by group, and by both. The
 * expressions are named inside, for the database takes two that hold parameters for two.
 */
export async function readCallFigures(
  userId: number,
  tx: Transaction,
  question: UsageQuestion,
): Promise<readonly CallFigures[]> {
  const { rows } = await sql<CallFigures>`
    select bucket, key, grouping(key) = 0 as "isOfGroup",
      count(*)::integer as calls,
      (count(*) filter (where status in ('failed', 'unknown')))::integer as errors,
      percentile_disc(0.5) within group (order by duration_ms) as p50_ms,
      percentile_disc(0.95) within group (order by duration_ms) as p95_ms
    from (
      select date_trunc(${question.interval}, started_at, ${question.timeZone}) as bucket, ${KEYS[question.by]} as key,
        status, duration_ms
      from tool_calls
      where user_id = ${userId} and started_at >= ${question.from} and started_at < ${question.to}
        and ${narrowed(question)}
    ) as calls
    group by grouping sets ((), (bucket), (key), (bucket, key))`.execute(tx)
  return rows
}

function narrowed({ provider, tool, agentId, via, viaId }: UsageQuestion): RawBuilder<unknown> {
  const conditions = [
    provider === undefined ? [] : [sql`provider = ${provider}`],
    tool === undefined ? [] : [sql`tool = ${tool}`],
    agentId === undefined ? [] : [sql`agent_id = ${agentId}`],
    via === undefined ? [] : [sql`via = ${via}`],
    viaId === undefined ? [] : [sql`via_id = ${viaId}`],
  ].flat()
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
}
