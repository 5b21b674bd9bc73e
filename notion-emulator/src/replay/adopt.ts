import { objectsOf, stringOf } from '../core/json.ts'
import { parseMarkdown } from '../markdown/parse.ts'
import { fromMarkdown } from '../blocks/insert.ts'
import { plainRichText } from '../core/rich-text.ts'
import type { BlockNode, DataSourceNode, JsonObject, Node, PageNode, ParentReference } from '../state/model.ts'
import { nextSequence } from '../state/state.ts'
import { newBlock, newDatabase, newDataSource, newPage, place, type Origin } from '../state/tree.ts'
import { isObject } from '../validation/check.ts'
import { rowNumberOf, schemaOf, valuesOf } from './adopt-values.ts'
import { assumedMarkdown, assumedSchema } from './assume.ts'
import type { Presumption } from './presume.ts'
import type { Reference } from './references.ts'
import { parentOfWire, type Sighting } from './sightings.ts'

/** Puts what a session presumes into an empty state, under the ids of the recording. */
export function adopt(origin: Origin, hiddenRoot: Node, presumption: Presumption): void {
  const byKind = (kind: Sighting['kind']): Sighting[] => presumption.shown.filter((entry) => entry.kind === kind)
  for (const sighting of byKind('database')) adoptDatabase(origin, hiddenRoot, sighting.wire)
  for (const sighting of byKind('data_source')) adoptSource(origin, hiddenRoot, sighting.wire)
  for (const reference of presumption.named) adoptNamed(origin, hiddenRoot, reference)
  for (const { wire } of byKind('page')) rowReference(origin, reference(hiddenRoot, wire))
  completeSources(origin, presumption)
  for (const sighting of byKind('page')) adoptPage(origin, hiddenRoot, sighting.wire)
  for (const sighting of byKind('block')) adoptBlock(origin, hiddenRoot, sighting.wire)
  for (const sighting of byKind('comment')) dressComment(origin, sighting.wire)
  hangTogether(origin, presumption)
  addNamedContent(origin, presumption)
}

function reference(hiddenRoot: Node, wire: JsonObject): ParentReference {
  const parent = parentOfWire(wire)
  if (parent !== null && parent.kind !== 'user' && parent.kind !== 'comment') return { type: parent.kind, id: parent.id }
  const isWorkspace = isObject(wire['parent']) && wire['parent']['workspace'] === true
  return isWorkspace ? { type: 'workspace' } : { type: 'block', id: hiddenRoot.id }
}

function settle(node: Node, wire: JsonObject): void {
  node.createdTime = timeOf(wire['created_time'])
  node.editedTime = timeOf(wire['last_edited_time'])
  node.createdBy = userOf(wire['created_by'], node.createdBy)
  node.editedBy = userOf(wire['last_edited_by'], node.editedBy)
  node.inTrash = wire['in_trash'] === true
  node.searchableFrom = node.createdTime
}

function timeOf(text: unknown): number {
  return Date.parse(stringOf(text)) || 0
}

function userOf(user: unknown, fallback: string): string {
  return isObject(user) ? stringOf(user['id'], fallback) : fallback
}

function objectOrNull(value: unknown): JsonObject | null {
  return isObject(value) ? structuredClone(value) : null
}

function adoptDatabase(origin: Origin, hiddenRoot: Node, wire: JsonObject): void {
  const database = newDatabase(origin, reference(hiddenRoot, wire), stringOf(wire['id']))
  database.title = objectsOf(wire['title'])
  database.description = objectsOf(wire['description'])
  database.icon = objectOrNull(wire['icon'])
  database.cover = objectOrNull(wire['cover'])
  database.isInline = wire['is_inline'] === true
  database.isLocked = wire['is_locked'] === true
  settle(database, wire)
  for (const entry of objectsOf(wire['data_sources'])) {
    const source = newDataSource(origin, database, stringOf(entry['id']))
    source.title = plainRichText(stringOf(entry['name']))
    source.searchableFrom = Infinity
  }
}

