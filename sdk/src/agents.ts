import type { PolicyDecision } from './tools.ts'
import { segment, type Transport } from './transport.ts'

/** A page of a list, newest first: pass `next_cursor` as `cursor` for the next one. */
export type PageQuery = {
  /** 1 to 200; none: 50. */
  readonly limit?: number
  readonly cursor?: number
}

export interface Agent {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly instructions: string
  readonly tools: readonly string[]
  /** `provider/model`; null: the default of the instance. */
  readonly model: string | null
  readonly shared: boolean
  /** Whether it is yours to change. */
  readonly owned: boolean
  readonly created_at: string
  readonly updated_at: string
}

export interface AgentDraft {
  readonly name: string
  readonly tools: readonly string[]
  readonly description?: string
  readonly instructions?: string
  readonly model?: string | null
  readonly shared?: boolean
}

/** What a tool may do when one agent calls it for whoever asks. */
export interface AgentPolicy {
  readonly tool: string
  /** What holds. What is denied to everything stays denied; else the decision for the agent goes first. */
  readonly decision: PolicyDecision
  /** Decided for this agent alone. */
  readonly for_agent: PolicyDecision | null
  /** Decided for everything that acts in the user's name. */
  readonly for_all: PolicyDecision | null
  readonly default: PolicyDecision
}

export interface Model {
  readonly id: string
  readonly provider: string
  readonly name: string
  /** False for the built-in router, which is no AI model. */
  readonly is_llm: boolean
  readonly is_default: boolean
}

/** Definitions of agents: those of whoever asks, and those shared with the instance. */
export function agentsOf({ call }: Transport) {
  return {
    list: (query: PageQuery = {}) =>
      call<{ readonly agents: readonly Agent[]; readonly next_cursor: number | null }>('GET', '/api/agents', { query }),
    create: (draft: AgentDraft) => call<Agent>('POST', '/api/agents', { body: draft }),
    get: (id: number) => call<Agent>('GET', `/api/agents/${segment(id)}`),
    change: (id: number, change: Partial<AgentDraft>) =>
      call<Agent>('PATCH', `/api/agents/${segment(id)}`, { body: change }),
    delete: (id: number) =>
      call<{ readonly deleted: true; readonly id: number }>('DELETE', `/api/agents/${segment(id)}`),
    policies: (id: number) =>
      call<{ readonly policies: readonly AgentPolicy[] }>('GET', `/api/agents/${segment(id)}/policies`),
    /** For this agent alone. Null goes back to what holds for everything. */
    setPolicy: (id: number, tool: string, decision: PolicyDecision | null) =>
      call<AgentPolicy>('PUT', `/api/agents/${segment(id)}/policies`, { body: { tool, decision } }),
  }
}

export function modelsOf({ call }: Transport) {
  return {
    /** What an agent's `model` may be. */
    list: () => call<{ readonly models: readonly Model[] }>('GET', '/api/models'),
  }
}
