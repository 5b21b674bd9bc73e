import { invalid } from '../core/failure.ts'
import type { IdGenerator } from '../core/ids.ts'
import { objectsOf } from '../core/json.ts'
import { findProperty, wireId } from '../properties/present-schema.ts'
import type { DataSourceNode, JsonObject } from '../state/model.ts'
import { isObject } from '../validation/check.ts'

/** Members of a configuration that name a property, and the member of an answer that has its name. */
const REFERENCES: Record<string, string | null> = {
  property_id: 'property_name',
  date_property_id: 'date_property_name',
  end_date_property_id: 'end_date_property_name',
  map_by: 'map_by_property_name',
  x_axis_property_id: null,
  y_axis_property_id: null,
  toggle_column_id: null,
}

/** Members whose objects name a property by id alone. */
const NAMELESS = ['cover', 'arrows_by', 'y_axis', 'value', 'subtasks']

/**
 * A validated configuration as it is kept: properties by id, lines of a chart with ids of their own, and nothing that
 * was null. Refuses unknown properties.
 */
export function storedConfiguration(source: DataSourceNode, given: JsonObject, newId: IdGenerator): JsonObject {
  return mapped(given, (name, value) => {
    if (value === null || Object.values(REFERENCES).includes(name)) return {}
    if (name === 'reference_lines') return { [name]: objectsOf(value).map((line) => ({ id: newId(), ...line })) }
    if (!(name in REFERENCES) || typeof value !== 'string') return { [name]: value }
    const property = findProperty(source, value)
    if (property === null) throw invalid(`Could not find property with name or id: ${value}`)
    return { [name]: property.id }
  })
}

/** A kept configuration as answers show it: ids as on the wire, each with the name that the property has now. */
export function presentConfiguration(source: DataSourceNode | null, kept: JsonObject): JsonObject {
  return mapped(kept, (name, value, holder) => {
    const nameMember = NAMELESS.includes(holder) && name in REFERENCES ? null : REFERENCES[name]
    if (nameMember === undefined || typeof value !== 'string') return { [name]: value }
    const known = source?.properties.find((property) => property.id === value)
    const shown = { [name]: wireId(value) }
    return nameMember === null || known === undefined ? shown : { ...shown, [nameMember]: known.name }
  })
}

/** What becomes of a member; `holder` is the member that its object is the value of. */
type Change = (name: string, value: unknown, holder: string) => JsonObject

/** The object with every member at any depth exchanged for what `change` makes of it. Configurations are shallow. */
function mapped(value: JsonObject, change: Change, holder = ''): JsonObject {
  const deeper = (entry: unknown, name: string): unknown => {
    if (Array.isArray(entry)) return entry.map((item) => deeper(item, name))
    return isObject(entry) ? mapped(entry, change, name) : entry
  }
  const members = Object.entries(value).map(([name, entry]) => change(name, deeper(entry, name), holder))
  return Object.assign({}, ...members) as JsonObject
}
