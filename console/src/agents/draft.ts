import type { Agent, AgentDraft } from '@chaveiro/sdk'

/** What the server takes. */
export const DESCRIPTION_CHARACTERS = 2_000
export const INSTRUCTIONS_CHARACTERS = 20_000

export type Draft = Required<AgentDraft>

export function draftOf({ name, description, instructions, tools, model, shared }: Agent): Draft {
  return { name, description, instructions, tools, model, shared }
}

/** What differs from the agent as it is kept; the order of tools says nothing. */
export function changeOf(agent: Agent, draft: Draft): Partial<AgentDraft> {
  const kept = draftOf(agent)
  const changed = (Object.keys(kept) as (keyof Draft)[]).filter((field) => !isSame(kept[field], draft[field]))
  return Object.fromEntries(changed.map((field) => [field, draft[field]]))
}

function isSame(one: Draft[keyof Draft], other: Draft[keyof Draft]): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other
  return one.length === other.length && one.every((each) => other.includes(each))
}
