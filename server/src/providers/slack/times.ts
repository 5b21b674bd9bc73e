import { MILLISECONDS_PER_MINUTE, MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'

/** Moments as people and models write them: dates, times, and words for how far they are from now. */

const UNIT_MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1_440, week: 10_080 }

const UNIT_WORDS: readonly (readonly [RegExp, keyof typeof UNIT_MINUTES & string])[] = [
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

function readDistance(text: string, now: Date): Date | undefined {
  const match = DISTANCE.exec(text)
  if (match === null) return undefined
  const [, before, count = '', word = '', after] = match
  const unit = UNIT_WORDS.find(([pattern]) => pattern.test(word))?.[1]
  if (unit === undefined) return undefined
  const amount = /^\d/.test(count) ? Number(count) : 1
  const isAhead = before === 'in' || before === 'em' || before === 'daqui a'
  if (isAhead && after !== undefined) return undefined
  const minutes = amount * (UNIT_MINUTES[unit] ?? 0) * (isAhead ? 1 : -1)
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
  if (text === 'noon' || text === 'meio-dia' || text === 'meio dia') return { hour: 12, minute: 0 }
  const match = CLOCK.exec(text)
  if (match === null) return undefined
  const [, hours, minutes, minutesAfterH, half] = match
  const given = Number(hours)
  const minute = Number(minutes ?? minutesAfterH ?? 0)
  if (minute > 59 || given > 23 || (half !== undefined && (given < 1 || given > 12))) return undefined
  const hour = half === undefined ? given : (given % 12) + (half === 'pm' ? 12 : 0)
  return { hour, minute }
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
    .map((part) => Number(part ?? 0))
  const isReal = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day && month <= 12
  if (!isReal || hour > 23 || minute > 59 || second > 59) return undefined
  const moment = fromLocal({ year, month, day, hour, minute }, timeZone)
  return new Date(moment.getTime() + second * MILLISECONDS_PER_SECOND)
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
