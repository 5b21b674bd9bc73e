import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { CatalogEntry } from '#tools/tool-call.ts'

/**
 * Which part of the tools a URL shows: `/mcp` all, `/mcp/read-only` what changes nothing, `/mcp/search` two tools that find
 * and call the others, `/mcp/<provider>` one provider's.
 */
export interface Toolset {
  /** The last part of the path; empty for all tools. */
  readonly name: string
  readonly includes: (entry: Pick<CatalogEntry, 'provider' | 'annotations'>) => boolean
  /** Whether the list shows the two search tools in place of the tools themselves, whatever their number. */
  readonly searchOnly: boolean
  /** Whether the list leaves out providers that the user has not connected, once there is one that they have. */
  readonly connectedOnly: boolean
}

export const EVERYTHING: Toolset = { name: '', includes: () => true, searchOnly: false, connectedOnly: true }

const NAMED: readonly Toolset[] = [
  { name: 'read-only', includes: ({ annotations }) => annotations.readOnly, searchOnly: false, connectedOnly: true },
  { name: 'search', includes: () => true, searchOnly: true, connectedOnly: false },
]

/** The toolset of a path's last part, or `not_found` with the names that there are. */
export function toolsetOf(name: string | undefined, providers: readonly string[]): Outcome<Toolset> {
  if (name === undefined || name === '') return success(EVERYTHING)
  const named = NAMED.find((toolset) => toolset.name === name)
  if (named !== undefined) return success(named)
  if (providers.includes(name)) {
    return success({ name, includes: ({ provider }) => provider === name, searchOnly: false, connectedOnly: false })
  }
  const known = [...NAMED.map((toolset) => toolset.name), ...providers].map((each) => `/mcp/${each}`).join(', ')
  return failure('not_found', `There is no such toolset. There are /mcp, ${known}.`)
}

/** Whether a list of this many tools shows the two search tools in their place. */
export function showsSearch({ searchOnly }: Toolset, tools: number, toolsShown: number): boolean {
  return searchOnly || tools > toolsShown
}
