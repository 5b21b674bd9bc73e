import type { Call } from '../core/call.ts'
import { findVisible } from '../state/access.ts'
import type { DataSourceNode, JsonObject, PropertySchema } from '../state/model.ts'

/** Property ids are percent-encoded on the wire. */
export function wireId(id: string): string {
  return encodeURIComponent(id)
}

/** Properties in the order of answers: by raw id. */
export function orderedProperties(source: DataSourceNode): PropertySchema[] {
  return source.properties.toSorted((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0))
}

/** The property with this name, raw id or percent-encoded id. */
export function findProperty(source: DataSourceNode, key: string): PropertySchema | null {
  return (
    source.properties.find((property) => property.name === key) ??
    source.properties.find((property) => property.id === key || wireId(property.id) === key) ??
    null
  )
}

/** The schema of a data source, by name. */
export function presentSchema(call: Call, source: DataSourceNode): JsonObject {
  return Object.fromEntries(
    orderedProperties(source).map((property) => [
      property.name,
      {
        id: wireId(property.id),
        name: property.name,
        description: property.description,
        type: property.type,
        [property.type]: presentConfig(call, source, property),
      },
    ]),
  )
}

function presentConfig(call: Call, source: DataSourceNode, property: PropertySchema): JsonObject {
  if (property.type === 'relation') return presentRelation(call, property)
  if (property.type === 'rollup') return presentRollup(call, source, property)
  return property.config
}

function sourceOf(call: Call, id: unknown): DataSourceNode | null {
  const node = call.state.nodes.get(String(id))
  return node?.kind === 'data_source' ? node : null
}

function presentRelation(call: Call, property: PropertySchema): JsonObject {
  const target = sourceOf(call, property.config['data_source_id'])
  const base = {
    database_id: target?.parent.type === 'database' ? target.parent.id : null,
    ...(call.version === '2022-06-28' ? {} : { data_source_id: property.config['data_source_id'] }),
  }
  const syncedId = property.config['synced_property_id']
  if (typeof syncedId !== 'string') return { ...base, type: 'single_property', single_property: {} }
  const synced = target?.properties.find((candidate) => candidate.id === syncedId)
  return {
    ...base,
    type: 'dual_property',
    dual_property: { synced_property_name: synced?.name ?? '', synced_property_id: wireId(syncedId) },
  }
}

function presentRollup(call: Call, source: DataSourceNode, property: PropertySchema): JsonObject {
  const relationId = String(property.config['relation_property_id'])
  const rolledId = String(property.config['rollup_property_id'])
  const relation = source.properties.find((candidate) => candidate.id === relationId)
  const target = sourceOf(call, relation?.config['data_source_id'])
  const visible = target !== null && findVisible(call.state, call.install, target.id) !== null
  const rolled = visible ? target.properties.find((candidate) => candidate.id === rolledId) : undefined
  return {
    rollup_property_name: rolled?.name ?? '',
    relation_property_name: relation?.name ?? '',
    rollup_property_id: wireId(rolledId),
    relation_property_id: wireId(relationId),
    function: property.config['function'],
  }
}
