import { wireId } from '../properties/present-schema.ts'
import type { DatabaseNode, DataSourceNode, JsonObject, Node, PageNode } from '../state/model.ts'
import type { State } from '../state/state.ts'
import { databaseOf, pageOf, parentOf, sourceOfRow } from '../state/tree.ts'
import { commentChange, databaseForm, parentBlock } from './forms.ts'
import type { Change } from './model.ts'
import { differs, wasReordered, type Snapshot } from './snapshot.ts'

interface Comparison {
  state: State
  before: Snapshot
  changes: Change[]
  /** What was added, taken away or changed in the content of a page or data source, by the id of that. */
  content: Map<string, JsonObject[]>
}

/** What happened to the pages, blocks, databases, data sources and comments of a workspace since the snapshot. */
export function changesSince(before: Snapshot, state: State, workspaceId: string): Change[] {
  const comparison: Comparison = { state, before, changes: [], content: new Map() }
  for (const node of state.nodes.values()) {
    if (node.workspaceId !== workspaceId) continue
    const old = before.nodes.get(node.id)
    if (old === undefined) compareNew(comparison, node)
    else compareKnown(comparison, old, node)
  }
  for (const [id, items] of comparison.content) contentChange(comparison, id, items)
  commentChanges(comparison, workspaceId)
  return comparison.changes
}

function compareNew(comparison: Comparison, node: Node): void {
  const { state, before } = comparison
  if (node.kind === 'block') {
    // The content of a new block came with it.
    if (isKnown(comparison, parentOf(state, node))) touchContent(comparison, node, node)
    return
  }
  if (node.kind === 'data_source') {
    // The data source that a database starts with is no event of its own.
    const database = databaseOf(state, node)
    if (database !== null && before.nodes.has(database.id)) lifeChange(comparison, node, 'created')
    return
  }
  lifeChange(comparison, node, 'created')
  touchContent(comparison, node, node)
}

function compareKnown(comparison: Comparison, old: Node, node: Node): void {
  const { state } = comparison
  const isLiving = (id: string): boolean => state.nodes.get(id)?.inTrash === false
  const wasMoved = differs(old.parent, node.parent)
  const wasTrashed = node.inTrash !== old.inTrash
  if (wasTrashed || wasMoved) touchContent(comparison, node, node)
  if (wasMoved) touchContent(comparison, old, node)
  if (wasTrashed && node.kind !== 'block') lifeChange(comparison, node, node.inTrash ? 'deleted' : 'undeleted')
  if (wasMoved && node.kind !== 'block') lifeChange(comparison, node, 'moved')
  compareInside(comparison, old, node)
  if ((node.kind === 'page' || node.kind === 'block') && wasReordered(old.children, node.children, isLiving)) {
    addContent(comparison, pageOf(state, node), node)
  }
}

function compareInside(comparison: Comparison, old: Node, node: Node): void {
  if (node.kind === 'page' && old.kind === 'page') comparePages(comparison, old, node)
  if (node.kind === 'database' && old.kind === 'database') compareDatabases(comparison, old, node)
  if (node.kind === 'data_source' && old.kind === 'data_source') compareSources(comparison, old, node)
  if (node.kind === 'block' && old.kind === 'block' && differs(old.payload, node.payload)) {
    touchContent(comparison, node, node)
  }
}

/** A page that moves into or out of a data source gets other properties; the move says so already. */
function comparePages(comparison: Comparison, old: PageNode, page: PageNode): void {
  const { state, changes } = comparison
  const gone = Object.keys(old.values).filter((key) => !(key in page.values))
  const changed = [...Object.keys(page.values), ...gone].filter((key) =>
    differs(old.values[key] ?? null, page.values[key] ?? null),
  )
  const updated = changed.filter((key) => hasSteadyProperty(comparison, page, key))
  const isLookNew = differs(old.icon, page.icon) || differs(old.cover, page.cover)
  const audience = { nodeId: page.id }
  const entity = { id: page.id, type: 'page' as const }
  const parent = parentBlock(state, page)
  if (!differs(old.parent, page.parent) && (updated.length > 0 || isLookNew)) {
    const data = { parent, updated_properties: updated.map(wireId) }
    changes.push({ type: 'page.properties_updated', entity, data, audience })
  }
  if (old.isLocked !== page.isLocked) {
    changes.push({ type: page.isLocked ? 'page.locked' : 'page.unlocked', entity, data: { parent }, audience })
  }
}

/** Whether a value changed by itself. One that went with its property is told of by the schema, for all rows at once. */
function hasSteadyProperty({ state, before }: Comparison, page: PageNode, propertyId: string): boolean {
  const source = sourceOfRow(state, page)
  const old = source === null ? undefined : before.nodes.get(source.id)
  if (source === null || old?.kind !== 'data_source') return true
  const [was, is] = [old, source].map(({ properties }) => properties.find((property) => property.id === propertyId))
  return was !== undefined && was.type === is?.type
}

