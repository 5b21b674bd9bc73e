import { objectsOf, stringOf } from '../core/json.ts'
import type { JsonObject } from '../state/model.ts'
import { isObject } from '../validation/check.ts'
import { succeeded, type Interaction } from './recording.ts'

/** Kinds of objects that answers show whole. */
export type Kind = 'page' | 'block' | 'database' | 'data_source' | 'comment' | 'user'

/** An object as an answer showed it. */
export interface Sighting {
  kind: Kind
  id: string
  wire: JsonObject
  interaction: Interaction
}

const KINDS: readonly string[] = ['page', 'block', 'database', 'data_source', 'comment', 'user']
/** `{object, id}` names an object and tells nothing about it. */
const MEMBERS_OF_REFERENCE = 2

/** Every object that successful answers show whole, in order. */
export function sightingsOf(interactions: Interaction[]): Sighting[] {
  return interactions.flatMap((interaction) => {
    if (!succeeded(interaction)) return []
    return [...wholeObjects(interaction.answer)].map((wire) => ({
      kind: wire['object'] as Kind,
      id: stringOf(wire['id']),
      wire,
      interaction,
    }))
  })
}

function* wholeObjects(value: unknown): Generator<JsonObject> {
  if (Array.isArray(value)) for (const entry of value) yield* wholeObjects(entry)
  if (!isObject(value)) return
  const isWhole = KINDS.includes(stringOf(value['object'])) && typeof value['id'] === 'string'
  const members = Object.keys(value).filter((name) => name !== 'request_id')
  if (isWhole && members.length > MEMBERS_OF_REFERENCE) yield value
  for (const entry of Object.values(value)) yield* wholeObjects(entry)
}

/** Id and kind of what an object hangs from, or null at the top of a workspace. */
export function parentOfWire(wire: JsonObject): { kind: Kind; id: string } | null {
  const parent = isObject(wire['parent']) ? wire['parent'] : {}
  for (const kind of ['page', 'block', 'data_source', 'database'] as const) {
    const id = parent[`${kind}_id`]
    if (typeof id === 'string') return { kind, id }
  }
  return null
}

/** Ids of what a session made, as its recording calls them; everything else was there before. */
export function createdIds(interactions: Interaction[], sightings: Sighting[]): Set<string> {
  const created = new Set(interactions.filter(succeeded).flatMap(idsMadeBy))
  // What hangs below a new object is as new, however deep, unless it was shown before or is shown by being moved there.
  const firsts = [...new Map(sightings.toReversed().map((sighting) => [sighting.id, sighting])).values()]
  for (let before = -1; before !== created.size;) {
    before = created.size
    for (const { wire, id, interaction } of firsts) {
      const parent = parentOfWire(wire)
      if (parent !== null && created.has(parent.id) && !wasMoved(interaction)) created.add(id)
    }
  }
  return created
}

function wasMoved({ method, path, body }: Interaction): boolean {
  return path.endsWith('/move') || (method === 'PATCH' && isObject(body) && body['parent'] !== undefined)
}

const CREATIONS = ['/v1/pages', '/v1/databases', '/v1/data_sources', '/v1/comments']

/** Ids of the objects that one request made. */
export function idsMadeBy({ method, path, body, answer }: Interaction): string[] {
  if (answer === null) return []
  if (method === 'POST' && CREATIONS.includes(path)) {
    const sources = objectsOf(answer['data_sources']).map((source) => stringOf(source['id']))
    return [stringOf(answer['id']), ...sources]
  }
  if (method !== 'PATCH' || !path.endsWith('/children')) return []
  // The answer goes on with the siblings that follow.
  const sent = isObject(body) ? objectsOf(body['children']).length : 0
  return objectsOf(answer['results'])
    .slice(0, sent)
    .map((block) => stringOf(block['id']))
}
