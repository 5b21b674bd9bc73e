import { objectsOf, stringOf, stringsOf } from '../core/json.ts'
import type { DataSourceNode, JsonObject, PropertySchema, StoredValues } from '../state/model.ts'
import { isObject } from '../validation/check.ts'

/** Property ids are percent-encoded on the wire. */
function rawId(wireId: unknown): string {
  const text = stringOf(wireId)
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** An answered property of a schema as the emulator keeps it. */
export function schemaOf(name: string, wire: JsonObject): PropertySchema {
  const type = stringOf(wire['type'])
  const config = isObject(wire[type]) ? wire[type] : {}
  const description = typeof wire['description'] === 'string' ? wire['description'] : null
  return { id: rawId(wire['id']), name, description, type, config: configOf(type, config) }
}

function configOf(type: string, config: JsonObject): JsonObject {
  if (type === 'relation') {
    const dual = isObject(config['dual_property']) ? config['dual_property'] : null
    const synced = dual === null ? {} : { synced_property_id: rawId(dual['synced_property_id']) }
    return { data_source_id: config['data_source_id'] ?? null, ...synced }
  }
  if (type !== 'rollup') return structuredClone(config)
  return {
    relation_property_id: rawId(config['relation_property_id']),
    rollup_property_id: rawId(config['rollup_property_id']),
    function: config['function'],
  }
}

/** The schema that answered values of rows imply. What they do not show, such as the text of a formula, stays open. */
export function inferredSchema(rows: JsonObject[]): PropertySchema[] {
  const properties = new Map<string, PropertySchema>()
  for (const row of rows) {
    const values = isObject(row['properties']) ? row['properties'] : {}
    for (const [name, value] of Object.entries(values)) if (isObject(value)) infer(properties, name, value)
  }
  return [...properties.values()]
}

function infer(properties: Map<string, PropertySchema>, name: string, value: JsonObject): void {
  const type = stringOf(value['type'])
  const id = rawId(value['id'])
  const known = properties.get(id) ?? { id, name, description: null, type, config: startingConfig(type) }
  properties.set(id, known)
  const inner = value[type]
  if (type === 'unique_id' && isObject(inner)) known.config = { prefix: inner['prefix'] ?? null }
  if (!['select', 'multi_select', 'status'].includes(type)) return
  const options = objectsOf(known.config['options'])
  const shown = objectsOf(Array.isArray(inner) ? inner : [inner])
  const unknown = shown.filter((option) => !options.some((other) => other['id'] === option['id']))
  known.config = {
    ...known.config,
    options: [...options, ...unknown.map((entry) => ({ description: null, ...entry }))],
  }
}

function startingConfig(type: string): JsonObject {
  if (type === 'number') return { format: 'number' }
  if (type === 'status') return { options: [], groups: [] }
  return ['select', 'multi_select'].includes(type) ? { options: [] } : {}
}

/** Answered values of a row as the emulator keeps them. */
export function valuesOf(source: DataSourceNode | null, wire: JsonObject): StoredValues {
  const values: StoredValues = {}
  for (const [name, entry] of Object.entries(isObject(wire['properties']) ? wire['properties'] : {})) {
    if (!isObject(entry)) continue
    const type = stringOf(entry['type'])
    const id = source === null ? rawId(entry['id']) : keptId(source, name, rawId(entry['id']))
    values[id] = storedValue(type, entry[type])
  }
  return { title: [], ...values }
}

function keptId(source: DataSourceNode, name: string, id: string): string {
  const known = source.properties.find((property) => property.id === id || property.name === name)
  return known?.id ?? id
}

function storedValue(type: string, value: unknown): unknown {
  switch (type) {
    case 'select':
    case 'status':
      return isObject(value) ? value['id'] : null
    case 'multi_select':
    case 'people':
    case 'relation':
      return stringsOf(objectsOf(value).map((entry) => entry['id']))
    default:
      return structuredClone(value)
  }
}

/** The number of a row, as its unique_id shows it. */
export function rowNumberOf(wire: JsonObject): number | null {
  const values = isObject(wire['properties']) ? Object.values(wire['properties']) : []
  const unique = objectsOf(values).find((value) => value['type'] === 'unique_id')?.['unique_id']
  return isObject(unique) && typeof unique['number'] === 'number' ? unique['number'] : null
}
