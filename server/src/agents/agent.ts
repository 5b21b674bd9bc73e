import type { Selectable } from 'kysely'
import type { AgentsTable } from '#db/agent-tables.ts'
import { failure } from '#kernel/problem.ts'

export type AgentRow = Selectable<AgentsTable>

/** What a person writes when they make or change an agent. */
export interface AgentDraft {
  readonly name: string
  readonly description: string
  readonly instructions: string
  readonly tools: readonly string[]
  readonly model: string | null
  readonly shared: boolean
}

/** An agent as the API shows it. Of another user's shared agent it tells the definition and not the author. */
export function agentView(row: AgentRow, viewerId: number) {
  const { id, name, description, instructions, tools, model, shared } = row
  return {
    id,
    name,
    description,
    instructions,
    tools,
    model,
    shared,
    owned: row.user_id === viewerId,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}

/** One answer for an agent that does not exist and for one that is not the caller's: they cannot be told apart. */
export function agentNotFound() {
  return failure('not_found', 'There is no agent with this id that you can use. List yours with GET /api/agents.')
}
