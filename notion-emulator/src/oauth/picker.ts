import { parseId } from '../core/ids.ts'
import { titleOf } from '../present/rich-text.ts'
import type { DatabaseNode, Node, PageNode } from '../state/model.ts'
import type { State } from '../state/state.ts'
import { isTrashed, livingChildren } from '../state/tree.ts'

/** A page or database that can be shared, and those below it. */
export interface Choice {
  id: string
  title: string
  below: Choice[]
}

/** What a page of the consent form can show; larger workspaces share by `emulator_roots`. */
const MAX_CHOICES = 500

/** Pages and databases of a workspace as they hang below each other; rows are shared with their database. */
export function choicesOf(state: State, workspaceId: string): { choices: Choice[]; isCut: boolean } {
  let left = MAX_CHOICES
  const listed = (nodes: Node[]): Choice[] =>
    nodes.flatMap((node) => {
      if (!isShareable(node)) return node.kind === 'block' ? listed(livingChildren(state, node)) : []
      left -= 1
      if (left < 0) return []
      return [{ id: node.id, title: titleOf(node) || 'Untitled', below: listed(livingChildren(state, node)) }]
    })
  const top = [...state.nodes.values()].filter((node) => node.workspaceId === workspaceId && isTop(node))
  return { choices: listed(top.filter((node) => !node.inTrash)), isCut: left < 0 }
}

/** The ids in their canonical form, or null when one is no page or database of the workspace, or lies in the trash. */
export function checkedRoots(state: State, workspaceId: string, wanted: string[]): string[] | null {
  const roots = wanted.flatMap((text) => {
    const node = state.nodes.get(parseId(text) ?? '')
    const fits = node?.workspaceId === workspaceId && isShareable(node) && !isTrashed(state, node)
    return fits ? [node.id] : []
  })
  return roots.length === wanted.length ? roots : null
}

/** Ids of everything that hangs directly below the workspace. */
export function topRoots(state: State, workspaceId: string): string[] {
  return [...state.nodes.values()]
    .filter((node) => node.workspaceId === workspaceId && isTop(node) && !node.inTrash)
    .map((node) => node.id)
}

function isTop(node: Node): boolean {
  return node.parent.type === 'workspace'
}

function isShareable(node: Node): node is PageNode | DatabaseNode {
  return node.kind === 'page' || node.kind === 'database'
}
