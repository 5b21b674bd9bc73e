import { actorOf } from '#audit/audit.ts'
import type { Principal } from '#kernel/principal.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { AgentDraft, AgentRow } from './agent.ts'
import { checkDraft } from './check-draft.ts'
import { catalogFor } from '#tools/tool-source.ts'
import type { AgentDependencies } from './dependencies.ts'
import { countAgents, insertAgent } from './store.ts'

/** Stores a new agent of the caller. */
export async function createAgent(
  deps: AgentDependencies,
  principal: Principal,
  draft: AgentDraft,
  requestId: string,
): Promise<Outcome<AgentRow>> {
  const checked = checkDraft(draft, { ...deps, catalog: await catalogFor(deps, principal.userId) })
  if (!checked.ok) return checked
  const { userId } = principal
  const row = await deps.database.asUser(userId, async (tx) => {
    const count = await countAgents(userId, tx)
    return count >= deps.limits.agentsPerUser ? null : insertAgent(userId, tx, draft)
  })
  if (row === null) {
    return failure('conflict', `You have ${deps.limits.agentsPerUser} agents, which is the most. Delete one first.`)
  }
  await deps.audit.record({
    userId,
    type: 'agent.created',
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'agent', id: row.id },
    details: { shared: row.shared, tools: row.tools.length },
    requestId,
  })
  return success(row)
}
