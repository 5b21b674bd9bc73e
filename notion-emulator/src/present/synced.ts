import type { Call } from '../core/call.ts'
import { stringOf } from '../core/json.ts'
import { findVisible } from '../state/access.ts'
import type { Node } from '../state/model.ts'
import { isObject } from '../validation/check.ts'

/** Whose children a block shows: its own, or for a synced copy those of an original that the caller may see. */
export function contentHolder(call: Call, node: Node): Node {
  if (node.kind !== 'block' || node.type !== 'synced_block') return node
  const from = node.payload['synced_from']
  const id = isObject(from) ? stringOf(from['block_id']) : ''
  return findVisible(call.state, call.install, id) ?? node
}
