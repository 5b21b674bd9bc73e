import type { PageObjectResponse } from '@notionhq/client'
import { isRecord, stringOrNull } from '#kernel/json-values.ts'
import { clip, records, wordsOf } from './json.ts'

/** A property's value as plain JSON: what a person would say it is. */
export type PlainValue = string | number | boolean | null | PlainPerson | readonly PlainValue[]

export interface PlainPerson {
  readonly id: string
  readonly name: string | null
}

/** Separates start and end of a date range, as in ISO 8601. */
export const RANGE_SEPARATOR = '/'

/** Types whose values are lists of ids or links: they fill a table without telling much, so tables leave them out. */
const LONG_TYPES: ReadonlySet<string> = new Set(['relation', 'files', 'button'])

/**
 * Every property of a page by name, in Notion's order but with the title first.
 * @param characters longest text that is kept of one property
 */
export function plainProperties(
  properties: PageObjectResponse['properties'],
  characters: number,
): Record<string, PlainValue> {
  const entries = Object.entries(properties).map(([name, property]) => {
    const value = plainValue(property)
    return [name, typeof value === 'string' ? clip(value, characters) : value] as const
  })
  const isTitle = ([name]: readonly [string, PlainValue]): boolean => properties[name]?.type === 'title'
  return Object.fromEntries([...entries.filter(isTitle), ...entries.filter((entry) => !isTitle(entry))])
}

/** Names of the properties that a table shows. */
export function tableColumns(properties: PageObjectResponse['properties']): string[] {
  return Object.keys(properties).filter((name) => !LONG_TYPES.has(properties[name]?.type ?? ''))
}

/** One property → plain JSON. What Notion adds later comes out as null rather than failing. */
export function plainValue(property: Readonly<Record<string, unknown>> | { readonly type: string }): PlainValue {
  const { type } = property
  if (typeof type !== 'string') return null
  const value = (property as Readonly<Record<string, unknown>>)[type]
  return READERS[type]?.(value) ?? null
}

/** A plain value as one short text. */
export function valueText(value: PlainValue): string {
  if (value === null) return ''
  if (isPerson(value)) return value.name ?? value.id
  return isList(value) ? value.map(valueText).join(', ') : value.toString()
}

function isPerson(value: PlainValue): value is PlainPerson {
  return isRecord(value)
}

function isList(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value)
}

type Reader = (value: unknown) => PlainValue

const scalar: Reader = (value) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null

const optionName: Reader = (value) => (isRecord(value) ? stringOrNull(value['name']) : null)

const dateRange: Reader = (value) => {
  if (!isRecord(value)) return null
  const start = stringOrNull(value['start'])
  const end = stringOrNull(value['end'])
  return end === null ? start : `${start}${RANGE_SEPARATOR}${end}`
}

const person: Reader = (value) =>
  isRecord(value) && typeof value['id'] === 'string' ? { id: value['id'], name: stringOrNull(value['name']) } : null

const fileAddress = (file: Record<string, unknown>): PlainValue => {
  const place = file[String(file['type'])]
  return (isRecord(place) ? stringOrNull(place['url']) : null) ?? stringOrNull(file['name'])
}

const rollup: Reader = (value) => {
  if (!isRecord(value)) return null
  if (value['type'] === 'array') return records(value['array']).map(plainValue)
  return value['type'] === 'date' ? dateRange(value['date']) : scalar(value[String(value['type'])])
}

const formula: Reader = (value) => {
  if (!isRecord(value)) return null
  return value['type'] === 'date' ? dateRange(value['date']) : scalar(value[String(value['type'])])
}

const uniqueId: Reader = (value) => {
  if (!isRecord(value) || typeof value['number'] !== 'number') return null
  const prefix = stringOrNull(value['prefix'])
  return prefix === null ? value['number'] : `${prefix}-${value['number']}`
}

const READERS: Readonly<Record<string, Reader>> = {
  title: wordsOf,
  rich_text: wordsOf,
  number: scalar,
  checkbox: scalar,
  url: scalar,
  email: scalar,
  phone_number: scalar,
  created_time: scalar,
  last_edited_time: scalar,
  select: optionName,
  status: optionName,
  multi_select: (value) => records(value).map(optionName),
  date: dateRange,
  people: (value) => records(value).map(person),
  created_by: person,
  last_edited_by: person,
  relation: (value) => records(value).map((target) => stringOrNull(target['id'])),
  files: (value) => records(value).map(fileAddress),
  formula,
  rollup,
  unique_id: uniqueId,
  verification: (value) => (isRecord(value) ? stringOrNull(value['state']) : null),
  place: (value) => (isRecord(value) ? (stringOrNull(value['name']) ?? stringOrNull(value['address'])) : null),
}
