import { sql } from 'kysely'
import { COST_DIGITS } from '#agents/models/model.ts'
import type { Transaction } from '#db/database.ts'
import { toJsonb, toText } from '#db/jsonb.ts'
import type { RunFigures, RunQuestion } from './run-figures.ts'
import type { RunEnd, RunRow } from './run.ts'

/** All SQL for `runs` and `run_events`. */

export async function insertRun(
  userId: number,
  tx: Transaction,
  run: {
    readonly threadId: number
    readonly agentId: number
    readonly model: string
    readonly isLlm: boolean
    readonly at: Date
  },
): Promise<RunRow> {
  return tx
    .insertInto('runs')
    .values({
      user_id: userId,
      thread_id: run.threadId,
      agent_id: run.agentId,
      status: 'running',
      model: run.model,
      is_llm: run.isLlm,
      heartbeat_at: run.at,
      started_at: run.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function findRun(userId: number, tx: Transaction, id: number): Promise<RunRow | undefined> {
  return tx.selectFrom('runs').selectAll().where('user_id', '=', userId).where('id', '=', id).executeTakeFirst()
}

/** Runs of a thread that work or wait: at most one works. */
export async function openRuns(userId: number, tx: Transaction, threadId: number): Promise<RunRow[]> {
  return tx
    .selectFrom('runs')
    .selectAll()
    .where('user_id', '=', userId)
    .where('thread_id', '=', threadId)
    .where('status', 'in', ['running', 'waiting'])
    .orderBy('id')
    .execute()
}

export async function newestRunId(userId: number, tx: Transaction, threadId: number): Promise<number | null> {
  const row = await tx
    .selectFrom('runs')
    .select('id')
    .where('user_id', '=', userId)
    .where('thread_id', '=', threadId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

export async function countRunning(userId: number, tx: Transaction, aliveAfter: Date): Promise<number> {
  const row = await tx
    .selectFrom('runs')
    .select(sql<number>`count(*)::integer`.as('count'))
    .where('user_id', '=', userId)
    .where('status', '=', 'running')
    .where('heartbeat_at', '>', aliveAfter)
    .executeTakeFirstOrThrow()
  return row.count
}

/** Starts the next stretch of a run that waits or was interrupted; undefined where it is in another state by now. */
export async function restartRun(
  userId: number,
  tx: Transaction,
  run: { readonly id: number; readonly from: 'waiting' | 'interrupted'; readonly at: Date },
): Promise<RunRow | undefined> {
  return tx
    .updateTable('runs')
    .set({
      status: 'running',
      attempt: sql`attempt + 1`,
      heartbeat_at: run.at,
      stop_requested_at: null,
      finished_at: null,
      error_code: null,
      error_detail: null,
    })
    .where('user_id', '=', userId)
    .where('id', '=', run.id)
    .where('status', '=', run.from)
    .returningAll()
    .executeTakeFirst()
}

type Attempt = Pick<RunRow, 'id' | 'attempt'>

/** A sign of life; undefined where this stretch is no longer the one that works. */
export async function touchRun(
  userId: number,
  tx: Transaction,
  run: Attempt,
  at: Date,
): Promise<{ stop_requested_at: Date | null } | undefined> {
  return tx
    .updateTable('runs')
    .set({ heartbeat_at: at })
    .where('user_id', '=', userId)
    .where('id', '=', run.id)
    .where('attempt', '=', run.attempt)
    .where('status', '=', 'running')
    .returning('stop_requested_at')
    .executeTakeFirst()
}

export async function addStep(
  userId: number,
  tx: Transaction,
  run: Attempt,
  usage: { readonly inputTokens: number; readonly outputTokens: number; readonly costUsd: number | null },
): Promise<void> {
  await tx
    .updateTable('runs')
    .set({
      steps: sql`steps + 1`,
      input_tokens: sql`input_tokens + ${usage.inputTokens}`,
      output_tokens: sql`output_tokens + ${usage.outputTokens}`,
      // One step of unknown cost makes that of the run unknown.
      cost_usd: sql<number | null>`case when steps = 0 then 0 else cost_usd end + ${usage.costUsd}::double precision`,
    })
    .where('user_id', '=', userId)
    .where('id', '=', run.id)
    .where('attempt', '=', run.attempt)
    .execute()
}

/** Ends a run (or a stretch of it) in the state it is expected in; undefined where it is in another by now. */
export async function endRun(
  userId: number,
  tx: Transaction,
  run: { readonly id: number; readonly attempt?: number; readonly from: 'running' | 'waiting' },
  end: RunEnd & { readonly at: Date },
): Promise<RunRow | undefined> {
  let query = tx
    .updateTable('runs')
    .set({
      status: end.status,
      error_code: end.error?.code ?? null,
      error_detail: end.error === null ? null : toText(end.error.detail),
      finished_at: end.status === 'waiting' ? null : end.at,
    })
    .where('user_id', '=', userId)
    .where('id', '=', run.id)
    .where('status', '=', run.from)
  if (run.attempt !== undefined) query = query.where('attempt', '=', run.attempt)
  return query.returningAll().executeTakeFirst()
}

export async function requestStop(userId: number, tx: Transaction, id: number, at: Date): Promise<void> {
  await tx
    .updateTable('runs')
    .set({ stop_requested_at: at })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where('status', '=', 'running')
    .execute()
}

/** Runs that say they work but gave no sign of life since. For the system role, which sees all users. */
export async function abandonedRuns(tx: Transaction, since: Date, limit: number): Promise<RunRow[]> {
  return tx
    .selectFrom('runs')
    .selectAll()
    .where('status', '=', 'running')
    .where('heartbeat_at', '<=', since)
    .orderBy('heartbeat_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
}

export interface RunEvent {
  readonly sequence: number
  readonly chunk: unknown
}

export async function insertEvents(
  userId: number,
  tx: Transaction,
  runId: number,
  events: readonly RunEvent[],
): Promise<void> {
  const rows = events.map(({ sequence, chunk }) => ({
    user_id: userId,
    run_id: runId,
    sequence,
    chunk: toJsonb(chunk),
  }))
  await tx.insertInto('run_events').values(rows).execute()
}

export async function eventsAfter(
  userId: number,
  tx: Transaction,
  runId: number,
  page: { readonly after: number; readonly limit?: number },
): Promise<RunEvent[]> {
  let query = tx
    .selectFrom('run_events')
    .select(['sequence', 'chunk'])
    .where('user_id', '=', userId)
    .where('run_id', '=', runId)
    .where('sequence', '>', page.after)
    .orderBy('sequence')
  if (page.limit !== undefined) query = query.limit(page.limit)
  return query.execute()
}

export async function lastSequence(userId: number, tx: Transaction, runId: number): Promise<number> {
  const row = await tx
    .selectFrom('run_events')
    .select((select) => select.fn.max('sequence').as('last'))
    .where('user_id', '=', userId)
    .where('run_id', '=', runId)
    .executeTakeFirst()
  return row?.last ?? 0
}

/** A user's own runs that began in a stretch of time: all together, by time, by agent, and by both. */
export async function readRunFigures(
  userId: number,
  tx: Transaction,
  { agentId, from, interval, timeZone, to }: RunQuestion,
): Promise<readonly RunFigures[]> {
  const { rows } = await sql<RunFigures>`
    select bucket, key, grouping(key) = 0 as "isOfGroup",
      count(*)::integer as runs,
      coalesce(sum(input_tokens), 0)::bigint as input_tokens,
      coalesce(sum(output_tokens), 0)::bigint as output_tokens,
      round(sum(cost_usd)::numeric, ${COST_DIGITS})::double precision as cost_usd
    from (
      select date_trunc(${interval}, started_at, ${timeZone}) as bucket, agent_id::text as key,
        input_tokens, output_tokens, cost_usd
      from runs
      where user_id = ${userId} and started_at >= ${from} and started_at < ${to}
        and ${agentId === undefined ? sql`true` : sql`agent_id = ${agentId}`}
    ) as asked
    group by grouping sets ((), (bucket), (key), (bucket, key))`.execute(tx)
  return rows
}
