import { actorOf } from '#audit/audit.ts'
import type { Principal } from '#kernel/principal.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import { agentNotFound, type AgentDraft, type AgentRow } from './agent.ts'
import { checkDraft } from './check-draft.ts'
import { catalogFor } from '#tools/tool-source.ts'
import type { AgentDependencies } from './dependencies.ts'
import { changeAgent } from './store.ts'

/** Changes the caller's own agent. A shared agent of somebody else is not theirs to change: not found. */
export async function updateAgent(
  deps: AgentDependencies,
  principal: Principal,
  { id, change }: { readonly id: number; readonly change: Partial<AgentDraft> },
  requestId: string,
): Promise<Outcome<AgentRow>> {
  const checked = checkDraft(change, { ...deps, catalog: await catalogFor(deps, principal.userId) })
  if (!checked.ok) return checked
  const { userId } = principal
  const row = await deps.database.asUser(userId, (tx) =>
    changeAgent(userId, tx, id, { ...change, updated_at: deps.clock.now() }),
  )
  if (row === undefined) return agentNotFound()
  await deps.audit.record({
    userId,
    type: 'agent.changed',
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'agent', id },
    details: { changed: Object.keys(change).sort() },
    requestId,
  })
  return success(row)
}
