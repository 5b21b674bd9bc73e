import type { Selectable } from 'kysely'
import { COST_DIGITS } from '#agents/models/model.ts'
import type { RunsTable, RunStatus } from '#db/agent-tables.ts'
import { failure, type Problem, type ProblemCode } from '#kernel/problem.ts'

export type RunRow = Selectable<RunsTable>

/** Why a run ended before its answer was complete, besides the problems that any request can have. */
export type RunEndCode = 'step_limit' | 'token_limit' | 'time_limit' | 'size_limit' | 'access_ended'

export interface RunError {
  readonly code: ProblemCode | RunEndCode
  readonly detail: string
  readonly retryAfterSeconds?: number
  /** For the log only. */
  readonly reason?: string
}

/** How one stretch of work ended. */
export interface RunEnd {
  readonly status: Exclude<RunStatus, 'running'>
  readonly error: RunError | null
}

export function runErrorOf(problem: Problem): RunError {
  const { code, detail, retryAfterSeconds, reason } = problem
  return {
    code,
    detail,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(reason === undefined ? {} : { reason }),
  }
}

/** A run as the API shows it. */
export function runView(row: RunRow) {
  return {
    id: row.id,
    thread_id: row.thread_id,
    agent_id: row.agent_id,
    status: row.status,
    stopping: row.status === 'running' && row.stop_requested_at !== null,
    model: { id: row.model, is_llm: row.is_llm },
    steps: row.steps,
    usage: usageView(row),
    error: row.error_code === null ? null : { code: row.error_code, detail: row.error_detail ?? '' },
    started_at: row.started_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
  }
}

/** What a run used, as the wire has it. The built-in router costs nothing. */
export function usageView(row: Pick<RunRow, 'input_tokens' | 'output_tokens' | 'cost_usd' | 'is_llm'>) {
  return {
    input_tokens: row.input_tokens,
    output_tokens: row.output_tokens,
    total_tokens: row.input_tokens + row.output_tokens,
    cost_usd: row.is_llm ? roundedCost(row.cost_usd) : 0,
  }
}

function roundedCost(cost: number | null): number | null {
  return cost === null ? null : Number(cost.toFixed(COST_DIGITS))
}

/** One answer for a run that does not exist and for one that is somebody else's. */
export function runNotFound() {
  return failure('not_found', 'There is no run with this id.')
}
