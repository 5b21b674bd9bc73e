import { MILLISECONDS_PER_MINUTE, MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'

/** Moments as people and models write them: dates, times, and words for how far they are from now. */

const UNIT_MINUTES = { minute: 1, hour: 60, day: 1_440, week: 10_080 } as const

const UNIT_WORDS: readonly (readonly [RegExp, keyof typeof UNIT_MINUTES])[] = [
  [/^(?:m|min|mins|minutes?|minutos?)$/, 'minute'],
  [/^(?:h|hrs?|hours?|horas?)$/, 'hour'],
  [/^(?:d|days?|dias?)$/, 'day'],
  [/^(?:w|weeks?|semanas?)$/, 'week'],
]

const DAY_WORDS: Readonly<Record<string, number>> = {
  today: 0,
  hoje: 0,
  yesterday: -1,
  ontem: -1,
  tomorrow: 1,
  amanha: 1,
}

/** A moment in words, and which of its readings: bare dates and words for days are days of the time zone. */
export interface Reading {
  readonly now: Date
  /** IANA name. */
  readonly timeZone: string
}

/**
 * @returns the moment; undefined where the text cannot be read
 */
export function readMoment(given: string, reading: Reading): Date | undefined {
  const text = given.trim().toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll(/\s+/g, ' ')
  return readStamp(text) ?? readDistance(text, reading.now) ?? readDay(text, reading) ?? readIso(given.trim(), reading)
}

/** Seconds since 1970, as Slack's own time stamps have them. */
function readStamp(text: string): Date | undefined {
  return /^\d{10}(?:\.\d{1,6})?$/.test(text) ? new Date(Number(text) * MILLISECONDS_PER_SECOND) : undefined
}

const DISTANCE =
  /^(?:(in|em|daqui a|last|past|the last|ha|nos ultimos|nas ultimas|ultimos|ultimas) )?(\d{1,4}|an?|uma?) ?([a-z]+)( ago| atras)?$/

/** Words before a distance that lies ahead. */
const AHEAD: ReadonlySet<string | undefined> = new Set(['in', 'em', 'daqui a'])

function readDistance(text: string, now: Date): Date | undefined {
  const match = DISTANCE.exec(text)
  if (match === null) return undefined
  const [, before, count = '', word = '', after] = match
  const unit = UNIT_WORDS.find(([pattern]) => pattern.test(word))?.[1]
  const isAhead = AHEAD.has(before)
  if (unit === undefined || (isAhead && after !== undefined)) return undefined
  const amount = /^\d/.test(count) ? Number(count) : 1
  const minutes = amount * UNIT_MINUTES[unit] * (isAhead ? 1 : -1)
  return new Date(now.getTime() + minutes * MILLISECONDS_PER_MINUTE)
}

const CLOCK = /^(\d{1,2})(?::(\d{2})|h(\d{2})?)?(?: ?(am|pm))?$/
const DAY = /^([a-z]+)(?:,? (?:at |as |a )?(.+))?$/

function readDay(text: string, { now, timeZone }: Reading): Date | undefined {
  const match = DAY.exec(text)
  const offset = DAY_WORDS[match?.[1] ?? '']
  if (match === null || offset === undefined) return undefined
  const clock = match[2] === undefined ? { hour: 0, minute: 0 } : readClock(match[2])
  if (clock === undefined) return undefined
  const { year, month, day } = localParts(now, timeZone)
  return fromLocal({ year, month, day: day + offset, ...clock }, timeZone)
}

function readClock(text: string): { hour: number; minute: number } | undefined {
  if (['noon', 'meio-dia', 'meio dia'].includes(text)) return { hour: 12, minute: 0 }
  const match = CLOCK.exec(text)
  if (match === null) return undefined
  const [, hours, minutes, minutesAfterH, half] = match
  const minute = Number(minutes ?? minutesAfterH ?? 0)
  const hour = half === undefined ? Number(hours) : hourOfHalf(Number(hours), half)
  return hour === undefined || hour > 23 || minute > 59 ? undefined : { hour, minute }
}

/** Noon is 12 pm, midnight 12 am. */
function hourOfHalf(given: number, half: string): number | undefined {
  if (given < 1 || given > 12) return undefined
  return (given % 12) + (half === 'pm' ? 12 : 0)
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?)?$/i
const ISO_WITH_OFFSET = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/i

function readIso(text: string, { timeZone }: Reading): Date | undefined {
  if (ISO_WITH_OFFSET.test(text)) {
    const moment = new Date(text.replace(' ', 'T'))
    return Number.isNaN(moment.getTime()) ? undefined : moment
  }
  const match = ISO.exec(text)
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0))
  if (second > 59 || !isTime({ year, month, day, hour, minute })) return undefined
  const moment = fromLocal({ year, month, day, hour, minute }, timeZone)
  return new Date(moment.getTime() + second * MILLISECONDS_PER_SECOND)
}

/** False for the 30th of February and the 25th hour. */
function isTime({ year, month, day, hour, minute }: LocalTime): boolean {
  return (
    month >= 1 &&
    month <= 12 &&
    hour <= 23 &&
    minute <= 59 &&
    new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day
  )
}

interface LocalTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
}

/** What clocks in a time zone show at a moment. */
function localParts(moment: Date, timeZone: string): LocalTime {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(moment)
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value ?? 0)
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute') }
}

/** The moment at which clocks in a time zone show a time. Where they never do, or twice, one beside it. */
function fromLocal(time: LocalTime, timeZone: string): Date {
  const wanted = asUtc(time)
  let guess = wanted
  // The second round corrects a guess that fell on the other side of a change of the clocks.
  for (let round = 0; round < 2; round += 1) guess += wanted - asUtc(localParts(new Date(guess), timeZone))
  return new Date(guess)
}

function asUtc({ year, month, day, hour, minute }: LocalTime): number {
  return Date.UTC(year, month - 1, day, hour, minute)
}

/** A moment as clocks in a time zone show it. */
export function shownMoment(moment: Date, timeZone: string): string {
  const { year, month, day, hour, minute } = localParts(moment, timeZone)
  const two = (number: number) => String(number).padStart(2, '0')
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)} ${timeZone}`
}

/** True for a time zone that this runtime knows. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
