/** Days of the calendar, as numbers of days since 1970-01-01: without hours, nothing can shift them. */

const DAY_MS = 86_400_000
export const DAYS_PER_WEEK = 7
const MONTHS_PER_YEAR = 12
const MONTHS_PER_QUARTER = 3

/** The week begins on Monday, as ISO 8601 has it. */
const FIRST_WEEKDAY = 1

export type Day = number

/** Days from the first to the last of a span. */
export interface Span {
  readonly first: Day
  readonly last: Day
}

export type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year'

/** A day by its date, if there is such a day. */
export function dayOf(year: number, month: number, day: number): Day | undefined {
  const date = new Date(Date.UTC(year, month - 1, day))
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return exists ? date.getTime() / DAY_MS : undefined
}

/** `YYYY-MM-DD` */
export function isoDay(day: Day): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 'YYYY-MM-DD'.length)
}

/** 0 is Sunday. */
export function weekdayOf(day: Day): number {
  return new Date(day * DAY_MS).getUTCDay()
}

export function yearOf(day: Day): number {
  return new Date(day * DAY_MS).getUTCFullYear()
}

/** The day in a time zone at a moment. */
export function dayAt(moment: Date, timeZone: string): Day {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' })
    .formatToParts(moment)
    .map(({ type, value }) => [type, Number(value)] as const)
  const { year = 0, month = 0, day = 0 } = Object.fromEntries(parts)
  return Date.UTC(year, month - 1, day) / DAY_MS
}

/** Goes on by months and keeps the day of the month, or takes the last one of a shorter month. */
export function shifted(day: Day, count: number, unit: Unit): Day {
  if (unit === 'day') return day + count
  if (unit === 'week') return day + count * DAYS_PER_WEEK
  const months = { month: 1, quarter: MONTHS_PER_QUARTER, year: MONTHS_PER_YEAR }[unit] * count
  const date = new Date(day * DAY_MS)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months]
  const lastOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastOfMonth)) / DAY_MS
}

/** The week, month, quarter or year that a day lies in. */
export function spanAround(day: Day, unit: Unit): Span {
  if (unit === 'day') return { first: day, last: day }
  if (unit === 'week') {
    const first = day - ((weekdayOf(day) - FIRST_WEEKDAY + DAYS_PER_WEEK) % DAYS_PER_WEEK)
    return { first, last: first + DAYS_PER_WEEK - 1 }
  }
  const date = new Date(day * DAY_MS)
  const length = { month: 1, quarter: MONTHS_PER_QUARTER, year: MONTHS_PER_YEAR }[unit]
  const month = date.getUTCMonth() - (date.getUTCMonth() % length)
  const first = Date.UTC(date.getUTCFullYear(), month, 1) / DAY_MS
  return { first, last: Date.UTC(date.getUTCFullYear(), month + length, 0) / DAY_MS }
}
