import { MONTHS, plainWording, WEEKDAYS } from './date-words.ts'
import {
  dayAt,
  dayOf,
  DAYS_PER_WEEK,
  isoDay,
  shifted,
  spanAround,
  weekdayOf,
  yearOf,
  type Day,
  type Span,
  type Unit,
} from './days.ts'

/**
 * Dates as people and models write them → what Notion takes. Rules where a wording is open: a weekday alone is the next one
 * after today; weeks go from Monday to Sunday; a day without a year is the one nearest to today; a date such as 01/12/2026,
 * which half the world reads the other way round, is not taken.
 */

/** When it is, and where: relative dates depend on both. */
export interface Calendar {
  readonly now: Date
  /** IANA name. */
  readonly timeZone: string
}

/** A date or a range, as Notion takes it. */
export interface DateValue {
  readonly start: string
  readonly end?: string
  /** Only with times of day, which are then without an offset. */
  readonly time_zone?: string
}

/** The calendar of a call. Nothing tells yet where a user is, so days are those of UTC unless the text names a time zone. */
export function currentCalendar(): Calendar {
  return { now: new Date(), timeZone: 'UTC' }
}

/** Longer than any wording; it also bounds the work of looking for one. */
const MOST_CHARACTERS = 120

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i
const ZONE = /[\s(]+([A-Z][A-Za-z]+(?:\/[A-Za-z0-9_+-]+)+|UTC|GMT)\)?$/
const RANGE_START = /^(?:from|between|de|entre)\s+/i
const RANGE_MARKS = [
  /\s*\/\s*/,
  /\s+(?:to|until|till|through|até|ate)\s+/i,
  /\s+[–—-]\s+/,
  /\.\.+/,
  /\s+(?:a|e|and)\s+/i,
]

/** Reads a date, a range (2026-12-01/2026-12-05, "monday to friday") or a span of days ("next week"), if it is one. */
export function readDate(text: string, calendar: Calendar): DateValue | undefined {
  const trimmed = text.trim()
  if (trimmed.length > MOST_CHARACTERS) return undefined
  const zone = ZONE.exec(trimmed)
  const named = zone?.[1]
  if (zone !== null && named !== undefined && isTimeZone(named)) {
    return readIn(trimmed.slice(0, zone.index), { ...calendar, timeZone: named })
  }
  return readIn(trimmed, calendar)
}

function readIn(text: string, calendar: Calendar): DateValue | undefined {
  return readMoment(text, calendar) ?? readRange(text.replace(RANGE_START, ''), calendar)
}

function readRange(text: string, calendar: Calendar): DateValue | undefined {
  for (const mark of RANGE_MARKS) {
    const [from = '', to, ...rest] = text.split(mark)
    if (to === undefined || rest.length > 0) continue
    const first = readMoment(from, calendar)
    const last = readMoment(to, calendar)
    if (first === undefined || last === undefined) continue
    const end = last.end ?? last.start
    // Notion takes no range that runs backwards, nor one with a time on one side only.
    if (hasTime(first.start) !== hasTime(end) || first.start > end) return undefined
    return { ...first, end }
  }
  return undefined
}

function hasTime(date: string): boolean {
  return date.length > 'YYYY-MM-DD'.length
}

/** A date, a date with a time of day, or a span of days. */
function readMoment(text: string, calendar: Calendar): DateValue | undefined {
  const trimmed = text.trim()
  const iso = ISO.exec(trimmed)
  if (iso !== null) {
    const exists = dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3])) !== undefined
    return exists ? { start: trimmed.replace(' ', 'T').toUpperCase() } : undefined
  }
  const today = dayAt(calendar.now, calendar.timeZone)
  const whole = spanOf(plainWording(trimmed), today)
  if (whole !== undefined) {
    const end = whole.last === whole.first ? {} : { end: isoDay(whole.last) }
    return { start: isoDay(whole.first), ...end }
  }
  return readTimed(trimmed, today, calendar.timeZone)
}

