import type { QueryDataSourceParameters } from '@notionhq/client'
import { isRecord } from '#kernel/json-values.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { readId } from './ids.ts'
import { records } from './json.ts'
import { folded } from './names.ts'
import { readNumber } from './numbers.ts'
import { readCheckbox } from './property-writers.ts'
import { findColumn, findOption, type Column } from './schema.ts'

export type NotionFilter = NonNullable<QueryDataSourceParameters['filter']>
export type NotionSorts = NonNullable<QueryDataSourceParameters['sorts']>

/** A sort as tools take it: a property's name or a timestamp, ascending unless it says otherwise. */
export interface PlainSort {
  readonly property?: string | undefined
  readonly timestamp?: 'created_time' | 'last_edited_time' | undefined
  readonly direction?: 'ascending' | 'descending' | undefined
}

/** Notion nests conditions two deep; one more is looked at so that its own message comes back. */
const DEEPEST_GROUP = 3

/** Types whose values are sets: "equals" means "contains" there. */
const SET_TYPES: ReadonlySet<string> = new Set(['multi_select', 'people', 'relation', 'created_by', 'last_edited_by'])

/** Operators that take `{}` or true, and so no value to look at. */
const BARE_OPERATORS: ReadonlySet<string> = new Set(['is_empty', 'is_not_empty'])

const EMPTINESS = ['is_empty', 'is_not_empty']
const EQUALITY = ['equals', 'does_not_equal']
const CONTAINMENT = ['contains', 'does_not_contain']
const TEXT = [...EQUALITY, ...CONTAINMENT, 'starts_with', 'ends_with', ...EMPTINESS]
const ORDER = ['greater_than', 'less_than', 'greater_than_or_equal_to', 'less_than_or_equal_to']
const OPTION = [...EQUALITY, ...CONTAINMENT, ...EMPTINESS]
const DAYS = ['equals', 'before', 'after', 'on_or_before', 'on_or_after', ...EMPTINESS]
const SPANS = ['this_week', 'past_week', 'past_month', 'past_year', 'next_week', 'next_month', 'next_year']

/** Conditions that a column of a type takes, ours for people's words included. Other types are left to Notion. */
const CONDITIONS: Readonly<Record<string, readonly string[]>> = {
  title: TEXT,
  rich_text: TEXT,
  url: TEXT,
  email: TEXT,
  phone_number: TEXT,
  number: [...EQUALITY, ...ORDER, ...EMPTINESS],
  unique_id: [...EQUALITY, ...ORDER],
  checkbox: EQUALITY,
  select: OPTION,
  status: OPTION,
  multi_select: OPTION,
  people: OPTION,
  relation: OPTION,
  created_by: OPTION,
  last_edited_by: OPTION,
  date: [...DAYS, ...SPANS],
  created_time: [...DAYS, ...SPANS],
  last_edited_time: [...DAYS, ...SPANS],
  files: EMPTINESS,
}

/**
 * Completes a filter: property names in any case, and conditions without a type, such as `{property, equals}`, get the
 * one that the schema gives. What is already in Notion's form stays.
 */
export function completeFilter(
  filter: Readonly<Record<string, unknown>>,
  columns: readonly Column[],
  depth = 0,
): Outcome<NotionFilter> {
  for (const group of ['and', 'or'] as const) {
    if (Array.isArray(filter[group]) && depth < DEEPEST_GROUP) {
      return completeGroup(group, records(filter[group]), columns, depth)
    }
  }
  const { property, ...conditions } = filter
  if (typeof property !== 'string') return withoutProperty(filter)
  const column = findColumn(columns, property)
  if (!column.ok) return atFilter(column)
  if (Object.values(conditions).some(isRecord)) {
    return success({ ...conditions, property: column.value.name } as unknown as NotionFilter)
  }
  const leaves = completeConditions(column.value, conditions)
  return leaves.ok ? success(leaves.value) : atFilter(leaves)
}

/** Completes sorts: property names in any case, ascending unless said otherwise. */
export function completeSorts(sorts: readonly PlainSort[], columns: readonly Column[]): Outcome<NotionSorts> {
  const completed: NotionSorts = []
  for (const { property, timestamp, direction = 'ascending' } of sorts) {
    if (timestamp !== undefined) {
      completed.push({ timestamp, direction })
      continue
    }
    if (property === undefined) {
      return failure('invalid_arguments', 'Each sort needs a property or a timestamp.', { path: 'arguments.sorts' })
    }
    const column = findColumn(columns, property)
    if (!column.ok) return { ok: false, problem: { ...column.problem, path: 'arguments.sorts' } }
    completed.push({ property: column.value.name, direction })
  }
  return success(completed)
}

