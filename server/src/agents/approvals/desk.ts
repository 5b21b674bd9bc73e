import { actorOf } from '#audit/audit.ts'
import type { AgentDependencies } from '#agents/dependencies.ts'
import { asStored } from '#db/jsonb.ts'
import { digestOf } from '#kernel/canonical.ts'
import { MILLISECONDS_PER_MINUTE } from '#kernel/clock.ts'
import type { Principal } from '#kernel/principal.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type {
  ApprovalDesk,
  CallToApprove,
  ClientDecision,
  PendingApproval,
  TakenApproval,
} from '#tools/approval-desk.ts'
import { approvalNotFound, checkDecision, holdsItsDigest, statusAt, type ApprovalRow } from './approval.ts'
import { decideForClient } from './decide-for-client.ts'
import {
  findApproval,
  findOpenClientApproval,
  insertClientApproval,
  lockApprovals,
  setDescription,
  takeClientApproval,
  tidyClientApprovals,
  type ClientCall,
} from './store.ts'

/**
 * Approvals of calls that no run waits for: an MCP client asks, its user decides in the client, in a browser or by the API,
 * and the client sends the same call again. Bound to the user, the client, the tool, the connection and the arguments.
 */

export type DeskDependencies = Pick<
  AgentDependencies,
  'database' | 'audit' | 'clock' | 'limits' | 'checkCall' | 'describeTarget' | 'pinTargets' | 'publicUrl'
>

export function createApprovalDesk(deps: DeskDependencies): ApprovalDesk {
  return {
    request: (principal, call, requestId) => request(deps, principal, { ...call, requestId }),
    decide: (principal, decision) => decide(deps, principal, decision),
    take: (principal, call) => take(deps, principal, call),
  }
}

/** Where a user decides about an approval in a browser. */
function approvalUrl(publicUrl: string, id: number): string {
  return `${publicUrl}/approvals/${id}`
}

async function request(
  deps: DeskDependencies,
  principal: Principal,
  asked: CallToApprove & { readonly requestId: string },
): Promise<Outcome<PendingApproval>> {
  const checked = await check(deps, principal, asked)
  if (!checked.ok) return checked
  const { connection, ...pinned } = checked.value
  const call = { ...asked, ...pinned }
  const bound = bind(principal, call, connection.id)
  const { row, isNew } = await findOrInsert(deps, principal.userId, { bound, arguments: call.arguments })
  if (row.status === 'denied') return failure('denied', justDenied(row, deps.clock.now()))
  if (isNew) await recordRequest(deps, principal, row, call.requestId)
  const connectionId = connection.id
  const { target, about } = isNew ? await describe(deps, principal, row, { ...call, connectionId }) : row
  return success({
    id: row.id,
    expiresAt: row.expires_at,
    url: approvalUrl(deps.publicUrl, row.id),
    arguments: call.arguments,
    connection: connection.label,
    target,
    targets: about?.targets ?? [],
    now: about?.now ?? [],
  })
}

interface Checked extends Pick<CallToApprove, 'arguments'> {
  readonly connection: { readonly id: number; readonly label: string }
}

/** The connection that the call would be made with, and its arguments with ids in place of titles. */
async function check(
  deps: DeskDependencies,
  principal: Principal,
  { name, arguments: given, requestId }: CallToApprove & { readonly requestId?: string },
): Promise<Outcome<Checked>> {
  const connection = await deps.checkCall(principal, { tool: name, arguments: given })
  if (!connection.ok) return connection
  const pinned = await deps.pinTargets(principal, {
    tool: name,
    arguments: given,
    connectionId: connection.value.id,
    ...(requestId === undefined ? {} : { requestId }),
  })
  if (!pinned.ok) return pinned
  return success({ connection: connection.value, arguments: pinned.value as Checked['arguments'] })
}

/** Found out once, after the question is stored: the same call that comes again meanwhile is asked about without it. */
async function describe(
  deps: DeskDependencies,
  principal: Principal,
  row: ApprovalRow,
  call: CallToApprove & { readonly connectionId: number; readonly requestId: string },
): Promise<ApprovalRow> {
  const description = await deps.describeTarget(principal, { ...call, tool: call.name })
  if (description === null) return row
  return deps.database.asUser(row.user_id, (tx) => setDescription(row.user_id, tx, row.id, description))
}

function justDenied(row: ApprovalRow, now: Date): string {
  const minutes = Math.ceil((row.expires_at.getTime() - now.getTime()) / MILLISECONDS_PER_MINUTE)
  return `The user denied this very call. Do not send it again; they are not asked about it for ${minutes} more minutes.`
}

async function findOrInsert(
  deps: DeskDependencies,
  userId: number,
  asked: { readonly bound: ClientCall; readonly arguments: unknown },
): Promise<{ row: ApprovalRow; isNew: boolean }> {
  const { limits, clock } = deps
  const now = clock.now()
  return deps.database.asUser(userId, async (tx) => {
    await lockApprovals(userId, tx)
    const open = await findOpenClientApproval(userId, tx, asked.bound, now)
    if (open !== undefined) return { row: open, isNew: false }
    const row = await insertClientApproval(userId, tx, {
      ...asked.bound,
      arguments: asked.arguments,
      at: now,
      expiresAt: new Date(now.getTime() + limits.clientApprovalMs),
    })
    await tidyClientApprovals(userId, tx, { keep: limits.clientApprovalsPerUser, now })
    return { row, isNew: true }
  })
}

async function recordRequest(
  deps: DeskDependencies,
  principal: Principal,
  row: ApprovalRow,
  requestId: string,
): Promise<void> {
  await deps.audit.record({
    userId: principal.userId,
    type: 'approval.requested',
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'approval', id: row.id, tool: row.tool },
    details: { connection_id: row.connection_id, arguments_digest: row.arguments_digest },
    requestId,
  })
}

async function decide(
  deps: DeskDependencies,
  principal: Principal,
  { id, approved, requestId }: ClientDecision,
): Promise<Outcome<null>> {
  const { userId, via } = principal
  const row = await deps.database.asUser(userId, (tx) => findApproval(userId, tx, id))
  if (row === undefined || row.client_kind !== via.kind || row.client_id !== via.id) return approvalNotFound()
  const now = deps.clock.now()
  // The user may have decided the same in a browser before the client's own question was answered.
  if (statusAt(row, now) === (approved ? 'approved' : 'denied')) return success(null)
  const allowed = checkDecision(row, now, undefined)
  if (!allowed.ok) return allowed
  const decision = approved ? ('approve' as const) : ('deny' as const)
  const decided = await decideForClient(deps, principal, row, { decision, reason: undefined, requestId })
  return decided.ok ? success(null) : decided
}

async function take(deps: DeskDependencies, principal: Principal, call: CallToApprove): Promise<TakenApproval | null> {
  const checked = await check(deps, principal, call)
  if (!checked.ok) return null
  const { userId } = principal
  const bound = bind(principal, { ...call, arguments: checked.value.arguments }, checked.value.connection.id)
  const row = await deps.database.asUser(userId, (tx) => takeClientApproval(userId, tx, bound, deps.clock.now()))
  if (row === undefined || !holdsItsDigest(row)) return null
  return { id: row.id, connectionId: bound.connectionId, arguments: row.arguments }
}

function bind({ via }: Principal, call: CallToApprove, connectionId: number): ClientCall {
  return {
    client: via,
    tool: call.name,
    connectionId,
    // Over what the row holds, as the arguments are compared with it when they are read back.
    digest: digestOf(asStored(call.arguments)),
  }
}
