import { isObject } from '../validation/check.ts'

/**
 * Readers of response-shaped Notion values. Rows and schemas come in as plain JSON, so everything here takes `unknown`
 * and answers with a plain value; nothing throws on a shape that it does not know.
 */

/** One row of a data source, as far as a filter or a sort looks at it. */
export interface Row {
  /** Property values by name, in the shape of a page answer: `{id, type, <type>: value}`. */
  properties: Record<string, unknown>
  /** ISO time with offset. */
  created_time: string
  /** ISO time with offset. */
  last_edited_time: string
  created_by?: unknown
  last_edited_by?: unknown
}

/** Properties of a data source by name, in the shape of its answer: `{id, name, type, <type>: configuration}`. */
export type Schema = Record<string, unknown>

/** A property of the schema that a filter or a sort named. */
export interface PropertyReference {
  name: string
  type: string
  configuration: Record<string, unknown>
}

const EMPTY: Record<string, unknown> = {}

/** The value as an object, or an empty object where it is none. */
export function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : EMPTY
}

/** The value as an array, or an empty array where it is none. */
export function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** Finds a property by its name, else by its id, raw or percent-encoded as answers carry it. */
export function findProperty(schema: Schema, nameOrId: string): PropertyReference | undefined {
  if (Object.hasOwn(schema, nameOrId)) return reference(nameOrId, schema[nameOrId])
  const wanted = decodeId(nameOrId)
  for (const [name, property] of Object.entries(schema)) {
    const id = asObject(property)['id']
    if (typeof id === 'string' && (id === nameOrId || decodeId(id) === wanted)) return reference(name, property)
  }
  return undefined
}

function reference(name: string, property: unknown): PropertyReference {
  const { type } = asObject(property)
  const configuration = typeof type === 'string' ? asObject(asObject(property)[type]) : EMPTY
  return { name, type: typeof type === 'string' ? type : '', configuration }
}

function decodeId(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}

/** The inner value of `{type: T, T: value}`; undefined where the row lacks the property. */
export function payload(value: unknown): unknown {
  const { type } = asObject(value)
  return typeof type === 'string' ? asObject(value)[type] : undefined
}

/** The plain text of a text-like value: a rich text array or a string. Null and missing read as an empty text. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return asArray(value).map(itemText).join('')
}

function itemText(item: unknown): string {
  const { plain_text: plainText, text } = asObject(item)
  if (typeof plainText === 'string') return plainText
  const { content } = asObject(text)
  return typeof content === 'string' ? content : ''
}

/** The number of a number, a unique_id or anything that carries one; undefined where there is none. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  const inner = asObject(value)['number']
  return typeof inner === 'number' ? inner : undefined
}

/** The `name` of a select or status option; undefined where none is chosen. */
export function optionOf(value: unknown): string | undefined {
  const { name } = asObject(value)
  return typeof name === 'string' ? name : undefined
}

/** The ids of a list of people or relations, or of a single user. */
export function idsOf(value: unknown): string[] {
  const items = isObject(value) ? [value] : asArray(value)
  return items.map((item) => asObject(item)['id']).filter((id) => typeof id === 'string')
}

/** The ISO start of a date value, or the ISO time itself for created_time and last_edited_time. */
export function startOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  const { start } = asObject(value)
  return typeof start === 'string' ? start : undefined
}
