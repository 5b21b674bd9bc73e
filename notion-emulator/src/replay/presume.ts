import { derivedId, parseId } from '../core/ids.ts'
import { objectsOf, stringOf } from '../core/json.ts'
import type { JsonObject } from '../state/model.ts'
import { isObject } from '../validation/check.ts'
import { succeeded, type Interaction, type Session } from './recording.ts'
import { childOrders, nextItemOf, referencesIn, referencesOfRequest, rowOrder, type Reference } from './references.ts'
import { createdIds, sightingsOf, type Sighting } from './sightings.ts'

/** What a session takes for granted: objects that it reads before it made them. */
export interface Presumption {
  /** As first shown, before the request that showed them changed them. */
  shown: Sighting[]
  /** Named but never shown. */
  named: Reference[]
  created: Set<string>
  users: JsonObject[]
  /** Children of a parent in order. */
  childOrder: Map<string, string[]>
  /** Ids of pages, newest first. */
  newestFirst: string[]
  interactions: Interaction[]
}

/** Where the objects of a file of recordings are shown, by id. */
export type Archive = Map<string, Sighting[]>

/** Makes the archive of a file. */
export function archiveOf(sessions: Session[]): Archive {
  const archive: Archive = new Map()
  for (const sighting of sessions.flatMap((session) => sightingsOf(session.interactions))) {
    archive.set(sighting.id, [...(archive.get(sighting.id) ?? []), sighting])
  }
  return archive
}

/** Works out what must be there before the first request of a session. */
export function presume(session: Session, archive: Archive): Presumption {
  const { interactions } = session
  const sightings = [...sightingsOf(interactions), ...pagesOfProperties(interactions)]
  const created = createdIds(interactions, sightings)
  const objects = sightings.filter(({ kind }) => kind !== 'user')
  const shown = firstSightings(objects.filter(({ id }) => !created.has(id)))
  const references = new Map<string, Reference>()
  // What requests ask for was there, even where only another session of the file shows it.
  for (const reference of interactions.flatMap((interaction) => [...referencesOfRequest(interaction)])) {
    if (created.has(reference.id) || shown.has(reference.id)) continue
    const elsewhere = fromArchive(archive, reference, interactions)
    if (elsewhere !== undefined) shown.set(elsewhere.id, elsewhere)
  }
  const named = [
    ...interactions.filter(succeeded).flatMap((interaction) => nextItemOf(interaction) ?? []),
    ...interactions.filter(succeeded).flatMap(({ answer }) => [...referencesIn(answer)]),
    ...interactions.flatMap((interaction) => [...referencesOfRequest(interaction)]),
    ...[...shown.values()].flatMap(({ wire }) => [...referencesIn(wire)]),
  ]
  for (const reference of named) {
    if (!created.has(reference.id) && !shown.has(reference.id)) note(references, reference)
  }
  return {
    shown: [...shown.values()],
    named: [...references.values()],
    created,
    users: usersIn(sightings),
    childOrder: childOrders(interactions),
    newestFirst: rowOrder(interactions, sightings),
    interactions,
  }
}

/** Users in the order of the list of users, where one was asked for. */
function usersIn(sightings: Sighting[]): JsonObject[] {
  const users = sightings.filter(({ kind }) => kind === 'user')
  const isListed = ({ interaction }: Sighting): boolean => interaction.path === '/v1/users'
  return [...users.filter(isListed), ...users.filter((sighting) => !isListed(sighting))].map(({ wire }) => wire)
}

/** The kind that a parent reference or a path gives first stays; where it hangs is kept from whoever knows. */
function note(references: Map<string, Reference>, reference: Reference): void {
  const known = references.get(reference.id)
  if (known === undefined) references.set(reference.id, reference)
  else if (known.parent === undefined && reference.parent !== undefined) known.parent = reference.parent
}

function firstSightings(sightings: Sighting[]): Map<string, Sighting> {
  const first = new Map<string, Sighting>()
  for (const sighting of sightings) {
    const known = first.get(sighting.id)
    // A page shown as the block child_page tells less than the page itself.
    const tellsMore = known?.kind === 'block' && sighting.kind !== 'block'
    if (known === undefined || tellsMore) first.set(sighting.id, asItWas(sighting))
  }
  return first
}

