import type { AgentDependencies } from '#agents/dependencies.ts'
import { readAgent } from '#agents/read-agent.ts'
import type { Principal } from '#kernel/principal.ts'
import { catalogFor, type CatalogDeps } from '#tools/tool-source.ts'
import type { Catalog } from '#tools/tool-call.ts'
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
  const catalog = await catalogFor(deps, principal.userId)
  const tools = agent.value.tools.map((name) => catalog.entry(name)).filter((entry) => entry !== undefined)
  const model = deps.models.resolve(agent.value.model, tools)
  if (!model.ok) return model
  const acting = { ...principal, agentId }
  const decided = await decisionsFor(deps, acting, { agent: agent.value, tools })
  const missing = await missingTools(deps, principal.userId, { names: agent.value.tools, catalog })
  return success({ principal: acting, agent: agent.value, model: model.value, tools, missing, ...decided })
}

/** What the user decided about the agent's tools, and which of them they let this very agent call without being asked. */
export async function decisionsFor(
  deps: Pick<AgentDependencies, 'policyOf' | 'agentPolicies'>,
  acting: Principal,
  { agent, tools }: Pick<PreparedAgent, 'agent' | 'tools'>,
): Promise<Pick<PreparedAgent, 'decisions' | 'always'>> {
  const decisions = await deps.policyOf(
    acting,
    tools.map(({ name }) => name),
  )
  const policies = await deps.agentPolicies.list(acting.userId, agent.id, tools)
  const allowed = policies.filter(({ for_agent: own, decision }) => own === 'allow' && decision === 'allow')
  return { decisions, always: new Set(allowed.map(({ tool }) => tool)) }
}

/**
 * What the agent names and this user cannot call: a tool of a remote server that this user has not connected, or whose
 * definition has changed since they accepted it.
 */
async function missingTools(
  { ownTools }: CatalogDeps,
  userId: number,
  { names, catalog }: { readonly names: readonly string[]; readonly catalog: Catalog },
): Promise<PreparedAgent['missing']> {
  const absent = names.filter((name) => catalog.entry(name) === undefined)
  if (absent.length === 0) return []
  const own = await ownTools?.toolsOf(userId)
  return absent.map((tool) => ({
    tool,
    reason: own?.find(tool)?.withheld?.detail ?? 'This person has connected no server that has this tool.',
  }))
}
