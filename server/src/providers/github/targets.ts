import type { ProviderTarget } from '#providers/contract.ts'
import { isRecord, stringOrNull } from './json.ts'

/** Names and numbers never come to mean something else, so none is looked up before it is approved. */
const named = { isId: () => true, idOf: () => null } satisfies Partial<ProviderTarget>

/** Issues and pull requests by their titles, repositories by what they are about. */
export const targets: readonly ProviderTarget[] = [
  { argument: 'issue', tool: 'github_get_issue', titleOf: (value) => memberOf(value, 'title'), ...named },
  { argument: 'pull_request', tool: 'github_get_pull_request', titleOf: (value) => memberOf(value, 'title'), ...named },
  { argument: 'repository', tool: 'github_get_repository', titleOf: (value) => memberOf(value, 'full_name'), ...named },
]

function memberOf(value: unknown, name: string): string | null {
  return isRecord(value) ? stringOrNull(value[name]) : null
}