const TIME =
  /^(.*?)[\s,]*(?:(?<!\S)(?:at|às|as|@)\s*)?(?<!\S)(\d{1,2})(?:[:h](\d{2})?)?\s*(am|pm|h|horas|hrs?|o'clock)?$/i
const CLOCK = /\d[:h]|\d\s*(?:am|pm|h|horas|hrs?|o'clock)$|(?<!\S)(?:at|às|as|@)\s*\d/i
const NOON = 12
const HOURS_PER_DAY = 24
const MINUTES_PER_HOUR = 60

function readTimed(text: string, today: Day, timeZone: string): DateValue | undefined {
  const match = CLOCK.test(text) ? TIME.exec(text) : null
  const span = match === null ? undefined : spanOf(plainWording(match[1] ?? ''), today)
  const clock = match === null ? undefined : clockOf(match)
  if (span === undefined || clock === undefined || span.first !== span.last) return undefined
  const start = `${isoDay(span.first)}T${clock}`
  return timeZone === 'UTC' ? { start: `${start}Z` } : { start, time_zone: timeZone }
}

/** `HH:MM:SS` */
function clockOf([, , hours, minutes = '00', half = '']: readonly (string | undefined)[]): string | undefined {
  const hour = hourOf(Number(hours), half.toLowerCase())
  if (hour === undefined || Number(minutes) >= MINUTES_PER_HOUR) return undefined
  return `${String(hour).padStart(2, '0')}:${minutes}:00`
}

function hourOf(hour: number, half: string): number | undefined {
  if (half !== 'am' && half !== 'pm') return hour < HOURS_PER_DAY ? hour : undefined
  if (hour < 1 || hour > NOON) return undefined
  return (hour % NOON) + (half === 'pm' ? NOON : 0)
}

const FIXED: Readonly<Record<string, number>> = {
  today: 0,
  now: 0,
  tomorrow: 1,
  yesterday: -1,
  overmorrow: 2,
  ereyesterday: -2,
}

const STEPS: Readonly<Record<string, number>> = { last: -1, this: 0, next: 1 }

/** Farther away nobody counts; it also keeps the arithmetic within the years that Notion knows. */
const MOST_UNITS = 999

/** The days that a plain wording means. */
function spanOf(plain: string, today: Day): Span | undefined {
  const fixed = FIXED[plain]
  if (fixed !== undefined) return single(today + fixed)
  for (const read of [counted, edge, period, weekend, weekday, dayInMonth, slashed]) {
    const span = read(plain, today)
    if (span !== undefined) return span
  }
  return undefined
}

type Reading = (plain: string, today: Day) => Span | undefined

function single(day: Day | undefined): Span | undefined {
  return day === undefined ? undefined : { first: day, last: day }
}

const COUNTED = /^(?:(in|ago) )?(\d{1,4}) (day|week|month|quarter|year)(?: (ahead|ago))?$/

const counted: Reading = (plain, today) => {
  const [, before, count = '', unit, behind] = COUNTED.exec(plain) ?? []
  const direction = before ?? behind
  if (unit === undefined || direction === undefined || Number(count) > MOST_UNITS) return undefined
  return single(shifted(today, direction === 'ago' ? -Number(count) : Number(count), unit as Unit))
}

const PERIOD = /^(this|next|last) (week|month|quarter|year)$/

const period: Reading = (plain, today) => {
  const [, step = '', unit] = PERIOD.exec(plain) ?? []
  if (unit === undefined) return undefined
  const from = spanAround(today, unit as Unit).first
  return spanAround(shifted(from, STEPS[step] ?? 0, unit as Unit), unit as Unit)
}

/** "end of the month", "início da próxima semana" */
const edge: Reading = (plain, today) => {
  const [, side, of = ''] = /^(start|end) (.+)$/.exec(plain) ?? []
  if (side === undefined) return undefined
  const around = period(/^(?:this|next|last) /.test(of) ? of : `this ${of}`, today)
  return around && single(side === 'start' ? around.first : around.last)
}

const weekend: Reading = (plain, today) => {
  const [, step = 'this'] = /^(?:(this|next|last) )?weekend$/.exec(plain) ?? []
  if (!plain.endsWith('weekend')) return undefined
  const { last } = spanAround(today, 'week')
  const sunday = last + DAYS_PER_WEEK * (STEPS[step] ?? 0)
  return { first: sunday - 1, last: sunday }
}

const WEEKDAY = new RegExp(`^(?:(this|next|last) )?(${WEEKDAYS.join('|')})(?: (this|next|last) week)?$`)

const weekday: Reading = (plain, today) => {
  const [, step, name, week] = WEEKDAY.exec(plain) ?? []
  const wanted = WEEKDAYS.findIndex((known) => known === name)
  if (wanted === -1) return undefined
  if (week !== undefined) {
    const monday = spanAround(today, 'week').first + DAYS_PER_WEEK * (STEPS[week] ?? 0)
    return single(monday + ((wanted - weekdayOf(monday) + DAYS_PER_WEEK) % DAYS_PER_WEEK))
  }
  const ahead = (wanted - weekdayOf(today) + DAYS_PER_WEEK) % DAYS_PER_WEEK
  if (step === 'last') return single(today - (DAYS_PER_WEEK - ahead))
  return single(today + (ahead === 0 && step !== 'this' ? DAYS_PER_WEEK : ahead))
}

const MONTH_NAMES = MONTHS.join('|')
const DAY_FIRST = new RegExp(`^(?:(?:${WEEKDAYS.join('|')}) )?(\\d{1,2}) (${MONTH_NAMES})(?: (\\d{4}))?$`)
const MONTH_FIRST = new RegExp(`^(?:(?:${WEEKDAYS.join('|')}) )?(${MONTH_NAMES}) (\\d{1,2})(?: (\\d{4}))?$`)

const dayInMonth: Reading = (plain, today) => {
  const dayFirst = DAY_FIRST.exec(plain)
  const monthFirst = MONTH_FIRST.exec(plain)
  const name = dayFirst?.[2] ?? monthFirst?.[1]
  const month = MONTHS.findIndex((known) => known === name) + 1
  const day = Number(dayFirst?.[1] ?? monthFirst?.[2])
  const year = dayFirst?.[3] ?? monthFirst?.[3]
  return month === 0 ? undefined : single(dated(day, month, year, today))
}

const slashed: Reading = (plain, today) => {
  const match = /^(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?$/.exec(plain)
  if (match === null) return undefined
  const [first, second] = [Number(match[1]), Number(match[2])]
  const dayFirst = dated(first, second, match[3], today)
  const monthFirst = dated(second, first, match[3], today)
  const isOpen = dayFirst !== undefined && monthFirst !== undefined && dayFirst !== monthFirst
  return isOpen ? undefined : single(dayFirst ?? monthFirst)
}

/** A day of a year; without one, of the year that brings it nearest to today. */
function dated(day: number, month: number, year: string | undefined, today: Day): Day | undefined {
  if (year !== undefined) return dayOf(Number(year), month, day)
  const near = [-1, 0, 1].flatMap((step) => dayOf(yearOf(today) + step, month, day) ?? [])
  return near.toSorted((one, other) => Math.abs(one - today) - Math.abs(other - today))[0]
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
