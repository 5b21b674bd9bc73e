import { MILLISECONDS_PER_MINUTE } from './clock.ts'
import type { JsonObject } from '../state/model.ts'
import { isObject } from '../validation/check.ts'

const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/
const OFFSET = /(?:Z|([+-])(\d{2}):?(\d{2}))$/i
const MINUTES_PER_HOUR = 60
const UTC = '+00:00'

/** A checked date of a request as answers show it: times cut to the minute, a named zone turned into its offset. */
export function storedDate(value: unknown): JsonObject | null {
  if (!isObject(value)) return null
  const zone = typeof value['time_zone'] === 'string' && isTimeZone(value['time_zone']) ? value['time_zone'] : null
  return { start: storedTime(value['start'], zone), end: storedTime(value['end'], zone), time_zone: null }
}

/** Whether a text is an ISO 8601 date or time. */
export function isIsoTime(text: string): boolean {
  return /^\d{4}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text))
}

/** Whether a text names a time zone of the IANA database. */
export function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function storedTime(text: unknown, zone: string | null): string | null {
  if (typeof text !== 'string') return null
  if (DATE_ONLY.test(text) || !isIsoTime(text)) return text
  const given = OFFSET.exec(text)
  if (given !== null) {
    const instant = Date.parse(text)
    return inOffset(instant, zone === null ? givenOffset(given) : offsetOf(instant, zone))
  }
  // Without an offset the clock reading is that of the zone.
  const reading = Date.parse(`${text}Z`)
  if (Number.isNaN(reading)) return text
  const offset = zone === null ? 0 : offsetOf(reading, zone)
  return inOffset(reading - offset * MILLISECONDS_PER_MINUTE, offset)
}

function givenOffset(match: RegExpExecArray): number {
  const [, sign, hours, minutes] = match
  const size = Number(hours ?? 0) * MINUTES_PER_HOUR + Number(minutes ?? 0)
  return sign === '-' ? -size : size
}

/** An instant as a clock reading with an offset in minutes, cut to the minute. */
function inOffset(time: number, offset: number): string {
  const instant = Math.floor(time / MILLISECONDS_PER_MINUTE) * MILLISECONDS_PER_MINUTE
  const reading = new Date(instant + offset * MILLISECONDS_PER_MINUTE).toISOString()
  return reading.replace('Z', formatOffset(offset))
}

function formatOffset(offset: number): string {
  if (offset === 0) return UTC
  const size = Math.abs(offset)
  const pad = (number: number): string => String(number).padStart(2, '0')
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(size / MINUTES_PER_HOUR))}:${pad(size % MINUTES_PER_HOUR)}`
}

/** The offset of a named zone at an instant, in minutes. */
function offsetOf(instant: number, zone: string): number {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
  const name = format.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value ?? ''
  const match = OFFSET.exec(name)
  return match === null ? 0 : givenOffset(match)
}
