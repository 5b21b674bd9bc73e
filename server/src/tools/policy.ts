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

/** The user's own decisions, with the defaults where there is none. */
export function createPolicyOf(deps: CatalogDeps & { readonly policies: PolicyCache }): PolicyOf {
  return async (principal: Principal, tools: readonly string[]) => {
    const decided = await deps.policies.decisionsOf(principal.userId)
    const catalog = await catalogFor(deps, principal.userId)
    const result = new Map<string, PolicyDecision>()
    for (const name of tools) {
      const entry = catalog.entry(name)
      if (entry !== undefined) result.set(name, decided.get(name) ?? defaultDecision(entry.annotations))
    }
    return result
  }
}
