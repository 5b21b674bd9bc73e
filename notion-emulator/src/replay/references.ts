import { objectsOf, stringOf } from '../core/json.ts'
import { parseId } from '../core/ids.ts'
import { isObject } from '../validation/check.ts'
import { succeeded, type Interaction } from './recording.ts'
import type { Kind, Sighting } from './sightings.ts'

/** Something that a recording names, whether or not it shows it. */
export interface Reference {
  kind: Kind
  id: string
  /** What it hangs from, as far as the place tells where it was named. */
  parent?: { kind: Kind; id: string }
}

const REFERENCE_MEMBERS: Record<string, Kind> = {
  page_id: 'page',
  block_id: 'block',
  database_id: 'database',
  data_source_id: 'data_source',
}

/** Everything that a body names by id. */
export function* referencesIn(value: unknown): Generator<Reference> {
  if (Array.isArray(value)) for (const entry of value) yield* referencesIn(entry)
  if (!isObject(value)) return
  const databaseId = parseId(value['database_id'])
  for (const [member, entry] of Object.entries(value)) {
    const kind = REFERENCE_MEMBERS[member]
    if (kind !== undefined) yield* named(kind, entry, kind === 'data_source' ? databaseId : null)
    if (member === 'relation') for (const target of objectsOf(entry)) yield* named('page', target['id'])
    if (member === 'mention' && isObject(entry)) yield* mentioned(entry)
    else yield* referencesIn(entry)
  }
}

function* named(kind: Kind, text: unknown, databaseId: string | null = null): Generator<Reference> {
  const id = parseId(text)
  if (id !== null) yield databaseId === null ? { kind, id } : { kind, id, parent: { kind: 'database', id: databaseId } }
}

function* mentioned(mention: Record<string, unknown>): Generator<Reference> {
  for (const kind of ['page', 'database', 'data_source'] as const) {
    const target = mention[kind]
    if (isObject(target)) yield* named(kind, target['id'])
  }
}

const PATH_KINDS: Record<string, Kind> = {
  pages: 'page',
  blocks: 'page', // a block that is only named may as well be a page, which takes every child
  databases: 'database',
  data_sources: 'data_source',
  comments: 'comment',
}

/** What a successful request needs to be there: the object of its path, and whatever its body names. */
export function* referencesOfRequest(interaction: Interaction): Generator<Reference> {
  if (!succeeded(interaction)) return
  const [, , collection = '', id] = interaction.path.split('/')
  const kind = PATH_KINDS[collection]
  const target = parseId(id)
  const anchor = anchorOf(interaction)
  if (anchor !== null) yield { kind: 'block', id: anchor.id, parent: { kind: 'page', id: anchor.parentId } }
  yield* referencesIn(interaction.body)
  for (const [name, value] of interaction.query) if (name === 'block_id') yield* named('page', value)
  if (kind === undefined || target === null) return
  yield { kind, id: target }
}

/** The block that new content is to stand behind, below the object that takes it. */
function anchorOf({ path, body }: Interaction): { id: string; parentId: string } | null {
  if (!isObject(body)) return null
  const position = isObject(body['position']) ? body['position'] : {}
  const block = isObject(position['after_block']) ? position['after_block'] : {}
  const id = parseId(body['after'] ?? block['id'])
  const parent = isObject(body['parent']) ? body['parent'] : {}
  const parentId = parseId(parent['page_id'] ?? path.split('/')[3])
  return id === null || parentId === null ? null : { id, parentId }
}

/** What comes after the part of a list that was asked for: its cursor names the next item. */
export function nextItemOf({ path, answer }: Interaction): Reference | null {
  const [, , collection, holder] = path.split('/')
  const parentId = parseId(holder)
  const id = /[0-9a-f-]{36}$/.exec(stringOf(answer?.['next_cursor']))?.[0]
  if (id === undefined || parentId === null) return null
  if (path.endsWith('/children')) return { kind: 'block', id, parent: { kind: 'page', id: parentId } }
  return collection === 'data_sources' && path.endsWith('/query')
    ? { kind: 'page', id, parent: { kind: 'data_source', id: parentId } }
    : null
}

/** The order of children of each parent, from the answers that list them. */
export function childOrders(interactions: Interaction[]): Map<string, string[]> {
  const orders = new Map<string, string[]>()
  for (const interaction of interactions) {
    const parent = /^\/v1\/blocks\/([^/]+)\/children$/.exec(interaction.path)?.[1]
    const id = parseId(parent)
    if (id === null || interaction.method !== 'GET' || interaction.answer === null) continue
    const known = orders.get(id) ?? []
    const listed = objectsOf(interaction.answer['results']).map((block) => stringOf(block['id']))
    orders.set(id, [...known, ...listed.filter((entry) => !known.includes(entry))])
  }
  for (const anchor of interactions.filter(succeeded).map(anchorOf)) {
    const order = anchor === null ? [] : (orders.get(anchor.parentId) ?? [])
    // Whatever else is known of the parent came to light behind the anchor.
    if (anchor !== null && !order.includes(anchor.id)) orders.set(anchor.parentId, [anchor.id, ...order])
  }
  return orders
}

/** Rows in the order of a query that asked for none, which is newest first; the longest such answer of each source. */
export function rowOrder(interactions: Interaction[], sightings: Sighting[]): string[] {
  const unsorted = interactions.filter(
    ({ path, body }) => path.endsWith('/query') && !(isObject(body) && Array.isArray(body['sorts'])),
  )
  const lists = unsorted.map(({ answer }) => objectsOf(answer?.['results']).map((row) => stringOf(row['id'])))
  const order: string[] = []
  for (const list of lists.toSorted((left, right) => right.length - left.length)) weave(order, list)
  return [...new Set([...order, ...sightings.map((sighting) => sighting.id)])]
}

/** Takes the ids of a list into an order, each behind the one that it follows in the list. */
function weave(order: string[], list: string[]): void {
  for (const [index, id] of list.entries()) {
    if (order.includes(id)) continue
    const before = order.indexOf(list[index - 1] ?? '')
    const next = list.slice(index + 1).find((other) => order.includes(other))
    const place = before >= 0 ? before + 1 : next === undefined ? order.length : order.indexOf(next)
    order.splice(place, 0, id)
  }
}
