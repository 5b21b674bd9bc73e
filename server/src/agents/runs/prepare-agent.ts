import type { AgentDependencies } from '#agents/dependencies.ts'
import { readAgent } from '#agents/read-agent.ts'
import type { Principal } from '#kernel/principal.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import type { PreparedAgent } from './stretch.ts'

/**
 * Puts together what an agent is for this user. A shared agent gives its definition alone: model traffic, policies and
 * connections are those of whoever asks.
 */
export async function prepareAgent(
  deps: AgentDependencies,
  principal: Principal,
  agentId: number,
): Promise<Outcome<PreparedAgent>> {
  const agent = await readAgent(deps, principal, agentId)
  if (!agent.ok) return agent
  const tools = agent.value.tools.map((name) => deps.catalog.entry(name)).filter((entry) => entry !== undefined)
  const model = deps.models.resolve(agent.value.model, tools)
  if (!model.ok) return model
  const acting = { ...principal, agentId }
  const decisions = await deps.policyOf(
    acting,
    tools.map(({ name }) => name),
  )
  return success({ principal: acting, agent: agent.value, model: model.value, tools, decisions })
}
