import { isRecord } from '#kernel/json-values.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { NotionApi } from './client.ts'
import { currentCalendar, readDate, type Calendar, type DateValue } from './dates.ts'
import { completeFilter, type NotionFilter } from './filters.ts'
import { idIn, titleIn } from './ids.ts'
import { createPeople, type People } from './people.ts'
import { findRow } from './rows.ts'
import { findColumn, type Column } from './schema.ts'

/**
 * What people write in a filter and Notion does not know: relative dates, spans of days, people and related rows by name. It
 * is put into Notion's words first; the rest is left to {@link completeFilter}.
 */

const PEOPLE_TYPES: ReadonlySet<string> = new Set(['people', 'created_by', 'last_edited_by'])
const DATE_TYPES: ReadonlySet<string> = new Set(['date', 'created_time', 'last_edited_time'])
const TIMESTAMPS: readonly string[] = ['created_time', 'last_edited_time']

/** Dates that Notion reads by itself, as its documentation lists them. */
const NOTION_DATE = /^(?:one_(?:week|month)_(?:ago|from_now))$/

/** As deep as groups are looked into; Notion refuses deeper ones by itself. */
const DEEPEST_GROUP = 3

interface ReadingContext {
  readonly api: NotionApi
  readonly columns: readonly Column[]
  readonly calendar: Calendar
  readonly people: People
}

type Condition = Readonly<Record<string, unknown>>

/** A filter as it was given → Notion's own, complete with types, ids and dates. */
export async function readFilter(
  api: NotionApi,
  filter: Condition,
  columns: readonly Column[],
  calendar: Calendar = currentCalendar(),
): Promise<Outcome<NotionFilter>> {
  const context = { api, columns, calendar, people: createPeople(api) }
  const named = await resolveCondition(filter, context, 0)
  if (named.ok) return completeFilter(named.value, columns)
  return { ok: false, problem: { ...named.problem, path: 'arguments.filter' } }
}

async function resolveCondition(
  filter: Condition,
  context: ReadingContext,
  depth: number,
): Promise<Outcome<Condition>> {
  for (const group of ['and', 'or'] as const) {
    const members = filter[group]
    if (!Array.isArray(members) || depth >= DEEPEST_GROUP) continue
    const resolved: unknown[] = []
    for (const member of members) {
      const one = isRecord(member) ? await resolveCondition(member, context, depth + 1) : success(member)
      if (!one.ok) return one
      resolved.push(one.value)
    }
    return success({ [group]: resolved })
  }
  const { property, timestamp } = filter
  if (typeof timestamp === 'string' && TIMESTAMPS.includes(timestamp))
    return timestampCondition(filter, timestamp, context)
  const column = typeof property === 'string' ? findColumn(context.columns, property) : undefined
  // A property that is not there is reported by the step that completes the filter.
  return column?.ok === true ? propertyCondition(filter, column.value, context) : success(filter)
}

/** `{timestamp, equals: ...}` and Notion's `{timestamp, created_time: {equals: ...}}` */
function timestampCondition(filter: Condition, timestamp: string, { calendar }: ReadingContext): Outcome<Condition> {
  const { timestamp: _, [timestamp]: native, ...short } = filter
  const dated = datedOperators({ ...short, ...(isRecord(native) ? native : {}) }, timestamp, calendar)
  if (!dated.ok) return dated
  const leaves = Object.entries(dated.value).map(([operator, value]) => ({
    timestamp,
    [timestamp]: { [operator]: value },
  }))
  return success(leaves.length === 1 && leaves[0] !== undefined ? leaves[0] : { and: leaves })
}

async function propertyCondition(
  filter: Condition,
  column: Column,
  context: ReadingContext,
): Promise<Outcome<Condition>> {
  const { property: _, type: __, [column.type]: native, ...short } = filter
  const operators = { ...short, ...(isRecord(native) ? native : {}) }
  const named = { property: column.name }
  if (DATE_TYPES.has(column.type)) {
    const dated = datedOperators(operators, `"${column.name}"`, context.calendar)
    if (!dated.ok) return dated
    // Such as `{this_week: {}}`, which the next step would take for a type.
    const isNative = Object.values(dated.value).some(isRecord)
    return success(isNative ? { ...named, [column.type]: dated.value } : { ...named, ...dated.value })
  }
  if (!PEOPLE_TYPES.has(column.type) && column.type !== 'relation') return success(filter)
  const resolved: Record<string, unknown> = {}
  for (const [operator, value] of Object.entries(operators)) {
    const id = typeof value === 'string' ? await idOf(column, value, context) : success(value)
    if (!id.ok) return id
    resolved[operator] = id.value
  }
  return success({ ...named, ...resolved })
}

async function idOf(column: Column, text: string, { api, people }: ReadingContext): Promise<Outcome<string>> {
  const given = `"${column.name}"`
  if (column.type !== 'relation') {
    const person = await people.find(text, given)
    return person.ok ? success(person.value.id) : person
  }
  const title = idIn(text) === undefined ? titleIn(text) : undefined
  if (title === undefined || column.data_source_id === undefined) return success(text)
  const row = await findRow(api, column.data_source_id, title, given)
  return row.ok ? success(row.value.id) : row
}

/** Operators of a date with ISO dates; a span of days becomes two of them. */
function datedOperators(operators: Condition, given: string, calendar: Calendar): Outcome<Record<string, unknown>> {
  const dated: Record<string, unknown> = {}
  for (const [operator, value] of Object.entries(operators)) {
    if (typeof value !== 'string' || NOTION_DATE.test(value) || operator === 'type') {
      dated[operator] = value
      continue
    }
    const date = readDate(value, calendar)
    if (date === undefined) {
      return failure(
        'invalid_arguments',
        `${given}: ${JSON.stringify(value)} is no date. Give an ISO 8601 date such as 2026-12-01, or words such as yesterday, last week, em 3 dias.`,
      )
    }
    Object.assign(dated, dateOperators(operator, date))
  }
  return success(dated)
}

/** With a span, "equals" is within it, "before" before its first day, "after" after its last. */
function dateOperators(operator: string, { start, end }: DateValue): Record<string, string> {
  if (end === undefined) return { [operator]: start }
  if (operator === 'equals') return { on_or_after: start, on_or_before: end }
  return { [operator]: operator === 'after' || operator === 'on_or_before' ? end : start }
}
