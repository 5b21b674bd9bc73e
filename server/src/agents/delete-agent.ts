import { actorOf } from '#audit/audit.ts'
import type { Principal } from '#kernel/principal.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import { agentNotFound } from './agent.ts'
import type { AgentDependencies } from './dependencies.ts'
import { removeAgent } from './store.ts'

/** Deletes the caller's own agent. Threads with it stay, also those of others who used it. */
export async function deleteAgent(
  deps: AgentDependencies,
  principal: Principal,
  id: number,
  requestId: string,
): Promise<Outcome<{ deleted: true; id: number }>> {
  const { userId } = principal
  const row = await deps.database.asUser(userId, (tx) => removeAgent(userId, tx, id))
  if (row === undefined) return agentNotFound()
  await deps.audit.record({
    userId,
    type: 'agent.deleted',
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'agent', id },
    requestId,
  })
  return success({ deleted: true, id })
}
