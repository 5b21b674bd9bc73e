import { ApiFailure } from '../core/failure.ts'
import type { Capability, Install, Node } from './model.ts'
import type { State } from './state.ts'
import { lineage, parentOf } from './tree.ts'

/** Whether an install may see an object: it, or something above it, was shared with the install or is its own. */
export function canSee(state: State, install: Install, node: Node): boolean {
  if (node.workspaceId !== install.workspaceId) return false
  for (let entry: Node | null = node; entry !== null; entry = parentOf(state, entry)) {
    if (install.roots.has(entry.id) || isOwnPrivate(install, entry)) return true
  }
  return false
}

/** What the install of a person made directly below the workspace: it is seen without being shared. */
function isOwnPrivate(install: Install, node: Node): boolean {
  return node.parent.type === 'workspace' && install.owner.type === 'user' && node.createdBy === install.botId
}

/** The person in whose private pages an object lies; null for what belongs to the workspace. */
export function privateOwnerOf(state: State, node: Node): string | null {
  const top = [...lineage(state, node)].at(-1)
  const owner = top?.parent.type === 'workspace' ? state.installs.get(top.createdBy)?.owner : undefined
  return owner?.type === 'user' ? owner.userId : null
}

/**
 * Shares other pages with an install in place of those that are shared now.
 * @param searchableFrom when search begins to find what hangs below the new ones, in milliseconds since the epoch
 */
export function shareRoots(install: Install, roots: Iterable<string>, searchableFrom: number): void {
  const { roots: before, searchableFrom: known } = install
  install.roots = new Set(roots)
  install.searchableFrom = new Map(
    [...install.roots].map((id) => [id, before.has(id) ? (known?.get(id) ?? 0) : searchableFrom]),
  )
}

/** Whether search knows an object by now, and knows that it was shared. Shared pages themselves are always known. */
export function isIndexed(state: State, install: Install, node: Node, now: number): boolean {
  if (install.roots.has(node.id)) return true
  if (node.searchableFrom > now) return false
  const isKnown = ({ id }: Node): boolean => install.roots.has(id) && (install.searchableFrom?.get(id) ?? 0) <= now
  return [...lineage(state, node)].some((entry) => isKnown(entry) || isOwnPrivate(install, entry))
}

/** Whether the nearest shared object above this one lets the install write. */
export function canWrite(state: State, install: Install, node: Node): boolean {
  for (const entry of lineage(state, node)) {
    if (install.roots.has(entry.id)) return !install.readonlyRoots.has(entry.id)
    if (isOwnPrivate(install, entry)) return true
  }
  return false
}

/** The object with this id, if the install may see it; otherwise null, whatever the reason. */
export function findVisible(state: State, install: Install, id: string): Node | null {
  const node = state.nodes.get(id)
  return node !== undefined && canSee(state, install, node) ? node : null
}

/** The refusal of a capability that the install does not have. */
export function insufficientPermissions(): ApiFailure {
  return new ApiFailure('restricted_resource', 'Insufficient permissions for this endpoint.')
}

/** Refuses unless the install has the capability. */
export function requireCapability(install: Install, capability: Capability): void {
  if (!install.capabilities.has(capability)) throw insufficientPermissions()
}
