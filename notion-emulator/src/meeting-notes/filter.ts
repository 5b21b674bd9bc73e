import { invalid } from '../core/failure.ts'
import { objectsOf, stringOf } from '../core/json.ts'
import { plainText } from '../core/rich-text.ts'
import type { BlockNode, JsonObject } from '../state/model.ts'
import { isObject } from '../validation/check.ts'

const MILLISECONDS_PER_DAY = 86_400_000
/** Groups may stand in groups, this deep. */
const DEEPEST_GROUP = 3

type Test = (meeting: BlockNode) => boolean

/** Compiles the `filter` of a query of meeting notes; `now` anchors the relative dates. Throws the 400 of a bad one. */
export function compileMeetingFilter(filter: unknown, now: number, depth = 1): Test {
  if (filter === undefined) return () => true
  if (!isObject(filter)) throw invalid('body failed validation: body.filter should be an object.')
  if (filter['property'] !== undefined) return compileProperty(filter, now)
  const operator = filter['operator']
  if (operator !== 'and' && operator !== 'or') {
    throw invalid('body failed validation: body.filter.operator should be `"and"` or `"or"`.')
  }
  if (depth > DEEPEST_GROUP) throw invalid('body failed validation: body.filter is nested too deeply.')
  const tests = objectsOf(filter['filters']).map((entry) => compileMeetingFilter(entry, now, depth + 1))
  if (tests.length === 0) return () => true
  return operator === 'and'
    ? (meeting) => tests.every((test) => test(meeting))
    : (meeting) => tests.some((test) => test(meeting))
}

function compileProperty(leaf: JsonObject, now: number): Test {
  const condition = isObject(leaf['filter']) ? leaf['filter'] : {}
  const operator = stringOf(condition['operator'])
  const test = compileCondition(stringOf(leaf['property']), operator, condition['value'], now)
  if (test !== null) return test
  throw invalid(
    `body failed validation: ${stringOf(leaf['property'], 'property')} cannot be filtered with ${operator === '' ? 'nothing' : operator}.`,
  )
}

function compileCondition(property: string, operator: string, value: unknown, now: number): Test | null {
  switch (property) {
    case 'title':
      return over((meeting) => plainText(objectsOf(meeting.payload['title'])), textTest(operator, value))
    case 'created_time':
      return over((meeting) => meeting.createdTime, dateTest(operator, value, now))
    case 'last_edited_time':
      return over((meeting) => meeting.editedTime, dateTest(operator, value, now))
    case 'created_by':
      return over((meeting) => [meeting.createdBy], personTest(operator, value))
    case 'last_edited_by':
      return over((meeting) => [meeting.editedBy], personTest(operator, value))
    case 'attendees':
      // Notes that came from a recording have no calendar event, so nobody attended.
      return over((): string[] => [], personTest(operator, value))
    default:
      return null
  }
}

function over<T>(read: (meeting: BlockNode) => T, test: ((value: T) => boolean) | null): Test | null {
  return test === null ? null : (meeting) => test(read(meeting))
}

function textTest(operator: string, value: unknown): ((text: string) => boolean) | null {
  const wanted = (isObject(value) ? stringOf(value['value']) : stringOf(value)).toLowerCase()
  const tests: Record<string, (text: string) => boolean> = {
    string_is: (text) => text.toLowerCase() === wanted,
    string_is_not: (text) => text.toLowerCase() !== wanted,
    string_contains: (text) => text.toLowerCase().includes(wanted),
    string_does_not_contain: (text) => !text.toLowerCase().includes(wanted),
    string_starts_with: (text) => text.toLowerCase().startsWith(wanted),
    string_ends_with: (text) => text.toLowerCase().endsWith(wanted),
    is_empty: (text) => text === '',
    is_not_empty: (text) => text !== '',
  }
  return tests[operator] ?? null
}

function personTest(operator: string, value: unknown): ((ids: string[]) => boolean) | null {
  const named = Array.isArray(value) ? objectsOf(value) : isObject(value) ? [value] : []
  const wanted = named.map((entry) => (isObject(entry['value']) ? stringOf(entry['value']['id']) : ''))
  const holds = (ids: string[]): boolean => wanted.some((id) => ids.includes(id))
  const tests: Record<string, (ids: string[]) => boolean> = {
    person_contains: holds,
    person_does_not_contain: (ids) => !holds(ids),
    is_empty: (ids) => ids.length === 0,
    is_not_empty: (ids) => ids.length > 0,
  }
  return tests[operator] ?? null
}

/** Days that words stand for, as distances from today. */
const RELATIVE_DAYS: Record<string, number> = {
  today: 0,
  tomorrow: 1,
  yesterday: -1,
  one_week_ago: -7,
  one_week_from_now: 7,
  one_month_ago: -30,
  one_month_from_now: 30,
}
const DAYS_PER_UNIT: Record<string, number> = { day: 1, week: 7, month: 30, year: 365 }

/** The first and the last day of a value, counted from the epoch. */
interface Days {
  first: number
  last: number
}

function dateTest(operator: string, value: unknown, now: number): ((time: number) => boolean) | null {
  const days = isObject(value) ? daysOf(value, now) : null
  const on = (test: (day: number, days: Days) => boolean): ((time: number) => boolean) | null =>
    days === null ? null : (time) => test(dayOf(time), days)
  switch (operator) {
    case 'date_is':
    case 'date_is_within':
    case 'date_is_relative_to':
      return on((day, { first, last }) => day >= first && day <= last)
    case 'date_is_before':
      return on((day, { first }) => day < first)
    case 'date_is_after':
      return on((day, { last }) => day > last)
    case 'date_is_on_or_before':
      return on((day, { last }) => day <= last)
    case 'date_is_on_or_after':
      return on((day, { first }) => day >= first)
    case 'is_empty':
      return () => false
    case 'is_not_empty':
      return () => true
    default:
      return null
  }
}

function dayOf(time: number): number {
  return Math.floor(time / MILLISECONDS_PER_DAY)
}

function daysOf(value: JsonObject, now: number): Days | null {
  const today = dayOf(now)
  const { value: named, unit } = value
  const length = DAYS_PER_UNIT[stringOf(unit)]
  if (length !== undefined) {
    const span = length * (typeof value['count'] === 'number' ? value['count'] : 1)
    return value['direction'] === 'future' ? { first: today, last: today + span } : { first: today - span, last: today }
  }
  if (typeof named === 'string') {
    const distance = RELATIVE_DAYS[named]
    const day = distance === undefined ? dayOf(Date.parse(named)) : today + distance
    return Number.isNaN(day) ? null : { first: day, last: day }
  }
  if (!isObject(named)) return null
  const first = dayOf(Date.parse(stringOf(named['start_date'])))
  const last = dayOf(Date.parse(stringOf(named['end_date'], stringOf(named['start_date']))))
  return Number.isNaN(first) || Number.isNaN(last) ? null : { first, last }
}
