import type { Call } from '../core/call.ts'
import { exactTime, minuteTime } from '../core/clock.ts'
import { plainText } from '../core/rich-text.ts'
import { presentProperties } from '../properties/present.ts'
import { presentSchema } from '../properties/present-schema.ts'
import type {
  BlockNode,
  Comment,
  CommentAttachment,
  DatabaseNode,
  DataSourceNode,
  JsonObject,
  Node,
  PageNode,
  ParentReference,
} from '../state/model.ts'
import { databaseOf, isTrashed, livingChildren, sourcesOf } from '../state/tree.ts'
import { isObject } from '../validation/check.ts'
import { addressOf, publicAddressOf } from './address.ts'
import { presentFile, presentLook } from './files.ts'
import { presentRichText, titleOf } from './rich-text.ts'
import { contentHolder } from './synced.ts'
import { partialUser } from './users.ts'

/** `archived` mirrors `in_trash` before 2026-03-11 and does not exist from then on. */
function archivedMember(call: Call, isInTrash: boolean): JsonObject {
  return call.version === '2026-03-11' ? {} : { archived: isInTrash }
}

/** Parent reference in the words of the caller's API version. */
function presentParent(call: Call, parent: ParentReference): JsonObject {
  if (parent.type === 'workspace') return { type: 'workspace', workspace: true }
  if (parent.type !== 'data_source') return { type: `${parent.type}_id`, [`${parent.type}_id`]: parent.id }
  const source = call.state.nodes.get(parent.id)
  const databaseId = source?.parent.type === 'database' ? source.parent.id : null
  return call.version === '2022-06-28'
    ? { type: 'database_id', database_id: databaseId }
    : { type: 'data_source_id', data_source_id: parent.id, database_id: databaseId }
}

/**
 * A page as answers show it.
 * @param only raw property ids or names to show; all when undefined (`filter_properties`)
 */
export function presentPage(call: Call, page: PageNode, only?: string[]): JsonObject {
  const inTrash = isTrashed(call.state, page)
  return {
    object: 'page',
    id: page.id,
    created_time: minuteTime(page.createdTime),
    last_edited_time: minuteTime(page.editedTime),
    created_by: partialUser(page.createdBy),
    last_edited_by: partialUser(page.editedBy),
    cover: presentLook(call, page.cover),
    icon: presentLook(call, page.icon),
    parent: presentParent(call, page.parent),
    in_trash: inTrash,
    is_archived: page.isArchived,
    is_locked: page.isLocked,
    properties: presentProperties(call, page, only),
    url: addressOf(page),
    public_url: publicAddressOf(call.state, page),
    ...archivedMember(call, inTrash),
  }
}

function blockType(call: Call, node: PageNode | DatabaseNode | BlockNode): string {
  if (node.kind !== 'block') return node.kind === 'page' ? 'child_page' : 'child_database'
  // Meeting notes were called after their transcript before 2026-03-11.
  return node.type === 'meeting_notes' && call.version !== '2026-03-11' ? 'transcription' : node.type
}

/** A block; pages and databases appear as `child_page` and `child_database`. */
export function presentBlock(call: Call, node: PageNode | DatabaseNode | BlockNode): JsonObject {
  const type = blockType(call, node)
  const inTrash = node.inTrash
  return {
    object: 'block',
    id: node.id,
    parent: presentParent(call, node.parent),
    created_time: minuteTime(node.createdTime),
    last_edited_time: minuteTime(node.editedTime),
    created_by: partialUser(node.createdBy),
    last_edited_by: partialUser(node.editedBy),
    has_children: node.kind !== 'database' && livingChildren(call.state, contentHolder(call, node)).length > 0,
    in_trash: inTrash,
    type,
    [type]: node.kind === 'block' ? presentPayload(call, node.payload) : { title: titleOf(node) },
    ...archivedMember(call, inTrash),
  }
}

const RICH_TEXT_MEMBERS = ['rich_text', 'caption']

/** A payload with its rich text and files as the caller may see them. */
export function presentPayload(call: Call, payload: JsonObject): JsonObject {
  const entries = Object.entries(presentFile(call, payload)).map(([name, value]) => {
    if (name === 'icon' && isObject(value)) return [name, presentLook(call, value)]
    if (RICH_TEXT_MEMBERS.includes(name) && Array.isArray(value))
      return [name, presentRichText(call, value.filter(isObject))]
    return [name, name === 'cells' && Array.isArray(value) ? value.map((cell) => presentCell(call, cell)) : value]
  })
  return Object.fromEntries(entries)
}

