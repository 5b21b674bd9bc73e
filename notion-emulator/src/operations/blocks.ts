import { ok, type Answer, type Call } from '../core/call.ts'
import { findBlock } from '../core/lookup.ts'
import { listBody, slice } from '../core/pagination.ts'
import { pageRequestOfQuery } from '../core/query-string.ts'
import { presentBlock } from '../present/objects.ts'
import { contentHolder } from '../present/synced.ts'
import { requireCapability } from '../state/access.ts'
import type { BlockNode, DatabaseNode, Node, PageNode } from '../state/model.ts'

/** `GET /v1/blocks/:block_id`. Pages and databases answer as `child_page` and `child_database`. */
export function getBlock(call: Call): Answer {
  requireCapability(call.install, 'read_content')
  return ok(presentBlock(call, findBlock(call, call.path['block_id'] ?? '')))
}

/** `GET /v1/blocks/:block_id/children`: direct children that are not in the trash, in order. */
export function listChildren(call: Call): Answer {
  requireCapability(call.install, 'read_content')
  const parent = findBlock(call, call.path['block_id'] ?? '')
  const children = blockChildren(call, contentHolder(call, parent))
  const part = slice(children, pageRequestOfQuery(call.query), (node) => !node.inTrash)
  return ok(
    listBody(
      'block',
      part.items.map((node) => presentBlock(call, node)),
      part.nextCursor,
    ),
  )
}

/** The blocks directly below, those in the trash included. A database holds data sources, which are no blocks. */
export function blockChildren(call: Call, parent: Node): (PageNode | DatabaseNode | BlockNode)[] {
  if (parent.kind === 'database') return []
  return parent.children.flatMap((id) => {
    const node = call.state.nodes.get(id)
    return node === undefined || node.kind === 'data_source' ? [] : [node]
  })
}
