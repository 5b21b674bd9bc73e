import type { Principal } from '#kernel/principal.ts'
import type { ToolAnnotations } from '#providers/contract.ts'
import type { PolicyCache } from './policy-cache.ts'
import type { PolicyDecision, PolicyOf } from './tool-call.ts'
import { catalogFor, type CatalogDeps } from './tool-source.ts'

/**
 * Unless the user says otherwise: what only reads runs, what adds runs, what changes or removes asks.
 */
export function defaultDecision(annotations: ToolAnnotations): PolicyDecision {
  if (annotations.readOnly) return 'allow'
  return annotations.destructive ? 'ask' : 'allow'
}

/**
 * What holds of a user's two decisions about a tool: the one for the agent that acts goes before the one for everything, but
 * what is denied to everything is denied to every agent.
 */
export function heldDecision(
  general: PolicyDecision | undefined,
  forAgent: PolicyDecision | undefined,
): PolicyDecision | undefined {
  return general === 'deny' ? general : (forAgent ?? general)
}

/** The user's own decisions, with the defaults where there is none. */
export function createPolicyOf(deps: CatalogDeps & { readonly policies: PolicyCache }): PolicyOf {
  return async (principal: Principal, tools: readonly string[]) => {
    const { userId, agentId } = principal
    const decided = await deps.policies.decisionsOf(userId)
    const forAgent = agentId === undefined ? undefined : await deps.policies.decisionsForAgent(userId, agentId)
    const catalog = await catalogFor(deps, userId)
    const result = new Map<string, PolicyDecision>()
    for (const name of tools) {
      const entry = catalog.entry(name)
      if (entry === undefined) continue
      const held = heldDecision(decided.get(name), forAgent?.get(name))
      result.set(name, held ?? defaultDecision(entry.annotations))
    }
    return result
  }
}
