import { isObject } from '../validation/check.ts'
import { instantOf } from './dates.ts'
import { refuse, type Refused } from './message.ts'
import {
  asArray,
  asObject,
  findProperty,
  numberOf,
  optionOf,
  payload,
  startOf,
  textOf,
  type PropertyReference,
  type Row,
  type Schema,
} from './values.ts'

/** Sorts that can be used with Array.prototype.sort, which keeps the order of equal rows. */
export interface CompiledSorts {
  ok: true
  compare(a: Row, b: Row): number
}

/** A value to sort by; undefined is an empty property, which comes last in both directions. */
type SortKey = string | number | undefined

interface Criterion {
  keyOf: (row: Row) => SortKey
  /** 1 ascending, -1 descending. */
  sign: number
}

/** Longest array that a request may carry. */
const SORT_LIMIT = 100
// Recorded: "Article 4" comes before "Article 10", so numbers inside texts count as numbers.
const COLLATOR = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
const TIMESTAMPS = ['created_time', 'last_edited_time'] as const

/** Compiles the `sorts` of a data source query; undefined and null leave every order as it is. */
export function compileSorts(sorts: unknown, schema: Schema): CompiledSorts | Refused {
  if (sorts === undefined || sorts === null) return { ok: true, compare: () => 0 }
  if (!Array.isArray(sorts)) return refuse({ path: 'body.sorts', expectation: 'an array', value: sorts })
  if (sorts.length > SORT_LIMIT) {
    return refuse({ path: 'body.sorts.length', expectation: `≤ \`${SORT_LIMIT}\``, value: sorts.length })
  }
  const criteria: Criterion[] = []
  for (const [index, sort] of sorts.entries()) {
    const criterion = compileSort(sort, `body.sorts[${index}]`, schema)
    if ('ok' in criterion) return criterion
    criteria.push(criterion)
  }
  return { ok: true, compare: (a, b) => firstDifference(criteria, a, b) }
}

function firstDifference(criteria: Criterion[], a: Row, b: Row): number {
  for (const { keyOf, sign } of criteria) {
    const difference = compareKeys(keyOf(a), keyOf(b), sign)
    if (difference !== 0) return difference
  }
  return 0
}

function compareKeys(a: SortKey, b: SortKey, sign: number): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  if (typeof a === 'number' && typeof b === 'number') return sign * Math.sign(a - b)
  return sign * COLLATOR.compare(String(a), String(b))
}

function compileSort(sort: unknown, path: string, schema: Schema): Criterion | Refused {
  if (!isObject(sort)) return refuse({ path, expectation: 'an object', value: sort })
  const { direction, property, timestamp } = sort
  if (direction !== 'ascending' && direction !== 'descending') {
    return refuse({ path: `${path}.direction`, expectation: '`"ascending"` or `"descending"`', value: direction })
  }
  const sign = direction === 'ascending' ? 1 : -1
  if (timestamp !== undefined) return compileTimestamp(timestamp, sign, path)
  if (typeof property !== 'string') {
    return refuse(
      ...['property', 'timestamp'].map((key) => ({ path: `${path}.${key}`, expectation: 'defined', value: sort[key] })),
    )
  }
  const found = findProperty(schema, property)
  if (!found) return { ok: false, message: `Could not find sort property with name or id: ${property}` }
  const keyOfValue = keyReader(found)
  return { sign, keyOf: (row) => keyOfValue(payload(row.properties[found.name])) }
}

function compileTimestamp(timestamp: unknown, sign: number, path: string): Criterion | Refused {
  const name = TIMESTAMPS.find((known) => known === timestamp)
  if (name) return { sign, keyOf: (row) => timeKey(row[name]) }
  const expectation = TIMESTAMPS.map((known) => `\`"${known}"\``).join(' or ')
  return refuse({ path: `${path}.timestamp`, expectation, value: timestamp })
}

type KeyReader = (value: unknown) => SortKey

const textKey: KeyReader = (value) => textOf(value) || undefined
const timeKey: KeyReader = (value) => instantOf(startOf(value) ?? '')
const nameKey: KeyReader = (value) => textKey(asObject(asArray(value)[0] ?? value)['name'])

const KEY_READERS = new Map<string, KeyReader>([
  ['title', textKey],
  ['rich_text', textKey],
  ['url', textKey],
  ['email', textKey],
  ['phone_number', textKey],
  ['number', numberOf],
  ['unique_id', numberOf],
  ['checkbox', Number],
  ['date', timeKey],
  ['created_time', timeKey],
  ['last_edited_time', timeKey],
  ['people', nameKey],
  ['created_by', nameKey],
  ['last_edited_by', nameKey],
  ['files', nameKey],
  ['verification', (value) => textKey(asObject(value)['state'])],
  ['formula', resultKey],
  ['rollup', resultKey],
])

function keyReader({ type, configuration }: PropertyReference): KeyReader {
  if (type === 'select' || type === 'status' || type === 'multi_select') return optionReader(configuration)
  return KEY_READERS.get(type) ?? (() => undefined)
}

/** Options sort by their place in the schema; an option that the schema does not know comes after those it knows. */
function optionReader(configuration: Record<string, unknown>): KeyReader {
  const order = new Map(asArray(configuration['options']).map((option, index) => [optionOf(option), index]))
  return (value) => {
    const name = optionOf(asArray(value)[0] ?? value)
    return name === undefined ? undefined : (order.get(name) ?? order.size)
  }
}

/** The result of a formula or a rollup: `{type, <type>: value}`; an array sorts by its first item. */
function resultKey(value: unknown): SortKey {
  const { type } = asObject(value)
  const result = payload(value)
  if (type === 'array') {
    const first = asArray(result)[0]
    return KEY_READERS.get(String(asObject(first)['type']))?.(payload(first))
  }
  if (type === 'boolean') return Number(result)
  if (type === 'date') return timeKey(result)
  return type === 'number' ? numberOf(result) : textKey(result)
}
