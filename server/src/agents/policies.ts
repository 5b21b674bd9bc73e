import { actorOf } from '#audit/audit.ts'
import type { Principal } from '#kernel/principal.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { AgentPolicy } from '#tools/agent-policies.ts'
import type { PolicyDecision } from '#tools/tool-call.ts'
import { catalogFor } from '#tools/tool-source.ts'
import type { AgentRow } from './agent.ts'
import type { AgentDependencies } from './dependencies.ts'
import { readAgent } from './read-agent.ts'

/** What the caller decided about each of an agent's tools: for this agent alone, and for everything. */
export async function listAgentPolicies(
  deps: AgentDependencies,
  principal: Principal,
  agentId: number,
): Promise<Outcome<AgentPolicy[]>> {
  const agent = await readAgent(deps, principal, agentId)
  if (!agent.ok) return agent
  const { userId } = principal
  const { entries } = await catalogFor(deps, userId)
  return success(await deps.agentPolicies.list(userId, agentId, entries))
}

interface Chosen {
  readonly agentId: number
  readonly tool: string
  /** Null goes back to what holds for everything. */
  readonly decision: PolicyDecision | null
}

/** Decides about one tool for one agent alone, for the caller. */
export async function decideAgentPolicy(
  deps: AgentDependencies,
  principal: Principal,
  chosen: Chosen,
  requestId: string,
): Promise<Outcome<AgentPolicy>> {
  const { userId } = principal
  const { agentId, tool, decision } = chosen
  const agent = await readAgent(deps, principal, agentId)
  if (!agent.ok) return agent
  const entry = (await catalogFor(deps, userId)).entry(tool)
  if (entry === undefined) {
    return failure('invalid_request', `There is no tool "${tool}". GET /api/tools lists the tools.`, { path: 'tool' })
  }
  const allowed = mayDecide(agent.value, userId, decision)
  if (!allowed.ok) return allowed
  await deps.database.asUser(userId, (tx) =>
    deps.agentPolicies.decide(userId, tx, { agent: agent.value, tool, decision }),
  )
  deps.agentPolicies.forget(userId)
  await recordPolicy(deps, principal, chosen, requestId)
  const [policy] = await deps.agentPolicies.list(userId, agentId, [entry])
  if (policy === undefined) throw new Error('A tool of the catalog has no policy')
  return success(policy)
}

/** What an agent is told to do is its author's to change: nobody lets another's agent change things unasked. */
export function mayDecide(
  agent: Pick<AgentRow, 'user_id'>,
  userId: number,
  decision: PolicyDecision | null,
): Outcome<null> {
  if (decision !== 'allow' || agent.user_id === userId) return success(null)
  const detail = 'This agent is somebody else’s, who can change it at any time. You can only have it ask, or deny it.'
  return failure('forbidden', detail)
}

export async function recordPolicy(
  deps: Pick<AgentDependencies, 'audit'>,
  principal: Principal,
  { agentId, tool, decision }: Chosen,
  requestId: string,
): Promise<void> {
  await deps.audit.record({
    userId: principal.userId,
    type: 'policy.changed',
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'tool', tool },
    details: { decision, agent_id: agentId },
    requestId,
  })
}
