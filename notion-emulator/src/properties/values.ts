import type { Call } from '../core/call.ts'
import { storedDate } from '../core/dates.ts'
import { invalid } from '../core/failure.ts'
import { parseId } from '../core/ids.ts'
import { objectsOf, stringOf, stringsOf } from '../core/json.ts'
import { findPage } from '../core/lookup.ts'
import { storedRichText } from '../core/rich-text.ts'
import { storedFile, fileName } from '../blocks/request.ts'
import type { DataSourceNode, JsonObject, PageNode, PropertySchema, StoredValues } from '../state/model.ts'
import {
  anything,
  array,
  boolean,
  isObject,
  literal,
  nullable,
  number,
  object,
  optional,
  record,
  string,
  uuid,
  variants,
  type Check,
} from '../validation/check.ts'
import {
  MAX_ARRAY_LENGTH,
  MAX_URL_LENGTH,
  date,
  fileMembers,
  optionColor,
  place,
  richText,
} from '../validation/rich-text.ts'
import { addOption, findOption } from './options.ts'
import { findProperty } from './present-schema.ts'

/** Longest e-mail address or phone number, in characters. */
const MAX_CONTACT_LENGTH = 200
const MAX_OPTION_NAME_LENGTH = 100

const option: Check = object({
  id: optional(string()),
  name: optional(string(MAX_OPTION_NAME_LENGTH)),
  color: optional(optionColor),
})

const VALUE_CHECKS: Record<string, Check> = {
  title: richText,
  rich_text: richText,
  number: nullable(number),
  url: nullable(string(MAX_URL_LENGTH)),
  select: nullable(option),
  multi_select: array(option, MAX_ARRAY_LENGTH),
  people: array(object({ id: uuid }), MAX_ARRAY_LENGTH),
  email: nullable(string(MAX_CONTACT_LENGTH)),
  phone_number: nullable(string(MAX_CONTACT_LENGTH)),
  date: nullable(date),
  checkbox: boolean,
  relation: array(object({ id: uuid }), MAX_ARRAY_LENGTH),
  files: array(variants(fileMembers, { name: optional(string()) }), MAX_ARRAY_LENGTH),
  status: nullable(option),
  place: nullable(place),
  verification: object({ state: literal('verified', 'unverified'), date: optional(nullable(date)) }),
}

/** Types that are computed; writing to them is refused after the shape of the body was accepted. */
const READ_ONLY_TYPES = [
  'formula',
  'rollup',
  'created_time',
  'created_by',
  'last_edited_time',
  'last_edited_by',
  'unique_id',
  'button',
  'location',
  'last_visited_time',
]

const typedValue: Check = variants({
  ...VALUE_CHECKS,
  ...Object.fromEntries(READ_ONLY_TYPES.map((type) => [type, anything] satisfies [string, Check])),
})

/** `properties` of page bodies. A bare list stands for a title or text, as the real API still accepts it. */
export const propertyValues: Check = record((value, path) =>
  Array.isArray(value) ? richText(value, path) : typedValue(value, path),
)

/** A change of values that was checked and can be committed. */
export interface ValueChange {
  values: StoredValues
  /** Options to create before the values are kept. */
  commit: () => void
}

/**
 * Turns validated property values into stored values, or refuses.
 * @param source the data source whose row is written, or null for a page that has only a title
 */
export function readValues(call: Call, source: DataSourceNode | null, properties: JsonObject): ValueChange {
  const values: StoredValues = {}
  const commits: (() => void)[] = []
  for (const [key, given] of Object.entries(properties)) {
    const property = source === null ? titleOnly(key) : findProperty(source, key)
    if (property === null) throw invalid(`${key} is not a property that exists.`)
    const value = valueFor(property, key, given)
    const scope = `${source?.id ?? ''}/${property.id}`
    values[property.id] = storeValue(call, { property, scope, commits }, value)
  }
  return { values, commit: () => commits.forEach((commit) => commit()) }
}

const TITLE: PropertySchema = { id: 'title', name: 'title', description: null, type: 'title', config: {} }

function titleOnly(key: string): PropertySchema | null {
  return key === 'title' ? TITLE : null
}

function valueFor(property: PropertySchema, key: string, given: unknown): unknown {
  if (READ_ONLY_TYPES.includes(property.type)) {
    throw invalid(`Cannot update ${property.type} properties: ${key} is computed and read-only.`)
  }
  const value = isObject(given) ? given[property.type] : given
  const fits = Array.isArray(given) ? ['title', 'rich_text'].includes(property.type) : value !== undefined
  if (!fits) throw invalid(`${key} is expected to be ${property.type}.`)
  return value
}

interface Target {
  property: PropertySchema
  /** Names the property across data sources, for the ids of new options. */
  scope: string
  commits: (() => void)[]
}

type Writer = (call: Call, target: Target, value: unknown) => unknown

