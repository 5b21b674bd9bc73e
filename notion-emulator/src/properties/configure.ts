import type { Call } from '../core/call.ts'
import { invalid } from '../core/failure.ts'
import { parseId } from '../core/ids.ts'
import { objectsOf, stringOf } from '../core/json.ts'
import { findDataSource, requireWritable } from '../core/lookup.ts'
import { plainText } from '../core/rich-text.ts'
import type { DataSourceNode, JsonObject, PropertySchema } from '../state/model.ts'
import {
  anything,
  array,
  isObject,
  literal,
  nullable,
  object,
  optional,
  string,
  uuid,
  variants,
  type Check,
} from '../validation/check.ts'
import { MAX_ARRAY_LENGTH, optionColor } from '../validation/rich-text.ts'
import { storedExpression } from './formula.ts'
import { findOption, makeOptions, makeStatus, newPropertyId, optionDrafts, type OptionDraft } from './options.ts'
import { findProperty } from './present-schema.ts'
import { ROLLUP_FUNCTIONS } from './rollup.ts'

const MAX_NAME_LENGTH = 100

const optionList: Check = object({
  options: optional(
    array(
      object({
        name: optional(string(MAX_NAME_LENGTH)),
        id: optional(string()),
        color: optional(optionColor),
        description: optional(nullable(string())),
      }),
      MAX_ARRAY_LENGTH,
    ),
  ),
})

const relation: Check = object({
  data_source_id: optional(uuid),
  database_id: optional(uuid),
  single_property: optional(object({})),
  dual_property: optional(object({ synced_property_name: optional(string()), synced_property_id: optional(string()) })),
})

const rollup: Check = object({
  function: literal(...ROLLUP_FUNCTIONS),
  relation_property_name: optional(string()),
  relation_property_id: optional(string()),
  rollup_property_name: optional(string()),
  rollup_property_id: optional(string()),
})

/** Types whose configuration is an empty object. */
const PLAIN_TYPES = [
  'title',
  'rich_text',
  'url',
  'people',
  'files',
  'email',
  'phone_number',
  'date',
  'checkbox',
  'created_by',
  'created_time',
  'last_edited_by',
  'last_edited_time',
  'button',
  'verification',
  'place',
  'location',
  'last_visited_time',
]

const CONFIG_CHECKS: Record<string, Check> = {
  number: object({ format: optional(string()) }),
  formula: object({ expression: optional(string()) }),
  select: optionList,
  multi_select: optionList,
  status: optionList,
  relation,
  rollup,
  unique_id: object({ prefix: optional(nullable(string())) }),
  ...Object.fromEntries(PLAIN_TYPES.map((type) => [type, object({})] satisfies [string, Check])),
}

const COMMON: Record<string, Check> = {
  name: optional(string(MAX_NAME_LENGTH)),
  description: optional(nullable(string())),
  id: anything,
}

/** The configuration of one new property. */
export const propertyConfig: Check = variants(CONFIG_CHECKS, COMMON)

/** The change of one property: null removes it, a name alone renames it. */
export const propertyConfigChange: Check = (value, path) => {
  if (value === null) return null
  const hasConfig = isObject(value) && Object.keys(CONFIG_CHECKS).some((type) => value[type] !== undefined)
  return hasConfig ? propertyConfig(value, path) : object(COMMON)(value, path)
}

/** Which type a validated configuration gives, or null for a bare rename. */
export function configType(config: JsonObject): string | null {
  return Object.keys(CONFIG_CHECKS).find((type) => config[type] !== undefined) ?? null
}

/** A schema under change: properties of one source, and what shall be done to other sources afterwards. */
export interface SchemaDraft {
  call: Call
  source: DataSourceNode
  properties: PropertySchema[]
  commits: (() => void)[]
}

