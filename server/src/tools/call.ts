import { may } from '#access/may.ts'
import { actorOf, type AuditEvent, type AuditLog } from '#audit/audit.ts'
import { findForCall } from '#connections/find-for-call.ts'
import { markReauthorization, markUsed } from '#connections/mark.ts'
import { isDue, refreshTokenOf } from '#connections/renewal.ts'
import { currentOf, type Current } from '#connections/refresh.ts'
import type { ConnectionDeps, ConnectionRow } from '#connections/connection.ts'
import { MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { ToolResult } from '#providers/contract.ts'
import { beginCall, type LedgerEntry } from './ledger.ts'
import type { LedgerQueue } from './ledger-queue.ts'
import { afterSending, runTool, type ToolRun } from './run-tool.ts'
import { checkPolicy, findToolFor, readArguments, type Found } from './steps.ts'
import type { CallTool, PolicyOf, ToolCallAnswer, ToolCallRequest, ToolSourceView } from './tool-call.ts'
import type { CatalogDeps } from './tool-source.ts'

/**
 * The one pipeline: find the tool, may the caller, the user's policy, limits, arguments, the caller's own connection,
 * the ledger, the credential, the provider, the record. The API, agents and MCP clients all come through here.
 */

export interface CallDeps extends ConnectionDeps, CatalogDeps {
  readonly audit: AuditLog
  readonly ledgerQueue: LedgerQueue
  readonly policyOf: PolicyOf
  readonly log: Log
  /** Takes one from the user's budget of tool calls. */
  readonly takeToolCall: (userId: number) => Promise<Outcome<null>>
  /** Takes one of the user's places for calls at the same time; null where all are taken. */
  readonly enter: (userId: number) => (() => void) | null
  /** Counts a call for the operator's metrics. */
  readonly observe: (tool: string, outcome: string, seconds: number) => void
}

/** Seconds after which a place is likely to be free again. */
const CONCURRENCY_RETRY_SECONDS = 1

export function createCallTool(deps: CallDeps): CallTool {
  return async (principal, request) => {
    const found = await findToolFor(deps, principal.userId, request.tool)
    if (!found.ok) return found
    const permitted = await permit(deps, principal, found.value, request)
    if (!permitted.ok) {
      if (permitted.problem.code !== 'rate_limited')
        await recordRefusal(deps, principal, request, permitted.problem.code)
      return permitted
    }
    const release = deps.enter(principal.userId)
    if (release === null) {
      return failure('rate_limited', 'Too many calls of yours are running at once. Wait for one to end.', {
        retryAfterSeconds: CONCURRENCY_RETRY_SECONDS,
      })
    }
    try {
      return await callWithConnection(deps, principal, request, found.value)
    } finally {
      release()
    }
  }
}

/** Scope, policy and limit, in this order: what may never run does not use up the budget. */
async function permit(
  deps: CallDeps,
  principal: Principal,
  { tool, own }: Found,
  request: ToolCallRequest,
): Promise<Outcome<null>> {
  const target = { tool: tool.name, agentTools: request.agentTools ?? null }
  const allowed = may(principal, tool.annotations.readOnly ? 'tool.read' : 'tool.write', target)
  if (!allowed.ok) return allowed
  const decided = own?.isUpkeep === true ? 'allow' : (await deps.policyOf(principal, [tool.name])).get(tool.name)
  const decision = decided ?? 'deny'
  const policy = checkPolicy(decision, tool, request.confirmed)
  if (!policy.ok) return policy
  return deps.takeToolCall(principal.userId)
}

async function callWithConnection(
  deps: CallDeps,
  principal: Principal,
  request: ToolCallRequest,
  found: Found,
): Promise<Outcome<ToolCallAnswer>> {
  const input = readArguments(found.tool, request)
  if (!input.ok) return input
  const connection = await findForCall(deps, principal, found.provider, connectionIdOf(found, request))
  if (!connection.ok) return connection
  const { readOnly } = found.tool.annotations
  const begun = await beginCall(deps, { principal, request, connection: connection.value, readOnly })
  if ('earlier' in begun) return begun.earlier
  return performCall(deps, principal, { request, found, input: input.value, row: connection.value, entry: begun.entry })
}

/** A tool of the user's own is called with the connection that it came from; naming another finds none. */
function connectionIdOf({ own }: Found, { connectionId }: Pick<ToolCallRequest, 'connectionId'>): number | undefined {
  if (own === undefined || connectionId === undefined || connectionId === own.connectionId) {
    return own?.connectionId ?? connectionId
  }
  return NO_CONNECTION
}

/** No row has this id. */
const NO_CONNECTION = 0

interface Performance {
  readonly request: ToolCallRequest
  readonly found: Found
  readonly input: Record<string, unknown>
  readonly row: ConnectionRow
  readonly entry: LedgerEntry
}

async function performCall(
  deps: CallDeps,
  principal: Principal,
  performance: Performance,
): Promise<Outcome<ToolCallAnswer>> {
  const { request, found, entry } = performance
  const startedAt = deps.clock.now().getTime()
  const result = await withCredential(deps, principal, performance).catch(async (error: unknown) => {
    // Nothing was sent: the same key may try again, once the database can record it.
    await entry.finish(failure('unavailable', 'The call could not be recorded.'), 0).catch(() => {})
    throw error
  })
  const durationMs = deps.clock.now().getTime() - startedAt
  const outcome: Outcome<ToolCallAnswer> = result.ok ? success(answerOf(performance, result.value, durationMs)) : result
  deps.observe(found.tool.name, outcome.ok ? 'ok' : outcome.problem.code, durationMs / MILLISECONDS_PER_SECOND)
  try {
    await recordEnd(deps, principal, performance, { outcome, durationMs })
    return outcome
  } catch (error) {
    deps.log.error({ request_id: request.requestId, error }, 'The end of a call could not be recorded')
    if (found.tool.annotations.readOnly || !outcome.ok) throw error
    return failure(
      'outcome_unknown',
      `${found.provider.name} did it, but it could not be recorded here. Do not send it again.`,
    )
  }
}

interface CallEnd {
  readonly outcome: Outcome<ToolCallAnswer>
  readonly durationMs: number
}

/** What may have changed something is on record before its answer; what only read is soon. */
async function recordEnd(
  deps: CallDeps,
  principal: Principal,
  { request, found, row, entry }: Performance,
  { outcome, durationMs }: CallEnd,
): Promise<void> {
  const event = {
    ...eventOf(principal, row, request),
    type: 'tool.called',
    outcome: outcome.ok ? 'success' : 'failure',
    details: {
      ...(outcome.ok ? {} : { code: outcome.problem.code }),
      duration_ms: durationMs,
      ...(request.runId === undefined ? {} : { run_id: request.runId }),
      tool: found.tool.name,
    },
  } as const
  if (entry.isAwaited) await Promise.all([entry.finish(outcome, durationMs), deps.audit.record(event)])
  else {
    deps.audit.recordLater(event)
    await entry.finish(outcome, durationMs)
  }
}

/**
 * The only place where a credential is open during a call. It ends with this function. One that is about to end is renewed
 * before it is used; any other is opened here and now.
 */
async function withCredential(
  deps: CallDeps,
  principal: Principal,
  { request, found, input, row }: Performance,
): Promise<Outcome<ToolResult>> {
  const opened = isDue(row, deps.clock.now())
    ? await deps.refresher.fresh(principal.userId, row)
    : currentOf(deps, principal.userId, row)
  const event = eventOf(principal, row, request)
  if (!opened.ok) {
    if (opened.problem.code !== 'credential_unreadable') return opened
    const details = { tool: found.tool.name, reason: opened.problem.reason ?? '' }
    await deps.audit.record({ ...event, type: 'credential.unreadable', outcome: 'failure', details })
    deps.log.error({ request_id: request.requestId, reason: opened.problem.reason }, 'A credential could not be opened')
    return opened
  }
  const { signal, language, caller } = request
  const run = { found, input, signal, language, caller }
  const used = { ...event, type: 'credential.used', outcome: 'success', details: { tool: found.tool.name } } as const
  const first = await runRecorded(deps, used, { ...run, credential: opened.value.credential })
  const ended = { result: first, current: opened.value }
  const { result, current } = isRefused(first) ? await secondTry(deps, principal.userId, run, ended) : ended
  if (isRefused(result)) await markReauthorization(deps, current.row, { requestId: request.requestId })
  markUsed(deps, row, result).catch((error: unknown) => deps.log.warn({ error }, 'The last use could not be noted'))
  return result
}

/**
 * What may change something leaves for the provider once the use of the credential is on record. What only reads leaves
 * at the same time, unless the log has just failed, and its result goes nowhere before the record is durable.
 */
async function runRecorded(deps: CallDeps, used: AuditEvent, run: ToolRun): Promise<Outcome<ToolResult>> {
  if (run.found.tool.annotations.readOnly && deps.audit.isWritable()) {
    const running = runTool(deps, run)
    try {
      await afterSending()
      await deps.audit.record(used)
    } finally {
      // The credential is in use, and the user's place taken, until the tool has ended, whatever became of the record.
      await running
    }
    return running
  }
  await deps.audit.record(used)
  return runTool(deps, run)
}

function isRefused(result: Outcome<ToolResult>): boolean {
  return !result.ok && result.problem.code === 'reauthorize'
}

interface Ended {
  readonly result: Outcome<ToolResult>
  /** What it was tried with. */
  readonly current: Current
}

/** A provider that refuses a token has done nothing, so a write too may go out once more: with a renewed one. */
async function secondTry(
  deps: CallDeps,
  userId: number,
  run: Omit<ToolRun, 'credential'>,
  { result, current }: Ended,
): Promise<Ended> {
  if (refreshTokenOf(current.credential) === null) return { result, current }
  const renewed = await deps.refresher.fresh(userId, current.row, { rejected: current.credential })
  if (!renewed.ok) return { result: renewed, current }
  const again = await runTool(deps, { ...run, credential: renewed.value.credential })
  return { result: again, current: renewed.value }
}

function answerOf({ request, found, row }: Performance, result: ToolResult, durationMs: number): ToolCallAnswer {
  const source = sourceOf(found, result)
  return {
    tool: request.tool,
    text: result.text,
    result: result.value,
    next_cursor: result.nextCursor ?? null,
    truncated: result.truncated ?? null,
    connection: { id: row.id, provider: row.provider, label: row.label },
    ...(source === undefined ? {} : { source }),
    duration_ms: durationMs,
  }
}

function sourceOf({ own, tool }: Found, { place }: ToolResult): ToolSourceView | undefined {
  if (own !== undefined) return { kind: 'remote_server', host: new URL(own.edge.apiUrl).host }
  const { openWorld, readOnly } = tool.annotations
  // What a change answers is in our words, unless it says where it has others from.
  if (!openWorld || (!readOnly && place === undefined)) return undefined
  return { kind: 'open_world', ...(place === undefined ? {} : { place }) }
}

function eventOf(principal: Principal, row: ConnectionRow, request: ToolCallRequest) {
  return {
    userId: principal.userId,
    actor: actorOf(principal),
    target: { id: row.id, kind: 'connection', label: row.label, provider: row.provider },
    ...(request.requestId === undefined ? {} : { requestId: request.requestId }),
  }
}

async function recordRefusal(
  deps: Pick<CallDeps, 'audit'>,
  principal: Principal,
  request: ToolCallRequest,
  code: string,
): Promise<void> {
  await deps.audit.record({
    userId: principal.userId,
    type: 'access.denied',
    outcome: 'denied',
    actor: actorOf(principal),
    target: { kind: 'tool', tool: request.tool },
    details: { code },
    ...(request.requestId === undefined ? {} : { requestId: request.requestId }),
  })
}
