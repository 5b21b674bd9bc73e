import type { Comment, Node } from '../state/model.ts'
import type { State } from '../state/state.ts'

/** Copies of what a workspace holds, to compare a later state with. */
export interface Snapshot {
  nodes: Map<string, Node>
  comments: Map<string, Comment>
}

/** Remembers what a workspace holds. Payloads are not copied: operations replace them, they never change them inside. */
export function snapshot(state: State, workspaceId: string): Snapshot {
  const copies: Snapshot = { nodes: new Map(), comments: new Map() }
  for (const node of state.nodes.values()) {
    if (node.workspaceId === workspaceId) copies.nodes.set(node.id, copyOf(node))
  }
  for (const comment of state.comments.values()) {
    if (comment.workspaceId === workspaceId) copies.comments.set(comment.id, { ...comment })
  }
  return copies
}

function copyOf(node: Node): Node {
  const copy = { ...node, children: [...node.children] }
  if (copy.kind === 'page') copy.values = { ...copy.values }
  if (copy.kind === 'data_source') copy.properties = copy.properties.map((property) => ({ ...property }))
  return copy
}

/** Whether two values read differently. */
export function differs(left: unknown, right: unknown): boolean {
  return left !== right && JSON.stringify(left) !== JSON.stringify(right)
}

/**
 * Whether those ids that stayed stand in another order.
 * @param counts whether an id matters: nobody sees the order of what lies in the trash
 */
export function wasReordered(old: string[], current: string[], counts: (id: string) => boolean): boolean {
  if (old.length === current.length && old.every((id, index) => id === current[index])) return false
  const [kept, keeping] = [new Set(old), new Set(current)]
  return differs(
    old.filter((id) => keeping.has(id) && counts(id)),
    current.filter((id) => kept.has(id) && counts(id)),
  )
}
