import { canWrite, findVisible, insufficientPermissions } from '../state/access.ts'
import { actorName } from '../state/integrations.ts'
import type { BlockNode, Comment, DatabaseNode, DataSourceNode, Node, PageNode } from '../state/model.ts'
import { hasTrashedAncestor, lineage, type Origin } from '../state/tree.ts'
import type { Call } from './call.ts'
import { ApiFailure, invalid } from './failure.ts'

/** The words that error messages have for objects. A data source that is not found is called a database. */
export type Noun =
  | 'page'
  | 'database'
  | 'block'
  | 'comment'
  | 'discussion'
  | 'file_upload'
  | 'view'
  | 'view_query'
  | 'async_task'

/** The 404 for an object that is missing, foreign or not shared: the three cannot be told apart. */
export function notFound(call: Call, noun: Noun, id: string): ApiFailure {
  const name = actorName(call.state, call.install)
  return new ApiFailure(
    'object_not_found',
    `Could not find ${noun} with ID: ${id}. Make sure the relevant pages and databases are shared with your integration "${name}".`,
    { integration_id: call.install.botId },
  )
}

/** The page with this id. */
export function findPage(call: Call, id: string): PageNode {
  const node = findVisible(call.state, call.install, id)
  if (node?.kind === 'page') return node
  if (node?.kind === 'database') throw wrongKind(id, 'database', 'page')
  throw notFound(call, 'page', id)
}

/** The database with this id. */
export function findDatabase(call: Call, id: string): DatabaseNode {
  const node = findVisible(call.state, call.install, id)
  if (node?.kind === 'database') return node
  if (node?.kind === 'page') throw wrongKind(id, 'page', 'database')
  throw notFound(call, 'database', id)
}

/** The data source with this id. */
export function findDataSource(call: Call, id: string): DataSourceNode {
  const node = findVisible(call.state, call.install, id)
  if (node?.kind === 'data_source') return node
  throw notFound(call, 'database', id)
}

/** The block with this id; pages and databases are blocks too. */
export function findBlock(call: Call, id: string): PageNode | DatabaseNode | BlockNode {
  const node = findVisible(call.state, call.install, id)
  if (node !== null && node.kind !== 'data_source') return node
  throw notFound(call, 'block', id)
}

/** The comment with this id, on something that the install may see. */
export function findComment(call: Call, id: string): Comment {
  const comment = call.state.comments.get(id)
  const seen = comment !== undefined && findVisible(call.state, call.install, comment.parent.id) !== null
  if (comment === undefined || !seen) throw notFound(call, 'comment', id)
  return comment
}

function wrongKind(id: string, actual: string, wanted: string): ApiFailure {
  return invalid(`Provided ID ${id} is a ${actual}, not a ${wanted}. Use the retrieve ${actual} API instead.`)
}

/** Refuses a write below a root that the install may only read. */
export function requireWritable(call: Call, node: Node): void {
  if (!canWrite(call.state, call.install, node)) throw insufficientPermissions()
}

/** Refuses a change to something that lies in the trash, by itself or with something above it. */
export function requireLiving(call: Call, node: Node): void {
  if (node.inTrash) {
    throw invalid(
      node.kind === 'page'
        ? "Can't update a page that is archived. You must unarchive the page before updating."
        : "Can't edit block that is archived. You must unarchive the block before editing.",
    )
  }
  if (hasTrashedAncestor(call.state, node)) {
    throw invalid(
      "Can't edit page on block with an archived ancestor. You must unarchive the ancestor before editing page.",
    )
  }
}

/** Refuses to hang an object below itself. */
export function requireOutside(call: Call, node: Node, target: Node): void {
  if ([...lineage(call.state, target)].includes(node)) throw invalid(`Cannot move ${node.id} below itself.`)
}

/** Who writes and when, for this call. */
export function originOf(call: Call): Origin {
  return {
    state: call.state,
    newId: call.newId,
    workspaceId: call.install.workspaceId,
    userId: call.install.botId,
    now: call.now,
    indexDelayMs: call.settings.indexDelayMs,
  }
}