/** The look of a database is told of to old versions only: the others know no event for it. */
function compareDatabases(comparison: Comparison, old: DatabaseNode, database: DatabaseNode): void {
  if (!looksDifferent(old, database) && old.isInline === database.isInline) return
  comparison.changes.push({
    ...databaseForm(comparison.state, database, 'database.content_updated', { updated_blocks: [] }),
    audience: { nodeId: database.id },
  })
}

function compareSources(comparison: Comparison, old: DataSourceNode, source: DataSourceNode): void {
  if (looksDifferent(old, source)) addContent(comparison, source, null)
  const updated = schemaChanges(old, source)
  if (updated.length === 0) return
  const { state, changes } = comparison
  const details = { updated_properties: updated }
  const database = databaseOf(state, source)
  changes.push({
    type: 'data_source.schema_updated',
    entity: { id: source.id, type: 'data_source' },
    data: { parent: parentBlock(state, source), ...details },
    audience: { nodeId: source.id },
    legacy: database === null ? null : databaseForm(state, database, 'database.schema_updated', details),
  })
}

function looksDifferent(old: DatabaseNode | DataSourceNode, node: DatabaseNode | DataSourceNode): boolean {
  return (['title', 'description', 'icon', 'cover'] as const).some((member) => differs(old[member], node[member]))
}

function schemaChanges(old: DataSourceNode, source: DataSourceNode): JsonObject[] {
  const added = source.properties.flatMap((property) => {
    const known = old.properties.find((entry) => entry.id === property.id)
    const action = known === undefined ? 'created' : differs(known, property) ? 'updated' : null
    return action === null ? [] : [{ id: wireId(property.id), name: property.name, action }]
  })
  const removed = old.properties
    .filter((property) => !source.properties.some((entry) => entry.id === property.id))
    .map((property) => ({ id: wireId(property.id), name: property.name, action: 'deleted' }))
  return [...added, ...removed]
}

function lifeChange(
  comparison: Comparison,
  node: PageNode | DatabaseNode | DataSourceNode,
  verb: 'created' | 'deleted' | 'undeleted' | 'moved',
): void {
  const entity = { id: node.id, type: node.kind }
  const data = { parent: parentBlock(comparison.state, node) }
  const legacy = node.kind === 'data_source' ? { legacy: null } : {}
  comparison.changes.push({ type: `${node.kind}.${verb}`, entity, data, audience: { nodeId: node.id }, ...legacy })
}

/** Notes that an object is news in what it hangs from: in a page, also through blocks, or in a data source. */
function touchContent(comparison: Comparison, place: Node, item: Node): void {
  addContent(comparison, containerOf(comparison.state, place), item)
}

function addContent(comparison: Comparison, container: Node | null, item: Node | null): void {
  // What a new object starts with is told by its creation.
  if (container === null || !comparison.before.nodes.has(container.id)) return
  const items = comparison.content.get(container.id) ?? []
  const isNamed = item === null || items.some((entry) => entry['id'] === item.id)
  const type = item?.kind === 'data_source' ? 'block' : item?.kind
  comparison.content.set(container.id, isNamed ? items : [...items, { id: item.id, type }])
}

function containerOf(state: State, node: Node): PageNode | DataSourceNode | null {
  let entry = parentOf(state, node)
  while (entry?.kind === 'block') entry = parentOf(state, entry)
  return entry?.kind === 'page' || entry?.kind === 'data_source' ? entry : null
}

function contentChange(comparison: Comparison, id: string, items: JsonObject[]): void {
  const { state, changes } = comparison
  const node = state.nodes.get(id)
  const audience = { nodeId: id }
  const details = { updated_blocks: items }
  if (node?.kind === 'page') {
    // The documented example names the page itself as the parent: of the blocks.
    const data = { ...details, parent: { id, type: 'page' } }
    changes.push({ type: 'page.content_updated', entity: { id, type: 'page' }, data, audience })
  }
  if (node?.kind === 'data_source') {
    const database = databaseOf(state, node)
    changes.push({
      type: 'data_source.content_updated',
      entity: { id, type: 'data_source' },
      data: { ...details, parent: parentBlock(state, node) },
      audience,
      legacy: database === null ? null : databaseForm(state, database, 'database.content_updated', details),
    })
  }
}

function commentChanges(comparison: Comparison, workspaceId: string): void {
  const { state, before, changes } = comparison
  for (const comment of state.comments.values()) {
    if (comment.workspaceId !== workspaceId) continue
    const old = before.comments.get(comment.id)
    if (old === undefined) changes.push(commentChange(state, comment, 'comment.created'))
    else if (differs(old.richText, comment.richText)) changes.push(commentChange(state, comment, 'comment.updated'))
  }
  for (const comment of before.comments.values()) {
    if (!state.comments.has(comment.id)) changes.push(commentChange(state, comment, 'comment.deleted'))
  }
}

function isKnown(comparison: Comparison, node: Node | null): boolean {
  return node !== null && comparison.before.nodes.has(node.id)
}
