import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Catalog } from '#tools/tool-call.ts'
import type { AgentDraft } from './agent.ts'
import type { AgentLimits } from './limits.ts'
import type { Models } from './models/model.ts'

interface Known {
  readonly catalog: Catalog
  readonly models: Models
  readonly limits: AgentLimits
}

/** Refuses tools and models that do not exist, and names the nearest that does. */
export function checkDraft(draft: Partial<AgentDraft>, known: Known): Outcome<null> {
  const { tools = [], model = null } = draft
  if (tools.length > known.limits.toolsPerAgent) {
    return failure('invalid_request', `An agent holds at most ${known.limits.toolsPerAgent} tools.`, { path: 'tools' })
  }
  const index = tools.findIndex((name) => known.catalog.entry(name) === undefined)
  const unknown = tools[index]
  if (unknown !== undefined) {
    const closest = known.catalog.closest(unknown)
    const hint = closest === undefined ? 'GET /api/tools lists the tools.' : `Did you mean "${closest}"?`
    return failure('invalid_request', `There is no tool "${unknown}". ${hint}`, { path: `tools.${index}` })
  }
  if (model !== null && !known.models.knows(model)) {
    return failure('invalid_request', `There is no model "${model}" here. GET /api/models lists the models.`, {
      path: 'model',
    })
  }
  return success(null)
}
