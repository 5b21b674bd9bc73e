import { plainRichText } from '../core/rich-text.ts'
import { findOption, makeOptions, makeStatus, newPropertyId } from '../properties/options.ts'
import { startingValues } from '../properties/values.ts'
import type { DataSourceNode, JsonObject, PropertySchema, StoredValues } from '../state/model.ts'
import { isObject } from '../validation/check.ts'
import type { SeedProperty } from './format.ts'

/** The schema that a seed describes: option ids, colors and property ids are made here, always the same. */
export function seedProperties(
  source: DataSourceNode,
  properties: Record<string, SeedProperty>,
  sourceIdByKey: Map<string, string>,
): PropertySchema[] {
  const made: PropertySchema[] = []
  for (const [name, seed] of Object.entries(properties)) {
    const id = seed.type === 'title' ? 'title' : newPropertyId({ ...source, properties: made }, name)
    const config = seedConfig(`${source.id}/${id}`, seed, sourceIdByKey)
    made.push({ id, name, description: null, type: seed.type, config })
  }
  return made
}

function seedConfig(scope: string, seed: SeedProperty, sourceIdByKey: Map<string, string>): JsonObject {
  const drafts = (seed.options ?? []).map((name) => ({ name }))
  switch (seed.type) {
    case 'select':
    case 'multi_select':
      return { options: makeOptions(scope, drafts) }
    case 'status': {
      const { todo = [], in_progress: inProgress = [], complete = [] } = seed.groups ?? {}
      return makeStatus(scope, drafts, [todo, inProgress, complete])
    }
    case 'number':
      return { format: seed.format ?? 'number' }
    case 'relation':
      return { data_source_id: sourceIdByKey.get(seed.data_source ?? '') ?? null }
    default:
      return {}
  }
}

/** Flat seed values as stored values. */
export function seedValues(source: DataSourceNode, flat: Record<string, unknown>): StoredValues {
  const values = startingValues(source)
  for (const property of source.properties) {
    const value = flat[property.name]
    if (value !== undefined) values[property.id] = seedValue(property, value)
  }
  return values
}

function seedValue(property: PropertySchema, value: unknown): unknown {
  const optionId = (name: unknown): unknown => findOption(property, { name })?.['id'] ?? null
  switch (property.type) {
    case 'title':
    case 'rich_text':
      return plainRichText(typeof value === 'string' ? value : '')
    case 'select':
    case 'status':
      return optionId(value)
    case 'multi_select':
      return Array.isArray(value) ? value.map(optionId) : []
    case 'date':
      return isObject(value) ? { start: value['start'], end: value['end'] ?? null, time_zone: null } : null
    default:
      return value
  }
}
