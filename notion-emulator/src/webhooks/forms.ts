import type { Comment, DatabaseNode, JsonObject, Node } from '../state/model.ts'
import type { State } from '../state/state.ts'
import { pageOf } from '../state/tree.ts'
import type { Change, EventForm } from './model.ts'

/** Where something hangs, as events write it: a row hangs in the database, with the data source beside. */
export function parentBlock(state: State, node: Node): JsonObject {
  const { parent } = node
  if (parent.type === 'workspace') return { id: node.workspaceId, type: 'space' }
  if (parent.type !== 'data_source') return { id: parent.id, type: parent.type }
  const source = state.nodes.get(parent.id)
  const databaseId = source?.parent.type === 'database' ? source.parent.id : parent.id
  return { id: databaseId, type: 'database', data_source_id: parent.id }
}

/** An event of a database as a whole. */
export function databaseForm(
  state: State,
  database: DatabaseNode,
  type: EventForm['type'],
  details: JsonObject,
): EventForm {
  const data = { ...details, parent: parentBlock(state, database) }
  return { type, entity: { id: database.id, type: 'database' }, data }
}

/** An event of a comment. */
export function commentChange(state: State, comment: Comment, type: Change['type']): Change {
  const { id: nodeId } = comment.parent
  const node = state.nodes.get(nodeId)
  const page = node === undefined ? null : pageOf(state, node)
  const parent = { id: nodeId, type: comment.parent.type === 'page_id' ? 'page' : 'block' }
  return {
    type,
    entity: { id: comment.id, type: 'comment' },
    data: { page_id: page?.id, parent },
    audience: { nodeId },
  }
}
