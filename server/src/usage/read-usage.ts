import { runFigures, type RunFigures } from '#agents/runs/run-figures.ts'
import type { Database } from '#db/database.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { callFigures } from '#tools/call-figures.ts'
import type { CallFigures, UsagePlace, UsageQuestion } from '#tools/usage.ts'
import { readBuckets } from './store.ts'

/** Groups in one answer; what is beyond them is in the totals. */
const MAXIMUM_GROUPS = 100
/** Groups whose figures are laid out over time: as many as a chart can tell apart. */
const GROUPS_OVER_TIME = 5

export interface Figures {
  readonly calls: number
  readonly errors: number
  readonly p50_ms: number | null
  readonly p95_ms: number | null
  /** Null where they cannot be told: runs belong to agents, not to providers, tools or clients. */
  readonly runs: number | null
  readonly input_tokens: number | null
  readonly output_tokens: number | null
  readonly cost_usd: number | null
}

export interface Usage {
  readonly totals: Figures
  readonly buckets: readonly (Figures & { readonly at: string })[]
  readonly groups: readonly (Figures & { readonly key: string | null })[]
  readonly more_groups: number
  readonly series: readonly {
    readonly key: string | null
    readonly at: string
    readonly calls: number
    readonly errors: number
  }[]
}

/** A user's own figures. */
export async function readUsage(database: Database, userId: number, question: UsageQuestion): Promise<Outcome<Usage>> {
  try {
    return success(
      await database.asUser(userId, async (tx) => {
        const buckets = await readBuckets(tx, question)
        const calls = await callFigures(userId, tx, question)
        const runs = isAboutRuns(question) ? await runFigures(userId, tx, question) : null
        return usageOf(question, buckets, { calls, runs })
      }),
    )
  } catch (error) {
    if (!isUnknownZone(error)) throw error
    return failure('invalid_request', 'time_zone: is not known to the database. Use another name for it.', {
      path: 'time_zone',
    })
  }
}

/** A call has a provider, a tool and a way of coming in; a run has none of them. */
function isAboutRuns({ provider, tool, via }: UsageQuestion): boolean {
  return provider === undefined && tool === undefined && via === undefined
}

/** `invalid_parameter_value`: a zone that the platform knows and the database's older calendar does not. */
const INVALID_PARAMETER = '22023'

function isUnknownZone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === INVALID_PARAMETER
}

interface Rows {
  readonly calls: readonly CallFigures[]
  readonly runs: readonly RunFigures[] | null
}

function usageOf(question: UsageQuestion, buckets: readonly Date[], { calls, runs }: Rows): Usage {
  const called = new Map(calls.map((row) => [placeOf(row), row]))
  const ran = runs === null ? null : new Map(runs.map((row) => [placeOf(row), row]))
  const at = (place: UsagePlace, known = ran) => figuresOf(called.get(placeOf(place)), known, placeOf(place))
  const keys = keysOf([...calls, ...(question.by === 'agent' ? (runs ?? []) : [])])
  const groups = keys
    .map((key) => ({ key, ...at({ bucket: null, key, isOfGroup: true }, question.by === 'agent' ? ran : null) }))
    .toSorted(largestFirst)
  const charted = new Set(groups.slice(0, GROUPS_OVER_TIME).map(({ key }) => key))
  return {
    totals: at({ bucket: null, key: null, isOfGroup: false }),
    buckets: buckets.map((bucket) => ({
      at: bucket.toISOString(),
      ...at({ bucket, key: null, isOfGroup: false }),
    })),
    groups: groups.slice(0, MAXIMUM_GROUPS),
    more_groups: Math.max(groups.length - MAXIMUM_GROUPS, 0),
    series: calls.flatMap(({ bucket, key, isOfGroup, calls: count, errors }) =>
      bucket !== null && isOfGroup && charted.has(key) ? [{ key, at: bucket.toISOString(), calls: count, errors }] : [],
    ),
  }
}

type Group = Usage['groups'][number]

/** Equal ones by their keys, so that the same question gets the same answer. */
function largestFirst(a: Group, b: Group): number {
  return b.calls - a.calls || (b.runs ?? 0) - (a.runs ?? 0) || compareKeys(a.key ?? '', b.key ?? '')
}

function compareKeys(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** One text for one place in the layout. */
function placeOf({ bucket, key, isOfGroup }: UsagePlace): string {
  return JSON.stringify([bucket?.getTime() ?? null, isOfGroup, key])
}

function keysOf(rows: readonly UsagePlace[]): (string | null)[] {
  return [...new Set(rows.flatMap(({ bucket, key, isOfGroup }) => (bucket === null && isOfGroup ? [key] : [])))]
}

function figuresOf(
  called: CallFigures | undefined,
  ran: ReadonlyMap<string, RunFigures> | null,
  place: string,
): Figures {
  return { ...callsOf(called), ...runsOf(ran === null ? NOT_TOLD : (ran.get(place) ?? NO_RUNS)) }
}

const NO_CALLS = { calls: 0, errors: 0, p50_ms: null, p95_ms: null }
const NO_RUNS = { runs: 0, input_tokens: 0, output_tokens: 0, cost_usd: null }
const NOT_TOLD = { runs: null, input_tokens: null, output_tokens: null, cost_usd: null }

function callsOf({ calls, errors, p50_ms, p95_ms }: Pick<CallFigures, keyof typeof NO_CALLS> = NO_CALLS) {
  return { calls, errors, p50_ms, p95_ms }
}

function runsOf({ runs, input_tokens, output_tokens, cost_usd }: Pick<Figures, keyof typeof NO_RUNS>) {
  return { runs, input_tokens, output_tokens, cost_usd }
}
