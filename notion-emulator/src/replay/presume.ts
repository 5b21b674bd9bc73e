import type { JsonObject } from '../state/model.ts'
import { isObject } from '../validation/check.ts'
import { succeeded, type Interaction, type Session } from './recording.ts'
import { childOrders, referencesIn, referencesOfRequest, rowOrder, type Reference } from './references.ts'
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
  const sightings = sightingsOf(interactions)
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
    users: sightings.filter(({ kind }) => kind === 'user').map(({ wire }) => wire),
    childOrder: childOrders(interactions),
    newestFirst: rowOrder(interactions, sightings),
    interactions,
  }
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

/** An object as it was before the request that showed it moved it to the trash or out of it. */
function asItWas(sighting: Sighting): Sighting {
  const { method, path, body } = sighting.interaction
  if (!path.includes(sighting.id) && !path.includes(sighting.id.replaceAll('-', ''))) return sighting
  const wish = isObject(body) ? (body['in_trash'] ?? body['archived']) : undefined
  const wasInTrash = method === 'DELETE' ? false : typeof wish === 'boolean' ? !wish : undefined
  if (wasInTrash === undefined) return sighting
  return { ...sighting, wire: { ...sighting.wire, in_trash: wasInTrash } }
}

/** The last sighting of the same kind before this session, or else the first after it. */
function fromArchive(archive: Archive, reference: Reference, interactions: Interaction[]): Sighting | undefined {
  const own = new Set(interactions)
  const others = (archive.get(reference.id) ?? []).filter(
    ({ kind, interaction }) => kind === reference.kind && !own.has(interaction),
  )
  const start = interactions[0]?.line ?? 0
  return others.findLast(({ interaction }) => interaction.line < start) ?? others[0]
}
