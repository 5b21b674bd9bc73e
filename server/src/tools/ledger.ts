import { canonicalJson } from '#kernel/canonical.ts'
import { createHash } from 'node:crypto'
import type { ConnectionRow } from '#connections/connection.ts'
import { failure, type Outcome, type ProblemCode } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Database } from '#db/database.ts'
import { findByIdempotencyKey, finishCall, startCall, type ToolCallRow } from './store.ts'
import type { ToolCallAnswer, ToolCallRequest } from './tool-call.ts'

/**
 * The record of a call, written before anything leaves for the provider. With an idempotency key it also makes sure that
 * the same call never takes effect twice: not after a lost answer, not after a crash.
 */
export interface LedgerEntry {
  readonly finish: (outcome: Outcome<ToolCallAnswer>, durationMs: number) => Promise<void>
}

export interface Beginning {
  readonly principal: Principal
  readonly request: ToolCallRequest
  readonly connection: ConnectionRow
}

export type Begun = { readonly entry: LedgerEntry } | { readonly earlier: Outcome<ToolCallAnswer> }

/** Characters of an idempotency key that are kept; longer ones are refused by the routes. */
export const IDEMPOTENCY_KEY_CHARACTERS = 200

export async function beginCall(database: Database, { principal, request, connection }: Beginning): Promise<Begun> {
  const { userId } = principal
  const text = canonicalJson(request.arguments ?? {})
  const digest = createHash('sha256').update(text).digest('hex')
  const key = request.idempotencyKey
  const id = await database.asUser(userId, (tx) =>
    startCall(userId, tx, {
      tool: request.tool,
      provider: connection.provider,
      connection_id: connection.id,
      connection_label: connection.label,
      agent_id: principal.agentId ?? null,
      run_id: request.runId ?? null,
      via: principal.via.kind,
      idempotency_key: key ?? null,
      arguments_digest: digest,
      request_bytes: Buffer.byteLength(text),
    }),
  )
  if (id === undefined && key !== undefined) {
    const row = await database.asUser(userId, (tx) => findByIdempotencyKey(userId, tx, key))
    return { earlier: earlierOutcome(row, { tool: request.tool, connectionId: connection.id, digest }) }
  }
  if (id === undefined) throw new Error('The call was not recorded')
  return {
    entry: {
      async finish(outcome, durationMs) {
        const kept = key === undefined ? null : outcome
        await database.asUser(userId, (tx) =>
          finishCall(userId, tx, id, {
            status: statusOf(outcome),
            errorCode: outcome.ok ? null : outcome.problem.code,
            result: kept,
            resultBytes: outcome.ok ? Buffer.byteLength(outcome.value.text) : 0,
            durationMs,
          }),
        )
      },
    },
  }
}

const UNKNOWN: ReadonlySet<ProblemCode> = new Set(['outcome_unknown', 'cancelled'])

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