function presentCell(call: Call, cell: unknown): JsonObject[] {
  return Array.isArray(cell) ? presentRichText(call, cell.filter(isObject)) : []
}

/** A database; up to 2022-06-28 it carries the schema of its only data source. */
export function presentDatabase(call: Call, database: DatabaseNode): JsonObject {
  const sources = sourcesOf(call.state, database)
  const [first] = sources
  if (call.version === '2022-06-28' && first !== undefined) return legacyDatabase(call, database, first)
  const inTrash = isTrashed(call.state, database)
  return {
    object: 'database',
    id: database.id,
    title: presentRichText(call, database.title),
    description: presentRichText(call, database.description),
    parent: presentParent(call, database.parent),
    is_inline: database.isInline,
    in_trash: inTrash,
    is_locked: database.isLocked,
    created_time: exactTime(database.createdTime),
    last_edited_time: exactTime(database.editedTime),
    data_sources: sources.map((source) => ({
      id: source.id,
      name: plainText(source.title) || plainText(database.title),
    })),
    icon: presentLook(call, database.icon),
    cover: presentLook(call, database.cover),
    url: addressOf(database),
    public_url: publicAddressOf(call.state, database),
    ...archivedMember(call, inTrash),
  }
}

/** The database object of 2022-06-28, when a database was its only data source. */
function legacyDatabase(call: Call, database: DatabaseNode, source: DataSourceNode): JsonObject {
  const inTrash = isTrashed(call.state, database)
  return {
    object: 'database',
    id: database.id,
    cover: presentLook(call, database.cover),
    icon: presentLook(call, database.icon),
    created_time: minuteTime(database.createdTime),
    created_by: partialUser(database.createdBy),
    last_edited_by: partialUser(database.editedBy),
    last_edited_time: minuteTime(Math.max(database.editedTime, source.editedTime)),
    title: presentRichText(call, database.title),
    description: presentRichText(call, database.description),
    is_inline: database.isInline,
    properties: presentSchema(call, source),
    parent: presentParent(call, database.parent),
    url: addressOf(database),
    public_url: publicAddressOf(call.state, database),
    archived: inTrash,
    in_trash: inTrash,
  }
}

/** A data source with its schema. */
export function presentDataSource(call: Call, source: DataSourceNode): JsonObject {
  const database = databaseOf(call.state, source)
  const inTrash = isTrashed(call.state, source)
  return {
    object: 'data_source',
    id: source.id,
    cover: presentLook(call, source.cover),
    icon: presentLook(call, source.icon),
    created_time: minuteTime(source.createdTime),
    created_by: partialUser(source.createdBy),
    last_edited_by: partialUser(source.editedBy),
    last_edited_time: minuteTime(source.editedTime),
    title: presentRichText(call, source.title),
    description: presentRichText(call, source.description),
    is_inline: database?.isInline ?? false,
    properties: presentSchema(call, source),
    parent: presentParent(call, source.parent),
    database_parent: presentParent(call, database?.parent ?? { type: 'workspace' }),
    url: addressOf(database ?? source),
    public_url: publicAddressOf(call.state, database ?? source),
    in_trash: inTrash,
    ...archivedMember(call, inTrash),
  }
}

/** A comment with the name that its author goes by. */
export function presentComment(call: Call, comment: Comment): JsonObject {
  const present = (attachment: CommentAttachment): JsonObject => presentAttachment(call, attachment)
  return {
    object: 'comment',
    id: comment.id,
    parent: { type: comment.parent.type, [comment.parent.type]: comment.parent.id },
    discussion_id: comment.discussionId,
    created_time: minuteTime(comment.createdTime),
    last_edited_time: minuteTime(comment.editedTime),
    created_by: partialUser(comment.createdBy),
    rich_text: presentRichText(call, comment.richText),
    display_name: comment.displayName,
    ...(comment.attachments === undefined ? {} : { attachments: comment.attachments.map(present) }),
  }
}

function presentAttachment(call: Call, attachment: CommentAttachment): JsonObject {
  const shown = presentFile(call, { type: 'file_upload', file_upload: { id: attachment.uploadId } })
  return { category: attachment.category, file: shown['file'] }
}

/** A page, block, database or data source as search and lists show it. */
export function presentNode(call: Call, node: Node): JsonObject {
  if (node.kind === 'page') return presentPage(call, node)
  if (node.kind === 'data_source') return presentDataSource(call, node)
  return node.kind === 'database' ? presentDatabase(call, node) : presentBlock(call, node)
}
