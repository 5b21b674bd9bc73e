import { actorOf } from '#audit/audit.ts'
import type { AgentDependencies } from '#agents/dependencies.ts'
import { asStored } from '#db/jsonb.ts'
import { digestOf } from '#kernel/canonical.ts'
import type { Principal } from '#kernel/principal.ts'
import type { CallDescription } from '#tools/describe-target.ts'
import type { ApprovalRow } from './approval.ts'
import { insertApproval, setDescription } from './store.ts'

/** Asks the user about one call. The approval is bound to the user, the tool and the digest of the arguments. */
export async function requestApproval(
  deps: Pick<AgentDependencies, 'database' | 'audit' | 'clock' | 'limits' | 'describeTarget'>,
  principal: Principal,
  call: {
    readonly runId: number
    readonly threadId: number
    readonly toolCallId: string
    readonly askedBecause: ApprovalRow['asked_because']
    readonly connectionId: number | null
    readonly tool: string
    readonly arguments: unknown
    readonly requestId: string
  },
): Promise<ApprovalRow> {
  const { userId } = principal
  const at = deps.clock.now()
  const row = await deps.database.asUser(userId, (tx) =>
    insertApproval(userId, tx, {
      ...call,
      // Over what the row will hold: the arguments are compared with it when they are read back.
      digest: digestOf(asStored(call.arguments)),
      at,
      expiresAt: new Date(at.getTime() + deps.limits.approvalMs),
    }),
  )
  await deps.audit.record({
    userId,
    type: 'approval.requested',
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'approval', id: row.id, tool: row.tool },
    details: { run_id: call.runId, arguments_digest: row.arguments_digest },
    requestId: call.requestId,
  })
  const description = await descriptionOf(deps, principal, call)
  if (description === null) return row
  return deps.database.asUser(userId, (tx) => setDescription(userId, tx, row.id, description))
}

/** What the call is about, so that the person decides about a page and not about an id. */
async function descriptionOf(
  deps: Pick<AgentDependencies, 'describeTarget'>,
  principal: Principal,
  call: Parameters<typeof requestApproval>[2],
): Promise<CallDescription | null> {
  const { connectionId, requestId, tool, arguments: given } = call
  if (connectionId === null || typeof given !== 'object' || given === null) return null
  return deps.describeTarget(principal, { tool, arguments: { ...given }, connectionId, requestId })
}
