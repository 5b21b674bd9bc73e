import { stringOf } from '../core/json.ts'
import type { BlockNode, JsonObject, Node, ParentReference } from '../state/model.ts'
import type { Origin } from '../state/tree.ts'
import { isObject } from '../validation/check.ts'
import { parentOfWire } from './sightings.ts'

/** What an answered object hangs from; what hangs from nothing that is told hangs from the hidden root. */
export function reference(hiddenRoot: Node, wire: JsonObject): ParentReference {
  const parent = parentOfWire(wire)
  if (parent !== null && parent.kind !== 'user' && parent.kind !== 'comment')
    return { type: parent.kind, id: parent.id }
  const isWorkspace = isObject(wire['parent']) && wire['parent']['workspace'] === true
  return isWorkspace ? { type: 'workspace' } : { type: 'block', id: hiddenRoot.id }
}

/** Times, people and the trash, as answered. */
export function settle(node: Node, wire: JsonObject): void {
  node.createdTime = timeOf(wire['created_time'])
  node.editedTime = timeOf(wire['last_edited_time'])
  node.createdBy = userOf(wire['created_by'], node.createdBy)
  node.editedBy = userOf(wire['last_edited_by'], node.editedBy)
  node.inTrash = wire['in_trash'] === true
  node.searchableFrom = node.createdTime
  const site = stringOf(wire['public_url'])
  if (URL.canParse(site)) node.publicSite = new URL(site).origin
}

/** Milliseconds since the epoch of an answered time. */
export function timeOf(text: unknown): number {
  return Date.parse(stringOf(text)) || 0
}

function userOf(user: unknown, fallback: string): string {
  return isObject(user) ? stringOf(user['id'], fallback) : fallback
}

/** A copy of an answered object. */
export function objectOrNull(value: unknown): JsonObject | null {
  return isObject(value) ? structuredClone(value) : null
}

/** A block under the id of the recording. */
export function blockCalled(origin: Origin, id: string, block: BlockNode): BlockNode {
  origin.state.nodes.delete(block.id)
  block.id = id
  origin.state.nodes.set(id, block)
  return block
}
