import type { Call } from '../core/call.ts'
import { invalid } from '../core/failure.ts'
import { stringOf } from '../core/json.ts'
import type { DataSourceNode, JsonObject, PropertySchema } from '../state/model.ts'
import type { State } from '../state/state.ts'
import { isObject } from '../validation/check.ts'
import { configType, makeConfig, type SchemaDraft } from './configure.ts'
import { newPropertyId } from './options.ts'
import { findProperty } from './present-schema.ts'

/** Name of the title property that a schema gets when the request has none. */
const DEFAULT_TITLE_NAME = 'Name'

/** A new schema that was checked and can be committed. */
export interface SchemaChange {
  commit: () => void
}

/**
 * Works out the schema that a validated request asks for, or refuses.
 * @param isNew whether the data source is being made, and so must end up with a title
 */
export function readSchema(call: Call, source: DataSourceNode, request: JsonObject, isNew: boolean): SchemaChange {
  const properties = source.properties.map((property) => ({ ...property }))
  const draft: SchemaDraft = { call, source, properties, commits: [] }
  const entries = Object.entries(request)
  // Rollups name relations, which may be new in the same request.
  const isRollup = ([, config]: [string, unknown]): boolean => isObject(config) && config['rollup'] !== undefined
  for (const [key, config] of [...entries.filter((entry) => !isRollup(entry)), ...entries.filter(isRollup)]) {
    changeProperty(draft, key, config)
  }
  requireOneTitle(draft, isNew)
  return {
    commit: () => {
      dropStaleValues(call, source, draft.properties)
      source.properties = draft.properties
      for (const commit of draft.commits) commit()
    },
  }
}

function changeProperty(draft: SchemaDraft, key: string, config: unknown): void {
  const known = findProperty({ ...draft.source, properties: draft.properties }, key)
  if (config === null) removeProperty(draft, known, key)
  else if (isObject(config) && known === null) addProperty(draft, key, config)
  else if (isObject(config) && known !== null) editProperty(draft, known, config)
}

function removeProperty(draft: SchemaDraft, property: PropertySchema | null, key: string): void {
  if (property === null) throw invalid(`Could not find property with name or id: ${key}`)
  if (property.type === 'title') throw invalid('Cannot delete the title property.')
  draft.properties = draft.properties.filter((entry) => entry !== property)
  const { state } = draft.call
  const { config } = property
  draft.commits.push(() => {
    const twin = otherSide(state, property.id, config)
    if (twin !== null) twin.source.properties = twin.source.properties.filter((entry) => entry !== twin.property)
  })
}

/** The property at the other end of a two-way relation, as long as it points back. */
function otherSide(
  state: State,
  propertyId: string,
  config: JsonObject,
): { source: DataSourceNode; property: PropertySchema } | null {
  const source = state.nodes.get(stringOf(config['data_source_id']))
  if (source?.kind !== 'data_source') return null
  const property = source.properties.find(
    (entry) => entry.id === config['synced_property_id'] && entry.config['synced_property_id'] === propertyId,
  )
  return property === undefined ? null : { source, property }
}

function addProperty(draft: SchemaDraft, name: string, config: JsonObject): void {
  const type = configType(config)
  if (type === null) throw invalid(`Could not find property with name or id: ${name}`)
  const description = typeof config['description'] === 'string' ? config['description'] : null
  const holder = { ...draft.source, properties: draft.properties }
  // A data source has one title and one verification, and their ids are their types.
  const id = ['title', 'verification'].includes(type) ? type : newPropertyId(holder, name)
  const property: PropertySchema = { id, name, description, type, config: {} }
  property.config = makeConfig(draft, property, config)
  draft.properties.push(property)
}

function editProperty(draft: SchemaDraft, property: PropertySchema, config: JsonObject): void {
  const type = configType(config) ?? property.type
  if ((type === 'title') !== (property.type === 'title')) throw invalid('Cannot change the type of the title property.')
  const name = config['name']
  if (typeof name === 'string') {
    if (draft.properties.some((entry) => entry !== property && entry.name === name)) {
      throw invalid(`Cannot create property with name ${name}: a property with this name already exists.`)
    }
    property.name = name
  }
  if (config['description'] !== undefined) property.description = config['description'] as string | null
  if (config[type] === undefined) return
  const before = property.config
  if (type !== property.type) property.config = {}
  property.type = type
  property.config = makeConfig(draft, property, config)
  if (before['synced_property_id'] !== property.config['synced_property_id']) unlink(draft, property.id, before)
}

/** A two-way relation that is made one-way leaves a one-way relation at its other end. */
function unlink(draft: SchemaDraft, propertyId: string, before: JsonObject): void {
  draft.commits.push(() => {
    const twin = otherSide(draft.call.state, propertyId, before)
    if (twin !== null) twin.property.config = { data_source_id: twin.property.config['data_source_id'] }
  })
}

function requireOneTitle(draft: SchemaDraft, isNew: boolean): void {
  const titles = draft.properties.filter((property) => property.type === 'title')
  if (titles.length > 1) throw invalid('A data source should have exactly one title property.')
  if (titles.length === 0 && isNew) {
    draft.properties.push({ id: 'title', name: DEFAULT_TITLE_NAME, description: null, type: 'title', config: {} })
  }
}

/** Values of removed properties and of properties that changed their type do not come back. */
function dropStaleValues(call: Call, source: DataSourceNode, next: PropertySchema[]): void {
  const stale = source.properties.filter((old) => next.find((property) => property.id === old.id)?.type !== old.type)
  if (stale.length === 0) return
  for (const id of source.children) {
    const row = call.state.nodes.get(id)
    if (row?.kind === 'page') row.values = withoutProperties(row.values, stale)
  }
}

function withoutProperties(values: Record<string, unknown>, stale: PropertySchema[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([id]) => !stale.some((property) => property.id === id)))
}