const WRITERS: Record<string, Writer> = {
  title: (_call, _target, value) => storedRichText(value),
  rich_text: (_call, _target, value) => storedRichText(value),
  select: (_call, target, value) => selectValue(target, value),
  multi_select: (_call, target, value) => [...new Set(objectsOf(value).map((entry) => selectValue(target, entry)))],
  status: (_call, target, value) => statusValue(target, value),
  people: (_call, _target, value) => idsOf(value),
  relation: (call, target, value) => relationValue(call, target, value),
  files: (_call, _target, value) => objectsOf(value).map(fileValue),
  date: (_call, _target, value) => storedDate(value),
  place: (_call, _target, value) => placeValue(value),
  verification: (call, _target, value) => verificationValue(call, value),
}

function storeValue(call: Call, target: Target, value: unknown): unknown {
  const writer = WRITERS[target.property.type]
  return writer === undefined ? value : writer(call, target, value)
}

function idsOf(value: unknown): string[] {
  return [...new Set(objectsOf(value).flatMap((entry) => parseId(entry['id']) ?? []))]
}

function selectValue(target: Target, value: unknown): string | null {
  if (!isObject(value)) return null
  const known = findOption(target.property, value)
  if (known !== null) return String(known['id'])
  const name = value['name']
  if (typeof name !== 'string' || name === '') {
    throw invalid(`Select option "${stringOf(value['id'])}" does not exist.`)
  }
  if (name.includes(',')) throw invalid(`Invalid select option, commas not allowed: ${name}`)
  const color = typeof value['color'] === 'string' ? { color: value['color'] } : {}
  const { property, scope, commits } = target
  const draft = { name, ...color }
  // The option is made at once, so that two values of one request share it; an id depends on the name alone.
  const made = addOption({ ...property }, scope, draft)
  commits.push(() => {
    if (findOption(property, { name }) === null) addOption(property, scope, draft)
  })
  return String(made['id'])
}

function statusValue(target: Target, value: unknown): string | null {
  if (!isObject(value)) return defaultStatus(target.property)
  const known = findOption(target.property, value)
  if (known === null) {
    const wanted = stringOf(value['name'], stringOf(value['id']))
    throw invalid(`Invalid status option. Status option "${wanted}" does not exist`)
  }
  return String(known['id'])
}

/** The first option of the first group: what a new row has, and what clearing falls back to. */
function defaultStatus(property: PropertySchema): string | null {
  const groups = objectsOf(property.config['groups'])
  const ids = groups.flatMap((group) => (Array.isArray(group['option_ids']) ? group['option_ids'] : []))
  return typeof ids[0] === 'string' ? ids[0] : null
}

function relationValue(call: Call, target: Target, value: unknown): string[] {
  const ids = idsOf(value)
  for (const id of ids) {
    const { parent } = findPage(call, id)
    if (parent.type !== 'data_source' || parent.id !== target.property.config['data_source_id']) {
      throw invalid(`Page with ID ${id} is not in the data source that property "${target.property.name}" relates to.`)
    }
  }
  return ids
}

function fileValue(value: JsonObject): JsonObject {
  const name = typeof value['name'] === 'string' ? value['name'] : fileName(value)
  return { name, ...storedFile(value) }
}

/** Who verified a page is whoever said so. */
function verificationValue(call: Call, value: unknown): JsonObject | null {
  if (!isObject(value) || value['state'] !== 'verified') return null
  return { verified_by: call.install.botId, date: storedDate(value['date']) }
}

function placeValue(value: unknown): JsonObject | null {
  if (!isObject(value)) return null
  const { lat, lon } = value
  return {
    lat,
    lon,
    name: value['name'] ?? null,
    address: value['address'] ?? null,
    aws_place_id: value['aws_place_id'] ?? null,
    google_place_id: value['google_place_id'] ?? null,
  }
}

/** Values that a new page starts with where the request gave none. */
export function startingValues(source: DataSourceNode | null): StoredValues {
  const statuses = (source?.properties ?? []).filter((property) => property.type === 'status')
  return Object.fromEntries(statuses.map((property) => [property.id, defaultStatus(property)]))
}

/** Keeps the other side of two-way relations in step after the values of a page changed. */
export function syncRelations(call: Pick<Call, 'state'>, page: PageNode, before: StoredValues): void {
  const source = page.parent.type === 'data_source' ? call.state.nodes.get(page.parent.id) : undefined
  if (source?.kind !== 'data_source') return
  for (const property of source.properties) {
    const syncedId = property.config['synced_property_id']
    if (property.type !== 'relation' || typeof syncedId !== 'string') continue
    const old = stringsOf(before[property.id])
    const current = stringsOf(page.values[property.id])
    for (const id of old)
      if (!current.includes(id))
        changeBackReference(call, id, syncedId, (ids) => ids.filter((entry) => entry !== page.id))
    for (const id of current) if (!old.includes(id)) changeBackReference(call, id, syncedId, (ids) => [...ids, page.id])
  }
}

function changeBackReference(
  call: Pick<Call, 'state'>,
  pageId: string,
  propertyId: string,
  change: (ids: string[]) => string[],
): void {
  const page = call.state.nodes.get(pageId)
  if (page?.kind === 'page') page.values[propertyId] = [...new Set(change(stringsOf(page.values[propertyId])))]
}