/** Of conditions that name no property Notion knows only those on timestamps; of any other it says twenty lines. */
function withoutProperty(filter: Readonly<Record<string, unknown>>): Outcome<NotionFilter> {
  if (['and', 'or', 'timestamp', 'property'].some((name) => name in filter)) return success(filter as NotionFilter)
  return failure(
    'invalid_arguments',
    'A filter needs "property" and a condition, as {"property": "Status", "equals": "Done"}, or "and" or "or" with a list of such.',
    { path: 'arguments.filter' },
  )
}

function completeGroup(
  group: 'and' | 'or',
  members: readonly Record<string, unknown>[],
  columns: readonly Column[],
  depth: number,
): Outcome<NotionFilter> {
  const completed: NotionFilter[] = []
  for (const member of members) {
    const one = completeFilter(member, columns, depth + 1)
    if (!one.ok) return one
    // Notion nests groups two deep only: a span of days inside an "and" needs no group of its own.
    const inner = group === 'and' && 'and' in one.value ? (one.value.and as NotionFilter[]) : [one.value]
    completed.push(...inner)
  }
  return success({ [group]: completed } as unknown as NotionFilter)
}

function completeConditions(column: Column, conditions: Readonly<Record<string, unknown>>): Outcome<NotionFilter> {
  const leaves: Record<string, unknown>[] = []
  for (const [operator, value] of Object.entries(conditions)) {
    if (operator === 'type') continue
    const known = CONDITIONS[column.type]
    if (known !== undefined && !known.includes(operator)) return unknownCondition(column, operator, known)
    const operand = operandOf(column, operator, value)
    if (!operand.ok) return operand
    const condition = { [operatorFor(column, operator)]: operand.value }
    const typed = column.type === 'formula' ? { [resultType(operator, operand.value)]: condition } : condition
    leaves.push({ property: column.name, [column.type]: typed })
  }
  if (leaves.length === 0) {
    return failure('invalid_arguments', `The filter on "${column.name}" has no condition, such as "equals".`)
  }
  return success((leaves.length === 1 ? leaves[0] : { and: leaves }) as unknown as NotionFilter)
}

/** Characters of an unknown condition that are said back. */
const SHOWN_CHARACTERS = 50

function unknownCondition(column: Column, operator: string, known: readonly string[]): Outcome<never> {
  const given = operator.slice(0, SHOWN_CHARACTERS)
  return failure(
    'invalid_arguments',
    `"${column.name}" has no condition "${given}". A ${column.type} column takes: ${known.join(', ')}.`,
  )
}

function operatorFor(column: Column, operator: string): string {
  if (isPartOfOption(column, operator)) return operator === 'contains' ? 'equals' : 'does_not_equal'
  if (!SET_TYPES.has(column.type)) return operator
  if (operator === 'equals') return 'contains'
  return operator === 'does_not_equal' ? 'does_not_contain' : operator
}

function operandOf(column: Column, operator: string, value: unknown): Outcome<unknown> {
  if (BARE_OPERATORS.has(operator)) return success(true)
  if (isPartOfOption(column, operator)) return optionsWith(column, String(value))
  if (typeof value !== 'string') return success(value)
  if (column.options !== undefined) return findOption(column, value)
  if (column.type === 'number') return success(readNumber(value, column.format === 'percent') ?? value)
  if (column.type === 'unique_id') return success(numberIn(value))
  if (column.type === 'checkbox') return success(readCheckbox(value) ?? value)
  if (column.type === 'relation') return readId(value, 'filter')
  return success(value)
}

/** Notion compares a select as a whole; a part of the name stands for the options that have it. */
function isPartOfOption(column: Column, operator: string): boolean {
  const isWhole = column.type === 'select' || column.type === 'status'
  return isWhole && column.options !== undefined && (operator === 'contains' || operator === 'does_not_contain')
}

function optionsWith(column: Column, part: string): Outcome<string | readonly string[]> {
  const names = (column.options ?? []).filter((option) => folded(option).includes(folded(part)))
  const [only] = names
  if (only === undefined) return findOption(column, part)
  return success(names.length === 1 ? only : names)
}

/** The number of an id: "74" → 74, "PRE-12" → 12; other texts stay, and Notion says what is wrong with them. */
function numberIn(text: string): number | string {
  const digits = /^(?:[A-Za-z]\w*-)?(-?\d+(?:\.\d+)?)$/.exec(text.trim())?.[1]
  return digits === undefined ? text : Number(digits)
}

/** The schema does not say what a formula yields, but the value compared with does. */
function resultType(operator: string, value: unknown): string {
  if (typeof value === 'number') return 'number'
  return typeof value === 'boolean' && !BARE_OPERATORS.has(operator) ? 'checkbox' : 'string'
}

function atFilter(failed: Extract<Outcome<never>, { ok: false }>): Outcome<never> {
  return { ok: false, problem: { ...failed.problem, path: 'arguments.filter' } }
}