function adoptSource(origin: Origin, hiddenRoot: Node, wire: JsonObject): void {
  const parent = parentOfWire(wire)
  const database = parent === null ? undefined : origin.state.nodes.get(parent.id)
  const home = database?.kind === 'database' ? database : newDatabase(origin, reference(hiddenRoot, {}), parent?.id)
  if (database === undefined) dressUnshown(home, wire, hiddenRoot)
  const id = stringOf(wire['id'])
  home.children = home.children.filter((child) => child !== id)
  const source = newDataSource(origin, home, id)
  source.title = objectsOf(wire['title'])
  source.description = objectsOf(wire['description'])
  source.icon = objectOrNull(wire['icon'])
  source.cover = objectOrNull(wire['cover'])
  const schema = isObject(wire['properties']) ? wire['properties'] : {}
  source.properties = Object.entries(schema).flatMap(([name, value]) => (isObject(value) ? [schemaOf(name, value)] : []))
  settle(source, wire)
}

/** A database that nothing shows, as far as its data source tells. */
function dressUnshown(database: Node, source: JsonObject, hiddenRoot: Node): void {
  if (database.kind !== 'database') return
  database.isInline = source['is_inline'] === true
  database.title = objectsOf(source['title'])
  database.description = objectsOf(source['description'])
  database.parent = reference(hiddenRoot, { parent: source['database_parent'] })
}

function adoptNamed(origin: Origin, hiddenRoot: Node, { kind, id, parent }: Reference): void {
  if (origin.state.nodes.has(id)) return
  const below: ParentReference =
    parent === undefined || parent.kind === 'user' || parent.kind === 'comment'
      ? { type: 'block', id: hiddenRoot.id }
      : { type: parent.kind, id: parent.id }
  const holder = parent === undefined ? undefined : origin.state.nodes.get(parent.id)
  if (kind === 'page') newPage(origin, below, id).searchableFrom = Infinity
  if (kind === 'database') newDatabase(origin, below, id)
  if (kind === 'block') blockCalled(origin, id, newBlock(origin, below, 'toggle', { rich_text: [], color: 'default' }))
  if (kind === 'block' && holder !== undefined) holder.children.push(id)
  if (kind !== 'data_source') return
  const known = holder?.kind === 'database' ? holder : newDatabase(origin, { type: 'block', id: hiddenRoot.id }, parent?.id)
  newDataSource(origin, known, id).searchableFrom = Infinity
}

/** Schemas that no answer shows follow from rows and requests; the far ends of relations and rollups from this end. */
function completeSources(origin: Origin, presumption: Presumption): void {
  const shown = new Set(presumption.shown.filter(({ kind }) => kind === 'data_source').map(({ id }) => id))
  const sources = [...origin.state.nodes.values()].filter((node) => node.kind === 'data_source')
  for (const source of sources) {
    if (!shown.has(source.id)) source.properties = assumedSchema(source, presumption)
  }
  for (const sighting of presumption.shown) if (sighting.kind === 'data_source') addFarEnds(origin, sighting.wire)
}

function addFarEnds(origin: Origin, wire: JsonObject): void {
  const schema = objectsOf(isObject(wire['properties']) ? Object.values(wire['properties']) : [])
  for (const property of schema) {
    const relation = isObject(property['relation']) ? property['relation'] : {}
    const dual = isObject(relation['dual_property']) ? relation['dual_property'] : null
    const back = { data_source_id: wire['id'], synced_property_id: decodeURIComponent(stringOf(property['id'])) }
    if (dual !== null) {
      const { synced_property_id: id, synced_property_name: name } = dual
      addProperty(origin, relation['data_source_id'], { id, name, type: 'relation', config: back })
    }
    const rollup = isObject(property['rollup']) ? property['rollup'] : null
    const via = schema.find((entry) => rollup !== null && entry['id'] === rollup['relation_property_id'])
    const target = isObject(via?.['relation']) ? via['relation']['data_source_id'] : undefined
    if (rollup === null) continue
    const { rollup_property_id: id, rollup_property_name: name } = rollup
    addProperty(origin, target, { id, name, type: id === 'title' ? 'title' : 'rich_text', config: {} })
  }
}

function addProperty(
  origin: Origin,
  sourceId: unknown,
  property: { id: unknown; name: unknown; type: string; config: JsonObject },
): void {
  const source = origin.state.nodes.get(stringOf(sourceId))
  const id = decodeURIComponent(stringOf(property.id))
  if (source?.kind !== 'data_source' || source.properties.some((entry) => entry.id === id)) return
  source.properties.push({ ...property, id, name: stringOf(property.name), description: null })
}

