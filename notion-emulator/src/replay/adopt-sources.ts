import { objectsOf, stringOf } from '../core/json.ts'
import { plainRichText } from '../core/rich-text.ts'
import type { JsonObject, Node, ParentReference } from '../state/model.ts'
import { newBlock, newDatabase, newDataSource, newPage, referenceTo, type Origin } from '../state/tree.ts'
import { isObject } from '../validation/check.ts'
import { blockCalled, objectOrNull, reference, settle } from './adopt-parts.ts'
import { schemaOf } from './adopt-values.ts'
import { agreedSchema, assumedBlock, assumedSchema } from './assume.ts'
import type { Presumption } from './presume.ts'
import type { Reference } from './references.ts'
import { parentOfWire, sightingsOf } from './sightings.ts'

/** A database as answered, with its data sources by name. */
export function adoptDatabase(origin: Origin, hiddenRoot: Node, wire: JsonObject): void {
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

/** A data source as answered, in its database. */
export function adoptSource(origin: Origin, hiddenRoot: Node, wire: JsonObject): void {
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
  source.properties = Object.entries(schema).flatMap(([name, value]) =>
    isObject(value) ? [schemaOf(name, value)] : [],
  )
  settle(source, wire)
  if (source.publicSite !== undefined) home.publicSite ??= source.publicSite
}

/** Databases that are only named, as far as the data sources tell that the session shows in them. */
export function dressNamed(origin: Origin, hiddenRoot: Node, { interactions, named }: Presumption): void {
  for (const { kind, wire } of sightingsOf(interactions)) {
    const parent = kind === 'data_source' ? parentOfWire(wire) : null
    const database = origin.state.nodes.get(parent?.id ?? '')
    if (database !== undefined && named.some(({ id }) => id === database.id)) dressUnshown(database, wire, hiddenRoot)
  }
}

/** A database that nothing shows, as far as its data source tells. */
function dressUnshown(database: Node, source: JsonObject, hiddenRoot: Node): void {
  if (database.kind !== 'database') return
  database.isInline = source['is_inline'] === true
  database.title = objectsOf(source['title'])
  database.description = objectsOf(source['description'])
  database.parent = reference(hiddenRoot, { parent: source['database_parent'] })
}

/** What is named and never shown is there all the same, and no search finds it. */
export function adoptNamed(
  origin: Origin,
  hiddenRoot: Node,
  { kind, id, parent }: Reference,
  presumption: Presumption,
): void {
  const { nodes } = origin.state
  if (nodes.has(id)) return
  const hidden: ParentReference = { type: 'block', id: hiddenRoot.id }
  const holder = parent === undefined ? undefined : nodes.get(parent.id)
  const below = holder === undefined ? hidden : referenceTo(holder)
  switch (kind) {
    case 'page':
      newPage(origin, below, id).searchableFrom = Infinity
      return
    case 'database':
      newDatabase(origin, below, id)
      return
    case 'block':
      blockCalled(origin, id, newBlock(origin, below, ...assumedBlock(id, presumption)))
      holder?.children.push(id)
      return
    case 'data_source': {
      const database = holder?.kind === 'database' ? holder : newDatabase(origin, hidden, parent?.id)
      newDataSource(origin, database, id).searchableFrom = Infinity
      return
    }
    default:
  }
}

/** Schemas that no answer shows follow from rows and requests; the far ends of relations and rollups from this end. */
export function completeSources(origin: Origin, presumption: Presumption): void {
  const shown = new Set(presumption.shown.filter(({ kind }) => kind === 'data_source').map(({ id }) => id))
  const sources = [...origin.state.nodes.values()].filter((node) => node.kind === 'data_source')
  const own = new Set(presumption.interactions)
  const fromElsewhere = presumption.shown.filter(({ interaction }) => !own.has(interaction)).map(({ id }) => id)
  for (const source of sources) {
    if (!shown.has(source.id)) source.properties = assumedSchema(source, presumption)
    else if (fromElsewhere.includes(source.id)) source.properties = agreedSchema(source, presumption)
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
