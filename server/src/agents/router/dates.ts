import { fold } from './text.ts'

const MONTHS: Readonly<Record<string, number>> = {
  jan: 1,
  january: 1,
  janeiro: 1,
  feb: 2,
  february: 2,
  fev: 2,
  fevereiro: 2,
  mar: 3,
  march: 3,
  marco: 3,
  apr: 4,
  april: 4,
  abr: 4,
  abril: 4,
  may: 5,
  mai: 5,
  maio: 5,
  jun: 6,
  june: 6,
  junho: 6,
  jul: 7,
  july: 7,
  julho: 7,
  aug: 8,
  august: 8,
  ago: 8,
  agosto: 8,
  sep: 9,
  sept: 9,
  september: 9,
  set: 9,
  setembro: 9,
  oct: 10,
  october: 10,
  out: 10,
  outubro: 10,
  nov: 11,
  november: 11,
  novembro: 11,
  dec: 12,
  december: 12,
  dez: 12,
  dezembro: 12,
}
const WEEKDAYS: Readonly<Record<string, number>> = {
  sunday: 0,
  domingo: 0,
  monday: 1,
  segunda: 1,
  'segunda-feira': 1,
  tuesday: 2,
  terca: 2,
  'terca-feira': 2,
  wednesday: 3,
  quarta: 3,
  'quarta-feira': 3,
  thursday: 4,
  quinta: 4,
  'quinta-feira': 4,
  friday: 5,
  sexta: 5,
  'sexta-feira': 5,
  saturday: 6,
  sabado: 6,
}
const DAYS_FROM_NOW: Readonly<Record<string, number>> = {
  today: 0,
  hoje: 0,
  tomorrow: 1,
  amanha: 1,
  yesterday: -1,
  ontem: -1,
  'depois de amanha': 2,
  'the day after tomorrow': 2,
}
const DAY_MS = 86_400_000
const DAYS_PER_WEEK = 7

const NAMES = Object.keys(MONTHS).join('|')
const ISO = /(\d{4})-(\d{2})-(\d{2})(?:t\d{2}:\d{2}\S*)?/
const SLASHED = /(?<!\d)(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?(?!\d)/
const DAY_FIRST = new RegExp(
  `(?<!\\d)(\\d{1,2})(?:st|nd|rd|th|o)?(?: of| de)? (${NAMES})(?![a-z])(?:,?(?: de| of)? (\\d{4}))?`,
)
const MONTH_FIRST = new RegExp(`(?<![a-z])(${NAMES}) (\\d{1,2})(?:st|nd|rd|th)?(?!\\d)(?:,? (\\d{4}))?`)
const RELATIVE = new RegExp(`(?<![a-z])(${Object.keys(DAYS_FROM_NOW).toReversed().join('|')})(?![a-z])`)
const WEEKDAY = new RegExp(
  `(?<![a-z])(?:next |on |na |no |proxim[ao] )?(${Object.keys(WEEKDAYS).toReversed().join('|')})(?:[ -]feira)?(?![a-z])`,
)
const IN_DAYS = /(?<![a-z])(?:in|em|daqui a) (\d{1,3}) (day|dia|week|semana)s?/

/** A date as ISO 8601 (YYYY-MM-DD), and where in the text it was found. */
export interface FoundDate {
  readonly date: string
  readonly start: number
  readonly end: number
}

/**
 * The first date of a text, absolute or relative to `now` (in UTC). "4/5" is day before month, as in Portuguese and in
 * most of the world; without a year the next such day is meant.
 */
export function findDate(text: string, now: Date): FoundDate | undefined {
  const folded = fold(text)
  for (const read of READERS) {
    const [pattern, toDate] = read
    const match = pattern.exec(folded)
    const date = match === null ? undefined : toDate(match, now)
    if (match !== null && date !== undefined) return { date, start: match.index, end: match.index + match[0].length }
  }
  return undefined
}

const READERS: readonly (readonly [RegExp, (match: RegExpExecArray, now: Date) => string | undefined])[] = [
  [ISO, (match) => match[0].toUpperCase()],
  [SLASHED, ([, day, month, year], now) => calendarDate(Number(day), Number(month), year, now)],
  [DAY_FIRST, ([, day, month, year], now) => calendarDate(Number(day), MONTHS[month ?? ''] ?? 0, year, now)],
  [MONTH_FIRST, ([, month, day, year], now) => calendarDate(Number(day), MONTHS[month ?? ''] ?? 0, year, now)],
  [
    IN_DAYS,
    ([, count, unit], now) => shifted(now, Number(count) * (/^(?:week|semana)/.test(unit ?? '') ? DAYS_PER_WEEK : 1)),
  ],
  [RELATIVE, ([, word], now) => shifted(now, DAYS_FROM_NOW[word ?? ''] ?? 0)],
  [WEEKDAY, ([, word], now) => nextWeekday(now, WEEKDAYS[word ?? ''] ?? 0)],
]

function calendarDate(day: number, month: number, year: string | undefined, now: Date): string | undefined {
  const wanted = (fullYear: number): Date => new Date(Date.UTC(fullYear, month - 1, day))
  let date = wanted(year === undefined ? now.getUTCFullYear() : Number(year))
  if (year === undefined && isoDate(date) < isoDate(now)) date = wanted(now.getUTCFullYear() + 1)
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return exists ? isoDate(date) : undefined
}

function shifted(now: Date, days: number): string {
  return isoDate(new Date(now.getTime() + days * DAY_MS))
}

/** Always ahead: on a Friday, "Friday" is the next one. */
function nextWeekday(now: Date, weekday: number): string {
  const ahead = (weekday - now.getUTCDay() + DAYS_PER_WEEK) % DAYS_PER_WEEK
  return shifted(now, ahead === 0 ? DAYS_PER_WEEK : ahead)
}

function isoDate(date: Date): string {
  return date.toISOString().slice(0, 'YYYY-MM-DD'.length)
}
