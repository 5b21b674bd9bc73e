import { MILLISECONDS_PER_MINUTE } from '../core/clock.ts'

/**
 * Date arithmetic of filters. Recorded answers show three rules: an instant is compared by the minute; a filter without
 * a time compares whole days; `past_week` and its like include both ends (seven days ago and today). Days are counted
 * in UTC, as the API does for an internal integration; which zone it takes for a public one is not documented.
 */

const DAY_MILLISECONDS = 86_400_000
const DAYS_IN_WEEK = 7
const MONTHS_IN_YEAR = 12
// 1970-01-01 was a Thursday: three days after the Monday on which its week began.
const EPOCH_DAYS_AFTER_MONDAY = 3

const DAY_ONLY = /^\d{4}-\d{2}-\d{2}$/
const HAS_ZONE = /(?:Z|[+-]\d{2}:?\d{2})$/i
const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i

/** A point to compare with: a whole day, or a minute. Both count from the epoch, in their own unit. */
export interface DatePoint {
  unit: 'day' | 'minute'
  value: number
}

/** An inclusive range of days since the epoch. */
export interface DayRange {
  from: number
  to: number
}

/** Milliseconds since the epoch of an ISO date or time; a time without zone is UTC. Undefined where it is not one. */
export function instantOf(text: string): number | undefined {
  if (!ISO.test(text)) return undefined
  const withTime = text.replace(' ', 'T')
  const milliseconds = Date.parse(DAY_ONLY.test(text) || HAS_ZONE.test(text) ? withTime : `${withTime}Z`)
  return Number.isNaN(milliseconds) ? undefined : milliseconds
}

/** The day since the epoch, in UTC, that holds this instant. */
export function dayOf(milliseconds: number): number {
  return Math.floor(milliseconds / DAY_MILLISECONDS)
}

/** Reads the operand of `equals`, `before` ...: an ISO date or time, or a word like `today`. Undefined where invalid. */
export function readPoint(text: string, now: Date): DatePoint | undefined {
  const relative = RELATIVE_DAYS.get(text)
  if (relative !== undefined) return { unit: 'day', value: relative(dayOf(now.getTime())) }
  const instant = instantOf(text)
  if (instant === undefined) return undefined
  if (DAY_ONLY.test(text)) return { unit: 'day', value: dayOf(instant) }
  return { unit: 'minute', value: Math.floor(instant / MILLISECONDS_PER_MINUTE) }
}

/** The instant in the unit of the point, so that the two compare as numbers. */
export function inUnitOf(point: DatePoint, milliseconds: number): number {
  return point.unit === 'day' ? dayOf(milliseconds) : Math.floor(milliseconds / MILLISECONDS_PER_MINUTE)
}

/** The same day of the month some months on; the last day of that month where it is shorter. */
function addMonths(day: number, months: number): number {
  const date = new Date(day * DAY_MILLISECONDS)
  const dayOfMonth = date.getUTCDate()
  const target = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)
  const lastOfMonth = new Date(target)
  lastOfMonth.setUTCMonth(lastOfMonth.getUTCMonth() + 1, 0)
  return dayOf(target) + Math.min(dayOfMonth, lastOfMonth.getUTCDate()) - 1
}

const RELATIVE_DAYS = new Map<string, (today: number) => number>([
  ['today', (today) => today],
  ['tomorrow', (today) => today + 1],
  ['yesterday', (today) => today - 1],
  ['one_week_ago', (today) => today - DAYS_IN_WEEK],
  ['one_week_from_now', (today) => today + DAYS_IN_WEEK],
  ['one_month_ago', (today) => addMonths(today, -1)],
  ['one_month_from_now', (today) => addMonths(today, 1)],
])

/** The ranges that a filter can name with an empty object, by operator. `this_week` begins on Monday (assumed). */
export const RELATIVE_RANGES: Record<string, (today: number) => DayRange> = {
  this_week: (today) => {
    const daysAfterMonday = (((today + EPOCH_DAYS_AFTER_MONDAY) % DAYS_IN_WEEK) + DAYS_IN_WEEK) % DAYS_IN_WEEK
    return { from: today - daysAfterMonday, to: today - daysAfterMonday + DAYS_IN_WEEK - 1 }
  },
  past_week: (today) => ({ from: today - DAYS_IN_WEEK, to: today }),
  past_month: (today) => ({ from: addMonths(today, -1), to: today }),
  past_year: (today) => ({ from: addMonths(today, -MONTHS_IN_YEAR), to: today }),
  next_week: (today) => ({ from: today, to: today + DAYS_IN_WEEK }),
  next_month: (today) => ({ from: today, to: addMonths(today, 1) }),
  next_year: (today) => ({ from: today, to: addMonths(today, MONTHS_IN_YEAR) }),
}