/** An object as it was before the request that showed it moved it to the trash, out of it, or changed its schema. */
function asItWas(sighting: Sighting): Sighting {
  const { method, path, body } = sighting.interaction
  if (!path.includes(sighting.id) && !path.includes(sighting.id.replaceAll('-', ''))) return sighting
  if (method === 'PATCH' && sighting.kind === 'data_source')
    return { ...sighting, wire: earlierSchema(sighting.wire, body) }
  const wish = isObject(body) ? (body['in_trash'] ?? body['archived']) : undefined
  const wasInTrash = method === 'DELETE' ? false : typeof wish === 'boolean' ? !wish : undefined
  if (wasInTrash === undefined) return sighting
  return { ...sighting, wire: { ...sighting.wire, in_trash: wasInTrash } }
}

/** A data source with the names that a change took from its properties, and the properties that it removed. */
function earlierSchema(wire: JsonObject, body: unknown): JsonObject {
  const changes = isObject(body) && isObject(body['properties']) ? body['properties'] : {}
  const after = isObject(wire['properties']) ? wire['properties'] : {}
  const before = { ...after }
  for (const [key, change] of Object.entries(changes)) {
    const name = isObject(change) ? change['name'] : undefined
    const renamed = typeof name === 'string' ? after[name] : undefined
    const isKnown =
      key in after || Object.values(after).some((property) => isObject(property) && property['id'] === key)
    if (isKnown) continue
    if (isObject(renamed) && typeof name === 'string') {
      delete before[name]
      before[key] = { ...renamed, name: key }
    }
    if (change === null) before[key] = { id: key, name: key, description: null, type: 'rich_text', rich_text: {} }
  }
  return { ...wire, properties: before }
}

/** Pages of which only single properties are shown, put together from these. */
function pagesOfProperties(interactions: Interaction[]): Sighting[] {
  const pages = new Map<string, Sighting>()
  for (const interaction of interactions) {
    const { path, answer } = interaction
    const [, , , page, , property] = path.split('/')
    const id = parseId(page)
    if (!/\/properties\/[^/]+$/.test(path) || id === null || answer === null || !succeeded(interaction)) continue
    const parent = { type: 'data_source_id', data_source_id: derivedId('replay', 'source', id) }
    const known = pages.get(id) ?? {
      kind: 'page',
      id,
      interaction,
      wire: { object: 'page', id, parent, properties: {} },
    }
    pages.set(id, known)
    const properties = isObject(known.wire['properties']) ? known.wire['properties'] : {}
    for (const member of ['created_by', 'last_edited_by'])
      if (isObject(answer[member])) known.wire[member] = answer[member]
    known.wire['properties'] = { ...properties, [property ?? '']: propertyOfItems(property ?? '', answer) }
  }
  return [...pages.values()]
}

function propertyOfItems(id: string, answer: JsonObject): JsonObject {
  const item = isObject(answer['property_item']) ? answer['property_item'] : answer
  const type = stringOf(item['type'])
  const values = objectsOf(answer['results']).map((result) => result[stringOf(result['type'])])
  const rollup = isObject(item['rollup']) ? item['rollup'] : null
  if (answer['object'] !== 'list') return { id, type, [type]: answer[type] }
  if (rollup === null) return { id, type, [type]: values }
  return { id, type, rollup: 'array' in rollup ? { ...rollup, array: objectsOf(answer['results']) } : rollup }
}

/** The last sighting of the same kind before this session, or else the first after it. */
function fromArchive(archive: Archive, reference: Reference, interactions: Interaction[]): Sighting | undefined {
  const own = new Set(interactions)
  const others = (archive.get(reference.id) ?? []).filter(
    ({ kind, interaction }) => kind === reference.kind && !own.has(interaction),
  )
  const start = interactions[0]?.line ?? 0
  const nearest = others.findLast(({ interaction }) => interaction.line < start) ?? others[0]
  return nearest === undefined ? undefined : asItWas(nearest)
}