/** Older answers call the database what a row hangs from; it hangs from the data source in it. */
function rowReference(origin: Origin, parent: ParentReference): ParentReference {
  const database = parent.type === 'database' ? origin.state.nodes.get(parent.id) : undefined
  if (database?.kind !== 'database') return parent
  const source = database.children[0] ?? newDataSource(origin, database).id
  return { type: 'data_source', id: source }
}

function adoptPage(origin: Origin, hiddenRoot: Node, wire: JsonObject): void {
  const page = newPage(origin, rowReference(origin, reference(hiddenRoot, wire)), stringOf(wire['id']))
  const source = page.parent.type === 'data_source' ? origin.state.nodes.get(page.parent.id) : undefined
  page.icon = objectOrNull(wire['icon'])
  page.cover = objectOrNull(wire['cover'])
  page.isLocked = wire['is_locked'] === true
  page.isArchived = wire['is_archived'] === true
  page.values = valuesOf(source?.kind === 'data_source' ? source : null, wire)
  if (source?.kind === 'data_source') numberRow(source, page, wire)
  settle(page, wire)
}

function numberRow(source: DataSourceNode, page: PageNode, wire: JsonObject): void {
  page.rowNumber = rowNumberOf(wire) ?? source.nextRowNumber
  source.nextRowNumber = Math.max(source.nextRowNumber, page.rowNumber + 1)
}

function adoptBlock(origin: Origin, hiddenRoot: Node, wire: JsonObject): void {
  const type = stringOf(wire['type'])
  const payload = isObject(wire[type]) ? structuredClone(wire[type]) : {}
  const parent = reference(hiddenRoot, wire)
  const id = stringOf(wire['id'])
  const title = plainRichText(stringOf(payload['title']))
  const node =
    type === 'child_page'
      ? newPage(origin, parent, id)
      : type === 'child_database'
        ? newDatabase(origin, parent, id)
        : blockCalled(origin, id, newBlock(origin, parent, type, payload))
  if (node.kind === 'page') node.values = { title }
  if (node.kind === 'database') node.title = title
  settle(node, wire)
}

/** A block under the id of the recording. */
function blockCalled(origin: Origin, id: string, block: BlockNode): BlockNode {
  origin.state.nodes.delete(block.id)
  block.id = id
  origin.state.nodes.set(id, block)
  return block
}

/** The comment came with the seed; its marks and the name of its author did not. */
function dressComment(origin: Origin, wire: JsonObject): void {
  const comment = origin.state.comments.get(stringOf(wire['id']))
  if (comment === undefined) return
  comment.richText = objectsOf(wire['rich_text'])
  comment.editedTime = timeOf(wire['last_edited_time'])
  comment.displayName = objectOrNull(wire['display_name']) ?? comment.displayName
}

/** Places everything among the children of its parent, and numbers it by age. */
function hangTogether(origin: Origin, { shown, childOrder, newestFirst }: Presumption): void {
  const { state } = origin
  for (const { id } of shown) {
    const node = state.nodes.get(id)
    const parent = node === undefined || node.parent.type === 'workspace' ? undefined : state.nodes.get(node.parent.id)
    if (node === undefined || parent === undefined || parent.children.includes(id)) continue
    place(parent, [node], 'end')
  }
  for (const [parentId, order] of childOrder) {
    const parent = state.nodes.get(parentId)
    const rank = new Map(order.map((id, index) => [id, index]))
    const last = order.length
    parent?.children.sort((left, right) => (rank.get(left) ?? last) - (rank.get(right) ?? last))
  }
  for (const id of newestFirst.toReversed()) {
    const node = state.nodes.get(id)
    if (node !== undefined) node.sequence = nextSequence(state)
  }
}

/** What was below a block that says it has children and never shows them; text that a Markdown edit presumes. */
function addNamedContent(origin: Origin, presumption: Presumption): void {
  for (const { id, wire } of presumption.shown) {
    const node = origin.state.nodes.get(id)
    if (node === undefined || wire['has_children'] !== true || node.children.length > 0) continue
    place(node, [newBlock(origin, { type: node.kind, id }, 'paragraph', { rich_text: [], color: 'default' })], 'end')
  }
  for (const [id, markdown] of assumedMarkdown(presumption.interactions)) {
    const page = origin.state.nodes.get(id)
    if (page !== undefined) fromMarkdown(origin, page, parseMarkdown(markdown), 'end')
  }
}