/** The configuration to keep for a property, made from a validated request. */
export function makeConfig(draft: SchemaDraft, property: PropertySchema, request: JsonObject): JsonObject {
  const given = isObject(request[property.type]) ? request[property.type] : {}
  const config = given as JsonObject
  const scope = `${draft.source.id}/${property.id}`
  switch (property.type) {
    case 'number':
      return { format: stringOf(config['format'], 'number') }
    case 'formula':
      return { expression: storedExpression(stringOf(config['expression']), ownSource(draft)) }
    case 'unique_id':
      return { prefix: config['prefix'] === undefined ? (property.config['prefix'] ?? null) : config['prefix'] }
    case 'select':
    case 'multi_select':
      return { options: makeOptions(scope, completed(property, optionDrafts(config['options'])).map(colored)) }
    case 'status':
      return statusConfig(property, scope, optionDrafts(config['options']))
    case 'relation':
      return relationConfig(draft, property, config)
    case 'rollup':
      return rollupConfig(draft, config)
    default:
      return {}
  }
}

/** An option that a request names without a color has none. */
function colored(draft: OptionDraft): OptionDraft {
  return { color: 'default', ...draft }
}

/** Options that exist already keep their id, color and description unless the request says otherwise. */
function completed(property: PropertySchema, drafts: OptionDraft[]): OptionDraft[] {
  return drafts.map((draft) => {
    const known = findOption(property, draft.id === undefined ? { name: draft.name } : { id: draft.id })
    if (known === null) return draft
    return {
      id: stringOf(known['id']),
      name: draft.name === '' ? stringOf(known['name']) : draft.name,
      color: draft.color ?? stringOf(known['color']),
      description: draft.description ?? (typeof known['description'] === 'string' ? known['description'] : null),
    }
  })
}

function statusConfig(property: PropertySchema, scope: string, drafts: OptionDraft[]): JsonObject {
  const groups = objectsOf(property.config['groups'])
  const membership = groups.map((group) =>
    objectsOf(property.config['options'])
      .filter((option) => Array.isArray(group['option_ids']) && group['option_ids'].includes(option['id']))
      .map((option) => stringOf(option['name'])),
  )
  const kept = drafts.length === 0 ? optionDrafts(property.config['options']) : drafts
  return makeStatus(scope, completed(property, kept), membership)
}

function relationConfig(draft: SchemaDraft, property: PropertySchema, config: JsonObject): JsonObject {
  const { call, source } = draft
  const id = parseId(config['data_source_id'] ?? config['database_id'])
  if (id === null) throw invalid(`body failed validation: ${property.name} relation should have a data_source_id.`)
  const target = id === source.id ? source : findDataSource(call, id)
  if (!isObject(config['dual_property'])) return { data_source_id: id }
  if (target.id !== source.id) requireWritable(call, target)
  const fallback = `Related to ${plainText(source.title)} (${property.name})`
  const name = stringOf(config['dual_property']['synced_property_name'], fallback)
  const synced =
    (property.config['data_source_id'] === id && stringOf(property.config['synced_property_id'])) ||
    newPropertyId(target, `${name}/${property.id}`)
  draft.commits.push(() => addSynced(target, { id: synced, name }, { sourceId: source.id, propertyId: property.id }))
  return { data_source_id: id, synced_property_id: synced }
}

/** Adds the other side of a two-way relation, unless it is there. */
function addSynced(
  target: DataSourceNode,
  synced: { id: string; name: string },
  back: { sourceId: string; propertyId: string },
): void {
  if (target.properties.some((entry) => entry.id === synced.id)) return
  const config = { data_source_id: back.sourceId, synced_property_id: back.propertyId }
  target.properties.push({ ...synced, description: null, type: 'relation', config })
}

/** The source with its properties as they will be. */
function ownSource(draft: SchemaDraft): DataSourceNode {
  return { ...draft.source, properties: draft.properties }
}

function rollupConfig(draft: SchemaDraft, config: JsonObject): JsonObject {
  const own = ownSource(draft)
  const relationKey = stringOf(config['relation_property_name'], stringOf(config['relation_property_id']))
  const relationProperty = findProperty(own, relationKey)
  if (relationProperty?.type !== 'relation')
    throw invalid(`Could not find relation property with name or id: ${relationKey}`)
  const targetId = stringOf(relationProperty.config['data_source_id'])
  const target = targetId === own.id ? own : findDataSource(draft.call, targetId)
  const rolledKey = stringOf(config['rollup_property_name'], stringOf(config['rollup_property_id']))
  const rolled = findProperty(target, rolledKey)
  if (rolled === null) throw invalid(`Could not find rollup property with name or id: ${rolledKey}`)
  return { relation_property_id: relationProperty.id, rollup_property_id: rolled.id, function: config['function'] }
}
