import { isRecord, stringOrNull } from '#kernel/json-values.ts'
import type { ProviderTarget } from '#providers/contract.ts'

/** Names and numbers never come to mean something else, so none is looked up before it is approved. */
const named = {
  isId: () => true,
  idOf: () => null,
  titleOf: (value) => memberOf(value, 'title'),
} satisfies Partial<ProviderTarget>

/** What a call that changes an issue puts something else in place of. */
const CHANGED = ['state', 'state_reason', 'title', 'body', 'labels', 'assignees']

/** Issues and pull requests by their titles, repositories by what they are about. */
export const targets: readonly ProviderTarget[] = [
  {
    ...named,
    argument: 'issue',
    tool: 'github_get_issue',
    within: ['repository'],
    nowOf: (value) => (isRecord(value) ? Object.fromEntries(CHANGED.map((name) => [name, value[name]] as const)) : {}),
  },
  { ...named, argument: 'pull_request', tool: 'github_get_pull_request', within: ['repository'] },
  {
    ...named,
    argument: 'repository',
    tool: 'github_get_repository',
    titleOf: (value) => memberOf(value, 'full_name'),
  },
]

function memberOf(value: unknown, name: string): string | null {
  return isRecord(value) ? stringOrNull(value[name]) : null
}
