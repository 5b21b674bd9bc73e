import type { Transaction } from '#db/database.ts'
import type { PolicyCache } from './policy-cache.ts'
import { defaultDecision, heldDecision } from './policy.ts'
import { deleteAgentPolicy, setAgentPolicy, type PolicyAgent } from './store.ts'
import type { CatalogEntry, PolicyDecision } from './tool-call.ts'

/** What users decide about tools for one agent alone. */

/** How a tool stands for one agent of a user. */
export interface AgentPolicy {
  readonly tool: string
  /** What holds for this agent. */
  readonly decision: PolicyDecision
  /** What the user decided for this agent alone, if anything. */
  readonly for_agent: PolicyDecision | null
  /** What the user decided for everything that acts in their name, if anything. */
  readonly for_all: PolicyDecision | null
  /** What holds where nothing was decided. */
  readonly default: PolicyDecision
}

export interface AgentPolicies {
  readonly list: (userId: number, agentId: number, tools: readonly CatalogEntry[]) => Promise<AgentPolicy[]>
  /** Null goes back to what holds for everything. Inside the caller's transaction; `forget` comes after it. */
  readonly decide: (
    userId: number,
    tx: Transaction,
    chosen: { readonly agent: PolicyAgent; readonly tool: string; readonly decision: PolicyDecision | null },
  ) => Promise<void>
  readonly forget: (userId: number) => void
}

export function createAgentPolicies(policies: PolicyCache): AgentPolicies {
  return {
    async list(userId, agentId, tools) {
      const forAll = await policies.decisionsOf(userId)
      const forAgent = await policies.decisionsForAgent(userId, agentId)
      return tools.map(({ name, annotations }) => {
        const fallback = defaultDecision(annotations)
        return {
          tool: name,
          decision: heldDecision(forAll.get(name), forAgent.get(name)) ?? fallback,
          for_agent: forAgent.get(name) ?? null,
          for_all: forAll.get(name) ?? null,
          default: fallback,
        }
      })
    },
    async decide(userId, tx, { agent, tool, decision }) {
      if (decision === null) await deleteAgentPolicy(userId, tx, { agentId: agent.id, tool })
      else await setAgentPolicy(userId, tx, { agent, tool, decision })
    },
    forget: (userId) => policies.forget(userId),
  }
}
