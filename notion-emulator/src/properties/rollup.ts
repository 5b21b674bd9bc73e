import type { JsonObject } from '../state/model.ts'
import { isObject } from '../validation/check.ts'

/** Every function that a rollup may name. */
export const ROLLUP_FUNCTIONS = [
  'count',
  'count_values',
  'empty',
  'not_empty',
  'unique',
  'show_unique',
  'percent_empty',
  'percent_not_empty',
  'sum',
  'average',
  'median',
  'min',
  'max',
  'range',
  'earliest_date',
  'latest_date',
  'date_range',
  'checked',
  'unchecked',
  'percent_checked',
  'percent_unchecked',
  'count_per_group',
  'percent_per_group',
  'show_original',
]

/** A value of a related page: `{type, <type>: value}`. */
export interface RolledValue {
  type: string
  value: unknown
}

type Counter = (values: RolledValue[]) => number | null

const COUNTERS: Record<string, Counter> = {
  count: (values) => values.length,
  count_values: (values) => values.reduce((sum, entry) => sum + itemsOf(entry.value).length, 0),
  empty: (values) => values.filter(isEmpty).length,
  not_empty: (values) => values.filter((entry) => !isEmpty(entry)).length,
  unique: (values) => distinct(values).length,
  percent_empty: (values) => share(values, isEmpty),
  percent_not_empty: (values) => share(values, (entry) => !isEmpty(entry)),
  checked: (values) => values.filter(isChecked).length,
  unchecked: (values) => values.filter((entry) => !isChecked(entry)).length,
  percent_checked: (values) => share(values, isChecked),
  percent_unchecked: (values) => share(values, (entry) => !isChecked(entry)),
  count_per_group: (values) => distinct(values).length,
  percent_per_group: (values) => share(values, (entry) => !isEmpty(entry)),
  sum: (values) => fold(values, (numbers) => numbers.reduce((sum, entry) => sum + entry, 0)),
  average: (values) => fold(values, (numbers) => numbers.reduce((sum, entry) => sum + entry, 0) / numbers.length),
  median: (values) => fold(values, median),
  min: (values) => fold(values, (numbers) => Math.min(...numbers)),
  max: (values) => fold(values, (numbers) => Math.max(...numbers)),
  range: (values) => fold(values, (numbers) => Math.max(...numbers) - Math.min(...numbers)),
}

/** The answer of a rollup function over values of related pages. */
export function rollUp(name: string, values: RolledValue[]): JsonObject {
  const counter = COUNTERS[name]
  if (counter !== undefined) return { type: 'number', number: counter(values), function: name }
  if (name === 'show_original' || name === 'show_unique') {
    const shown = name === 'show_unique' ? distinct(values) : values
    const array = shown.map((entry) => ({ type: entry.type, [entry.type]: entry.value }))
    return { type: 'array', array, function: name }
  }
  return { type: 'date', date: rolledDate(name, values), function: name }
}

function itemsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return value === null || value === undefined || value === '' ? [] : [value]
}

function isEmpty(entry: RolledValue): boolean {
  return entry.type === 'checkbox' ? entry.value !== true : itemsOf(entry.value).length === 0
}

function isChecked(entry: RolledValue): boolean {
  return entry.value === true
}

function distinct(values: RolledValue[]): RolledValue[] {
  const seen = new Map<string, RolledValue>()
  for (const entry of values) {
    const key = JSON.stringify(entry.value)
    if (!isEmpty(entry) && !seen.has(key)) seen.set(key, entry)
  }
  return [...seen.values()]
}

function share(values: RolledValue[], test: (entry: RolledValue) => boolean): number | null {
  return values.length === 0 ? null : values.filter(test).length / values.length
}

function fold(values: RolledValue[], combine: (numbers: number[]) => number): number | null {
  const numbers = values.map((entry) => entry.value).filter((value) => typeof value === 'number')
  return numbers.length === 0 ? null : combine(numbers)
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}

function rolledDate(name: string, values: RolledValue[]): JsonObject | null {
  const dates = values
    .map((entry) => entry.value)
    .filter(isObject)
    .toSorted((left, right) => Date.parse(String(left['start'])) - Date.parse(String(right['start'])))
  const first = dates[0]
  const last = dates.at(-1)
  if (first === undefined || last === undefined) return null
  if (name === 'date_range') return { start: first['start'], end: last['end'] ?? last['start'], time_zone: null }
  return { start: (name === 'latest_date' ? last : first)['start'], end: null, time_zone: null }
}
