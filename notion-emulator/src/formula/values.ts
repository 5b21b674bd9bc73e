import { FormulaError } from './tokenize.ts'

/** A moment in a formula. */
export interface FormulaDate {
  kind: 'date'
  /** Milliseconds since the epoch. */
  time: number
  /** Whether the clock matters, or only the day. */
  hasTime: boolean
}

/** What formulas compute with. Null is an empty property. */
export type FormulaValue = number | string | boolean | FormulaDate | FormulaValue[] | null

/** True for a moment. */
export function isDate(value: FormulaValue): value is FormulaDate {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The number that a value counts as. */
export function toNumber(value: FormulaValue): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'string') return value.trim() === '' ? Number.NaN : Number(value)
  if (value === null) return 0
  if (isDate(value)) return value.time
  throw new FormulaError('A list is not a number')
}

/** The text that a value is shown as. */
export function toText(value: FormulaValue): string {
  if (value === null) return ''
  if (Array.isArray(value)) return value.map(toText).join(', ')
  if (isDate(value)) return dateText(value)
  return String(value)
}

function dateText(value: FormulaDate): string {
  const day = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' })
  const withTime = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  return (value.hasTime ? withTime : day).format(value.time)
}

/** Whether a value is as good as none. */
export function isEmptyValue(value: FormulaValue): boolean {
  return (
    value === null || value === '' || value === 0 || value === false || (Array.isArray(value) && value.length === 0)
  )
}

/** Less than zero when the first comes before the second. */
export function compareValues(left: FormulaValue, right: FormulaValue): number {
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0
  return toNumber(left) - toNumber(right)
}

/** Whether two values are the same; a select is the same as its name. */
export function equalValues(left: FormulaValue, right: FormulaValue): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((entry, index) => equalValues(entry, right[index] ?? null))
  }
  if (left === null || right === null) return isEmptyValue(left) && isEmptyValue(right)
  if (isDate(left) && isDate(right)) return left.time === right.time
  return typeof left === typeof right && !isDate(left) && left === right
}

/** The entries of a list; a single value counts as a list of one. */
export function toList(value: FormulaValue): FormulaValue[] {
  if (Array.isArray(value)) return value
  return value === null ? [] : [value]
}

/** A moment, or the refusal of what is none. */
export function toDate(value: FormulaValue): FormulaDate {
  if (isDate(value)) return value
  throw new FormulaError('Expected a date')
}
