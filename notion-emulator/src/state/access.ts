import { ApiFailure } from '../core/failure.ts'
import type { Capability, Install, Node } from './model.ts'
import type { State } from './state.ts'
import { lineage, parentOf } from './tree.ts'

/** Whether an install may see an object: it, or something above it, was shared with the install. */
export function canSee(state: State, install: Install, node: Node): boolean {
  if (node.workspaceId !== install.workspaceId) return false
  for (let entry: Node | null = node; entry !== null; entry = parentOf(state, entry)) {
    if (install.roots.has(entry.id)) return true
  }
  return false
}

/** Whether the nearest shared object above this one lets the install write. */
export function canWrite(state: State, install: Install, node: Node): boolean {
  for (const entry of lineage(state, node)) {
    if (install.roots.has(entry.id)) return !install.readonlyRoots.has(entry.id)
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
