import type { Principal } from '#kernel/principal.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import { agentNotFound, type AgentRow } from './agent.ts'
import type { AgentDependencies } from './dependencies.ts'
import { findUsableAgent } from './store.ts'

/** The caller's own agent, or one that is shared with the instance. */
export async function readAgent(
  deps: Pick<AgentDependencies, 'database'>,
  { userId }: Principal,
  id: number,
): Promise<Outcome<AgentRow>> {
  const row = await deps.database.asUser(userId, (tx) => findUsableAgent(userId, tx, id))
  return row === undefined ? agentNotFound() : success(row)
}
