import { objectsOf, stringOf } from '../core/json.ts'
import { parseMarkdown } from '../markdown/parse.ts'
import { fromMarkdown } from '../blocks/insert.ts'
import { plainRichText } from '../core/rich-text.ts'
import type { DataSourceNode, JsonObject, Node, PageNode, ParentReference } from '../state/model.ts'
import { nextSequence } from '../state/state.ts'
import { newBlock, newDatabase, newDataSource, newPage, place, type Origin } from '../state/tree.ts'
import { isObject } from '../validation/check.ts'
import { blockCalled, objectOrNull, reference, settle, timeOf } from './adopt-parts.ts'
import { adoptDatabase, adoptNamed, adoptSource, completeSources, dressNamed } from './adopt-sources.ts'
import { rowNumberOf, valuesOf } from './adopt-values.ts'
import { assumedMarkdown } from './assume.ts'
import { furnish } from './furnish.ts'
import type { Presumption } from './presume.ts'
import { nextItemOf } from './references.ts'
import { parentOfWire, type Sighting } from './sightings.ts'

/** Puts what a session presumes into an empty state, under the ids of the recording. */
export function adopt(origin: Origin, hiddenRoot: Node, presumption: Presumption): void {
  const byKind = (kind: Sighting['kind']): Sighting[] => presumption.shown.filter((entry) => entry.kind === kind)
  const adoptAllNamed = (kinds: Sighting['kind'][]): void => {
    for (const named of presumption.named)
      if (kinds.includes(named.kind)) adoptNamed(origin, hiddenRoot, named, presumption)
  }
  // What may hold others comes before what hangs from it.
  for (const sighting of byKind('database')) adoptDatabase(origin, hiddenRoot, sighting.wire)
  for (const sighting of byKind('data_source')) adoptSource(origin, hiddenRoot, sighting.wire)
  adoptAllNamed(['database', 'data_source'])
  dressNamed(origin, hiddenRoot, presumption)
  for (const { wire } of byKind('page')) rowReference(origin, reference(hiddenRoot, wire))
  completeSources(origin, presumption)
  for (const sighting of byKind('page')) adoptPage(origin, hiddenRoot, sighting.wire)
  adoptAllNamed(['page'])
  for (const sighting of byKind('block')) adoptBlock(origin, hiddenRoot, sighting.wire)
  adoptAllNamed(['block'])
  for (const sighting of byKind('comment')) dressComment(origin, sighting.wire)
  furnish(origin, presumption)
  hangTogether(origin, presumption)
  addNamedContent(origin, presumption)
  addNextRows(origin, presumption)
  publishParents(origin, presumption)
}

/** Rows that only a cursor names come after those that are shown: they are the oldest. */
function addNextRows(origin: Origin, { interactions }: Presumption): void {
  for (const next of interactions.flatMap((interaction) => nextItemOf(interaction) ?? [])) {
    const source = next.kind === 'page' ? origin.state.nodes.get(next.parent?.id ?? '') : undefined
    if (source?.kind === 'data_source' && !source.children.includes(next.id)) source.children.push(next.id)
  }
}

/** What a published parent brings forth is published: the parent of a new page with a public address was. */
function publishParents(origin: Origin, { interactions, created }: Presumption): void {
  for (const { answer } of interactions) {
    const site = stringOf(answer?.['public_url'])
    const parent = answer === null || !created.has(stringOf(answer['id'])) ? null : parentOfWire(answer)
    const node = parent === null ? undefined : origin.state.nodes.get(parent.id)
    if (node !== undefined && URL.canParse(site)) node.publicSite = new URL(site).origin
  }
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
