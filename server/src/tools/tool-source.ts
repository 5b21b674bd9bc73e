import type { Edge } from '#connections/edges.ts'
import type { Problem } from '#kernel/problem.ts'
import type { Provider, Tool } from '#providers/contract.ts'
import { closestOf } from './catalog.ts'
import type { Catalog, CatalogEntry } from './tool-call.ts'

/**
 * Tools that belong to one user, beside those of the providers that everybody has: what a remote server that the user
 * connected offers. They go through the same pipeline, catalog and policies, and exist for nobody else.
 */

export interface OwnTool {
  readonly entry: CatalogEntry
  readonly provider: Provider
  readonly tool: Tool
  /** The user's connection that the tool came from, and the only one that it is called with. */
  readonly connectionId: number
  /** The way to where the tool lives, and to nowhere else. */
  readonly edge: Edge
  /** Why it may not be called now, for example because its definition has changed since the user accepted it. */
  readonly withheld?: Problem
  /** No tool that anybody chooses: the user asked for it by connecting, so no policy is asked. */
  readonly isUpkeep?: true
}

/** One user's own tools at one moment; the same object as long as nothing has changed. */
export interface OwnTools {
  /** Those that may be called, in a stable order. */
  readonly entries: readonly CatalogEntry[]
  /** Also those that are withheld. */
  readonly find: (name: string) => OwnTool | undefined
}

export interface ToolSource {
  readonly toolsOf: (userId: number) => Promise<OwnTools>
}

export const NO_OWN_TOOLS: OwnTools = { entries: [], find: () => undefined }

export interface CatalogDeps {
  readonly catalog: Catalog
  /** Absent where users cannot have tools of their own. */
  readonly ownTools?: ToolSource
}

/** Made once for each state of a user's tools: who keeps something by catalog knows it again. */
const layered = new WeakMap<OwnTools, Catalog>()

/**
 * Everything that this user may find: the providers' tools, and the user's own. For whoever has none it is the
 * providers' catalog itself. A name of a provider's tool is never another's.
 */
export async function catalogFor({ catalog, ownTools }: CatalogDeps, userId: number): Promise<Catalog> {
  if (ownTools === undefined) return catalog
  const own = await ownTools.toolsOf(userId)
  if (own === NO_OWN_TOOLS) return catalog
  const known = layered.get(own) ?? withOwn(catalog, own)
  layered.set(own, known)
  return known
}

function withOwn(catalog: Catalog, own: OwnTools): Catalog {
  const further = own.entries.filter(({ name }) => catalog.entry(name) === undefined)
  const entries = [...catalog.entries, ...further]
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  return {
    entries,
    entry: (name) => byName.get(name),
    closest: (name) => closestOf(name, [...byName.keys()]),
  }
}
