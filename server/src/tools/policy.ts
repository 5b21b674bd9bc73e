import type { Database } from '#db/database.ts'
import type { Principal } from '#kernel/principal.ts'
import type { ToolAnnotations } from '#providers/contract.ts'
import { listPolicies } from './store.ts'
import type { Catalog, PolicyDecision, PolicyOf } from './tool-call.ts'

/**
 * Unless the user says otherwise: what only reads runs, what adds runs, what changes or removes asks.
 */
export function defaultDecision(annotations: ToolAnnotations): PolicyDecision {
  if (annotations.readOnly) return 'allow'
  return annotations.destructive ? 'ask' : 'allow'
}

/** Reads the user's own decisions and fills in the defaults. */
export function createPolicyOf(deps: { database: Database; catalog: Catalog }): PolicyOf {
  return async (principal: Principal, tools: readonly string[]) => {
    const own = await deps.database.asUser(principal.userId, (tx) => listPolicies(principal.userId, tx))
    const decided = new Map(own.map(({ tool, decision }) => [tool, decision]))
    const result = new Map<string, PolicyDecision>()
    for (const name of tools) {
      const entry = deps.catalog.entry(name)
      if (entry !== undefined) result.set(name, decided.get(name) ?? defaultDecision(entry.annotations))
    }
    return result
  }
}
