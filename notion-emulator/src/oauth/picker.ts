import { parseId } from '../core/ids.ts'
import { titleOf } from '../present/rich-text.ts'
import { privateOwnerOf } from '../state/access.ts'
import type { DatabaseNode, Node, PageNode, User } from '../state/model.ts'
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

/** Pages and databases that a person can share, as they hang below each other; rows go with their database. */
export function choicesOf(state: State, person: User): { choices: Choice[]; isCut: boolean } {
  let left = MAX_CHOICES
  const listed = (nodes: Node[]): Choice[] =>
    nodes.flatMap((node) => {
      if (!isShareable(node)) return node.kind === 'block' ? listed(livingChildren(state, node)) : []
      left -= 1
      if (left < 0) return []
      return [{ id: node.id, title: titleOf(node) || 'Untitled', below: listed(livingChildren(state, node)) }]
    })
  const top = topNodes(state, person.workspaceId, person.id)
  return { choices: listed(top), isCut: left < 0 }
}

/** Who shares, and where; null is the workspace itself, which has no private pages. */
export interface Sharing {
  workspaceId: string
  personId: string | null
}

/**
 * The ids in their canonical form, or null when one is no page or database of the workspace, lies in the trash, or in
 * the private pages of somebody else.
 */
export function checkedRoots(state: State, sharing: Sharing, wanted: string[]): string[] | null {
  const roots = wanted.flatMap((text) => {
    const node = state.nodes.get(parseId(text) ?? '')
    const fits = node?.workspaceId === sharing.workspaceId && isShareable(node) && !isTrashed(state, node)
    return fits && isReachable(state, node, sharing.personId) ? [node.id] : []
  })
  return roots.length === wanted.length ? roots : null
}

/** Ids of everything that hangs directly below the workspace and is not private to somebody else. */
export function topRoots(state: State, { workspaceId, personId }: Sharing): string[] {
  return topNodes(state, workspaceId, personId).map((node) => node.id)
}

function topNodes(state: State, workspaceId: string, personId: string | null): Node[] {
  return [...state.nodes.values()]
    .filter((node) => node.workspaceId === workspaceId && node.parent.type === 'workspace' && !node.inTrash)
    .filter((node) => isReachable(state, node, personId))
}

function isReachable(state: State, node: Node, personId: string | null): boolean {
  const owner = privateOwnerOf(state, node)
  return owner === null || owner === personId
}

function isShareable(node: Node): node is PageNode | DatabaseNode {
  return node.kind === 'page' || node.kind === 'database'
}
