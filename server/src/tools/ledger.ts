import { canonicalJson } from '#kernel/canonical.ts'
import { hash } from 'node:crypto'
import type { ConnectionRow } from '#connections/connection.ts'
import type { Clock } from '#kernel/clock.ts'
import { failure, type Outcome, type ProblemCode } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Database } from '#db/database.ts'
import type { LedgerQueue } from './ledger-queue.ts'
import { findByIdempotencyKey, finishCall, startCall, type CallEnd, type ToolCallRow } from './store.ts'
import type { ToolCallAnswer, ToolCallRequest } from './tool-call.ts'

/**
 * The record of a call. One that may change something, or that bears an idempotency key, is written before anything leaves
 * for the provider, and its end before the answer: so the same call never takes effect twice, not after a lost answer, not
 * after a crash. One that only reads is written when it is over, and nobody waits for it.
 */
export interface LedgerEntry {
  /** True where the end of the call has to be on record before the answer. */
  readonly isAwaited: boolean
  readonly finish: (outcome: Outcome<ToolCallAnswer>, durationMs: number) => Promise<void>
}

export interface Beginning {
  readonly principal: Principal
  readonly request: ToolCallRequest
  readonly connection: ConnectionRow
  readonly readOnly: boolean
}

export interface LedgerDependencies {
  readonly database: Database
  readonly ledgerQueue: LedgerQueue
  readonly clock: Clock
}

export type Begun = { readonly entry: LedgerEntry } | { readonly earlier: Outcome<ToolCallAnswer> }

/** Characters of an idempotency key that are kept; longer ones are refused by the routes. */
export const IDEMPOTENCY_KEY_CHARACTERS = 200

/**
 * Puts a call on record before it is sent; one that only reads, and has no key, is recorded when it is over.
 * @returns `earlier` where the idempotency key was used before: that call's outcome, or `conflict` where it was another call
 */
export async function beginCall(deps: LedgerDependencies, beginning: Beginning): Promise<Begun> {
  const { request, readOnly } = beginning
  const key = request.idempotencyKey
  if (readOnly && key === undefined) return { entry: entryAfterwards(deps, beginning) }
  const { database } = deps
  const { userId } = beginning.principal
  const row = rowOf(beginning)
  const id = await database.asUser(userId, (tx) => startCall(userId, tx, { ...row, idempotency_key: key ?? null }))
  if (id === undefined && key !== undefined) {
    const earlier = await database.asUser(userId, (tx) => findByIdempotencyKey(userId, tx, key))
    const { connection_id: connectionId, arguments_digest: digest } = row
    return { earlier: earlierOutcome(earlier, { tool: request.tool, connectionId, digest }) }
  }
  if (id === undefined) throw new Error('The call was not recorded')
  return {
    entry: {
      isAwaited: true,
      async finish(outcome, durationMs) {
        const result = key === undefined ? null : outcome
        await database.asUser(userId, (tx) => finishCall(userId, tx, id, { ...endOf(outcome, durationMs), result }))
      },
    },
  }
}

function entryAfterwards({ ledgerQueue, clock }: LedgerDependencies, beginning: Beginning): LedgerEntry {
  const startedAt = clock.now()
  return {
    isAwaited: false,
    finish(outcome, durationMs) {
      const { errorCode, resultBytes, status } = endOf(outcome, durationMs)
      return ledgerQueue.add(beginning.principal.userId, {
        ...rowOf(beginning),
        status,
        error_code: errorCode,
        result_bytes: resultBytes,
        started_at: startedAt,
        duration_ms: durationMs,
      })
    },
  }
}

function rowOf({ principal, request, connection }: Beginning) {
  const text = canonicalJson(request.arguments ?? {})
  return {
    tool: request.tool,
    provider: connection.provider,
    connection_id: connection.id,
    connection_label: connection.label,
    agent_id: principal.agentId ?? null,
    run_id: request.runId ?? null,
    via: principal.via.kind,
    via_id: principal.via.id,
    arguments_digest: hash('sha256', text, 'hex'),
    request_bytes: Buffer.byteLength(text),
  }
}

function endOf(outcome: Outcome<ToolCallAnswer>, durationMs: number): Omit<CallEnd, 'result'> {
  return {
    status: statusOf(outcome),
    errorCode: outcome.ok ? null : outcome.problem.code,
    resultBytes: outcome.ok ? Buffer.byteLength(outcome.value.text) : 0,
    durationMs,
  }
}

/** After these the same call could take effect twice, so its key stays taken. */
const UNKNOWN: ReadonlySet<ProblemCode> = new Set(['outcome_unknown', 'partly_done', 'cancelled'])

function statusOf(outcome: Outcome<ToolCallAnswer>): 'succeeded' | 'failed' | 'unknown' {
  if (outcome.ok) return 'succeeded'
  return UNKNOWN.has(outcome.problem.code) ? 'unknown' : 'failed'
}

/** What the first call with this key led to. */
function earlierOutcome(
  row: ToolCallRow | undefined,
  call: { readonly tool: string; readonly connectionId: number; readonly digest: string },
): Outcome<ToolCallAnswer> {
  if (row === undefined)
    return failure('conflict', 'The call with this idempotency key was just removed. Send it again.')
  const same = row.tool === call.tool && row.connection_id === call.connectionId && row.arguments_digest === call.digest
  if (!same) {
    return failure('conflict', 'This idempotency key was used for another call. Use a new key for a new call.')
  }
  if (row.result !== null) return row.result as Outcome<ToolCallAnswer>
  return failure(
    'outcome_unknown',
    'The same call was begun before and its outcome was not recorded. Look at the target before you call again with a new key.',
  )
}
