import { toDate, toNumber, toText, type FormulaDate, type FormulaValue } from './values.ts'

const MILLISECONDS: Record<string, number> = {
  milliseconds: 1,
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
}
const MONTHS: Record<string, number> = { months: 1, quarters: 3, years: 12 }
const MONTHS_PER_YEAR = 12
const DAYS_PER_WEEK = 7
const MILLISECONDS_PER_DAY = 86_400_000

type DateFunction = (...values: FormulaValue[]) => FormulaValue

const part =
  (read: (date: Date) => number): DateFunction =>
  (value) =>
    read(new Date(toDate(value ?? null).time))

/** Functions about dates; everything is in UTC. */
export const DATE_FUNCTIONS: Record<string, DateFunction> = {
  minute: part((date) => date.getUTCMinutes()),
  hour: part((date) => date.getUTCHours()),
  // Weeks begin on Monday, which is day 1.
  day: part((date) => date.getUTCDay() || DAYS_PER_WEEK),
  date: part((date) => date.getUTCDate()),
  month: part((date) => date.getUTCMonth() + 1),
  year: part((date) => date.getUTCFullYear()),
  week: part(isoWeek),
  timestamp: (value = null) => toDate(value).time,
  fromTimestamp: (value = null) => moment(toNumber(value)),
  parseDate: (value = null) => moment(Date.parse(toText(value)), /T\d/.test(toText(value))),
  dateStart: (value = null) => value,
  dateEnd: (value = null) => value,
  dateAdd: (value = null, amount = null, unit = null) => shift(toDate(value), toNumber(amount), toText(unit)),
  dateSubtract: (value = null, amount = null, unit = null) => shift(toDate(value), -toNumber(amount), toText(unit)),
  dateBetween: (left = null, right = null, unit = null) => between(toDate(left), toDate(right), toText(unit)),
  formatDate: (value = null) => toText(value),
}

function moment(time: number, hasTime = true): FormulaDate | null {
  return Number.isFinite(time) ? { kind: 'date', time, hasTime } : null
}

function unitName(unit: string): string {
  return unit.endsWith('s') ? unit : `${unit}s`
}

function shift(value: FormulaDate, amount: number, unit: string): FormulaDate | null {
  const name = unitName(unit)
  const months = MONTHS[name]
  if (months === undefined) {
    const length = MILLISECONDS[name] ?? Number.NaN
    return moment(value.time + amount * length, value.hasTime || length < MILLISECONDS_PER_DAY)
  }
  return moment(addMonths(value.time, amount * months), value.hasTime)
}

/** The same day of another month, or its last day when it has no such day. */
function addMonths(time: number, months: number): number {
  const date = new Date(time)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + Math.trunc(months))
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, lastDay))
  return date.getTime()
}

function between(left: FormulaDate, right: FormulaDate, unit: string): number {
  const name = unitName(unit)
  const months = MONTHS[name]
  if (months === undefined) return Math.trunc((left.time - right.time) / (MILLISECONDS[name] ?? Number.NaN))
  const [from, to] = [new Date(right.time), new Date(left.time)]
  const years = to.getUTCFullYear() - from.getUTCFullYear()
  let whole = years * MONTHS_PER_YEAR + to.getUTCMonth() - from.getUTCMonth()
  if (whole > 0 && addMonths(right.time, whole) > left.time) whole -= 1
  if (whole < 0 && addMonths(right.time, whole) < left.time) whole += 1
  return Math.trunc(whole / months)
}

/** Week of the year by ISO 8601: the week of the year's first Thursday is week 1. */
function isoWeek(date: Date): number {
  const day = date.getUTCDay() || DAYS_PER_WEEK
  const thursday = new Date(date.getTime())
  thursday.setUTCDate(date.getUTCDate() + 4 - day)
  const start = Date.UTC(thursday.getUTCFullYear(), 0, 1)
  return Math.ceil(((thursday.getTime() - start) / MILLISECONDS_PER_DAY + 1) / DAYS_PER_WEEK)
}
