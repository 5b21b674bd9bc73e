import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { AgentPolicy, PolicyDecision } from '@chaveiro/sdk'
import { client, toolsQuery } from '../api.ts'

export const agentPoliciesQuery = (agentId: number) =>
  queryOptions({
    queryKey: ['agent-policies', agentId],
    queryFn: async () => (await client.agents.policies(agentId)).policies,
  })

/** For whom a rule is: one agent, or everything that acts in the person's name. */
export type PolicyScope = 'agent' | 'all'

export interface PolicyChange {
  readonly tool: string
  readonly scope: PolicyScope
  /** Null: no rule of one's own. */
  readonly decision: PolicyDecision | null
}

/** What a person decided in a scope about a tool. */
export function decidedIn(policy: AgentPolicy, scope: PolicyScope): PolicyDecision | null {
  return scope === 'agent' ? policy.for_agent : policy.for_all
}

/** Kept as soon as it is chosen, and shown at once; put back where the server says no. */
export function useDecidePolicy(agentId: number) {
  const queries = useQueryClient()
  const { queryKey } = agentPoliciesQuery(agentId)
  return useMutation({
    mutationFn: ({ tool, scope, decision }: PolicyChange): Promise<unknown> =>
      scope === 'agent' ? client.agents.setPolicy(agentId, tool, decision) : client.tools.setPolicy(tool, decision),
    async onMutate(change) {
      await queries.cancelQueries({ queryKey })
      queries.setQueryData(queryKey, (now) => now?.map((policy) => withChange(policy, change)))
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['agent-policies'] }),
        queries.invalidateQueries({ queryKey: toolsQuery.queryKey }),
      ]),
  })
}

/** A policy as the server will have it after a change. */
function withChange(policy: AgentPolicy, { tool, scope, decision }: PolicyChange): AgentPolicy {
  if (policy.tool !== tool) return policy
  const changed = scope === 'agent' ? { ...policy, for_agent: decision } : { ...policy, for_all: decision }
  const held = changed.for_all === 'deny' ? 'deny' : (changed.for_agent ?? changed.for_all ?? changed.default)
  return { ...changed, decision: held }
}
