import { sql, type ExpressionBuilder, type Insertable } from 'kysely'
import type { ApprovalsTable, ApprovalStatus } from '#db/agent-tables.ts'
import type { Transaction } from '#db/database.ts'
import { toJsonb, toText } from '#db/jsonb.ts'
import type { Tables } from '#db/tables.ts'
import type { CallDescription } from '#tools/describe-target.ts'
import type { ApprovalRow } from './approval.ts'

/** All SQL for `approvals`. */

export async function insertApproval(
  userId: number,
  tx: Transaction,
  approval: AskedFor & {
    readonly runId: number
    readonly threadId: number
    readonly toolCallId: string
    readonly askedBecause: ApprovalRow['asked_because']
  },
): Promise<ApprovalRow> {
  return insertRow(tx, {
    ...rowOf(userId, approval),
    run_id: approval.runId,
    thread_id: approval.threadId,
    tool_call_id: toText(approval.toolCallId),
    asked_because: approval.askedBecause,
  })
}

interface AskedFor {
  readonly tool: string
  readonly connectionId: number | null
  readonly arguments: unknown
  readonly digest: string
  readonly at: Date
  readonly expiresAt: Date
}

function rowOf(userId: number, approval: AskedFor) {
  return {
    user_id: userId,
    tool: approval.tool,
    connection_id: approval.connectionId,
    arguments: toJsonb(approval.arguments),
    arguments_digest: approval.digest,
    created_at: approval.at,
    expires_at: approval.expiresAt,
  }
}

async function insertRow(tx: Transaction, row: Insertable<ApprovalsTable>): Promise<ApprovalRow> {
  return tx.insertInto('approvals').values(row).returningAll().executeTakeFirstOrThrow()
}

export async function findApproval(userId: number, tx: Transaction, id: number): Promise<ApprovalRow | undefined> {
  return tx.selectFrom('approvals').selectAll().where('user_id', '=', userId).where('id', '=', id).executeTakeFirst()
}

export async function approvalsOfRun(userId: number, tx: Transaction, runId: number): Promise<ApprovalRow[]> {
  return tx
    .selectFrom('approvals')
    .selectAll()
    .where('user_id', '=', userId)
    .where('run_id', '=', runId)
    .orderBy('id')
    .execute()
}

export async function listApprovals(
  userId: number,
  tx: Transaction,
  page: {
    readonly before?: number
    readonly limit: number
    readonly status?: ApprovalStatus
    readonly threadId?: number
    readonly now: Date
  },
): Promise<ApprovalRow[]> {
  let query = tx.selectFrom('approvals').selectAll().where('user_id', '=', userId)
  if (page.before !== undefined) query = query.where('id', '<', page.before)
  if (page.threadId !== undefined) query = query.where('thread_id', '=', page.threadId)
  if (page.status === 'pending') query = query.where('status', '=', 'pending').where('expires_at', '>', page.now)
  else if (page.status === 'expired') {
    query = query.where((where) =>
      where.or([
        where('status', '=', 'expired'),
        where.and([where('status', '=', 'pending'), where('expires_at', '<=', page.now)]),
        where.and([
          where('status', '=', 'approved'),
          where('client_kind', 'is not', null),
          where('expires_at', '<=', page.now),
        ]),
      ]),
    )
  } else if (page.status === 'approved') {
    query = query
      .where('status', '=', 'approved')
      .where((where) => where.or([where('client_kind', 'is', null), where('expires_at', '>', page.now)]))
  } else if (page.status !== undefined) query = query.where('status', '=', page.status)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}

/** Decides once: undefined where somebody else did before, or time ran out. */
export async function decidePending(
  userId: number,
  tx: Transaction,
  id: number,
  decision: {
    readonly status: 'approved' | 'denied'
    readonly reason: string | null
    readonly at: Date
    /** How long the decision holds, where nothing that waits takes it up at once. */
    readonly expiresAt?: Date
  },
): Promise<ApprovalRow | undefined> {
  const { status, reason, at, expiresAt } = decision
  return tx
    .updateTable('approvals')
    .set({ status, reason, decided_at: at, ...(expiresAt === undefined ? {} : { expires_at: expiresAt }) })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .where('expires_at', '>', decision.at)
    .returningAll()
    .executeTakeFirst()
}

/** Takes an approval for its one use: undefined where it was taken before or never given. */
export async function claimApproved(
  userId: number,
  tx: Transaction,
  id: number,
  at: Date,
): Promise<ApprovalRow | undefined> {
  return tx
    .updateTable('approvals')
    .set({ status: 'used', used_at: at })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where('status', '=', 'approved')
    .returningAll()
    .executeTakeFirst()
}

/** Notes what the call is about. */
export async function setDescription(
  userId: number,
  tx: Transaction,
  id: number,
  { target, ...about }: CallDescription,
): Promise<ApprovalRow> {
  return tx
    .updateTable('approvals')
    .set({ target: target === null ? null : toText(target), about: toJsonb(about) })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Takes back an approval that was not used. */
export async function spoilApproved(userId: number, tx: Transaction, id: number): Promise<void> {
  await tx
    .updateTable('approvals')
    .set({ status: 'expired' })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where('status', '=', 'approved')
    .execute()
}

/** Ends what nobody decided about, because the conversation went on or the run was stopped. */
export async function expirePending(
  userId: number,
  tx: Transaction,
  threadId: number,
  end: { readonly reason: string; readonly at: Date },
): Promise<void> {
  await tx
    .updateTable('approvals')
    .set({ status: 'expired', reason: end.reason, decided_at: end.at })
    .where('user_id', '=', userId)
    .where('thread_id', '=', threadId)
    .where('status', '=', 'pending')
    .execute()
}

/** One call of one client: what an approval without a run is bound to. */
export interface ClientCall {
  readonly client: { readonly kind: string; readonly id: string }
  readonly tool: string
  readonly connectionId: number
  readonly digest: string
}

/** Any constant: two requests of one user must agree on it. */
const APPROVALS_LOCK = 7_211

/** Lets one request at a time ask for approvals of a user, so that the same call is asked about once. */
export async function lockApprovals(userId: number, tx: Transaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(${APPROVALS_LOCK}::integer, ${userId}::integer)`.execute(tx)
}

export async function insertClientApproval(
  userId: number,
  tx: Transaction,
  { client, ...approval }: AskedFor & Pick<ClientCall, 'client'>,
): Promise<ApprovalRow> {
  return insertRow(tx, { ...rowOf(userId, approval), client_kind: toText(client.kind), client_id: toText(client.id) })
}

/** The newest living approval of this very call that is pending or denied. */
export async function findOpenClientApproval(
  userId: number,
  tx: Transaction,
  call: ClientCall,
  now: Date,
): Promise<ApprovalRow | undefined> {
  return tx
    .selectFrom('approvals')
    .selectAll()
    .where('user_id', '=', userId)
    .where(sameCall(call))
    .where('status', 'in', ['pending', 'denied'])
    .where('expires_at', '>', now)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Takes an approval of this very call for its one use: of those who come at once, one gets it. */
export async function takeClientApproval(
  userId: number,
  tx: Transaction,
  call: ClientCall,
  now: Date,
): Promise<ApprovalRow | undefined> {
  return tx
    .updateTable('approvals')
    .set({ status: 'used', used_at: now })
    .where('user_id', '=', userId)
    .where('status', '=', 'approved')
    .where('id', '=', (where) =>
      where
        .selectFrom('approvals')
        .select('id')
        .where('user_id', '=', userId)
        .where(sameCall(call))
        .where('status', '=', 'approved')
        .where('expires_at', '>', now)
        .orderBy('id')
        .limit(1),
    )
    .returningAll()
    .executeTakeFirst()
}

/** Ends those that time has ended, and the oldest beyond the newest `keep` that wait. */
export async function tidyClientApprovals(
  userId: number,
  tx: Transaction,
  { keep, now }: { readonly keep: number; readonly now: Date },
): Promise<void> {
  const waiting = tx
    .selectFrom('approvals')
    .select('id')
    .where('user_id', '=', userId)
    .where('client_kind', 'is not', null)
    .where('status', '=', 'pending')
    .where('expires_at', '>', now)
    .orderBy('id', 'desc')
    .limit(keep)
  await tx
    .updateTable('approvals')
    .set({ status: 'expired' })
    .where('user_id', '=', userId)
    .where('client_kind', 'is not', null)
    .where('status', '=', 'pending')
    .where('id', 'not in', waiting)
    .execute()
}

function sameCall({ client, tool, connectionId, digest }: ClientCall) {
  return (where: ExpressionBuilder<Tables, 'approvals'>) =>
    where.and({
      client_kind: toText(client.kind),
      client_id: toText(client.id),
      tool,
      connection_id: connectionId,
      arguments_digest: digest,
    })
}
