import type { JsonObject } from '../state/model.ts'
import { isObject } from '../validation/check.ts'
import { invalid } from './failure.ts'

const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/
const OFFSET = /(?:Z|([+-])(\d{2}):?(\d{2}))$/i
const MINUTES_PER_HOUR = 60
const MILLISECONDS_PER_MINUTE = 60_000
const UTC = '+00:00'

/** A date of a request as answers show it: times cut to the minute, a named zone turned into its offset. */
export function storedDate(value: unknown, path: string): JsonObject | null {
  if (!isObject(value)) return null
  const zone = typeof value['time_zone'] === 'string' ? value['time_zone'] : null
  return {
    start: storedTime(value['start'], zone, `${path}.start`),
    end: storedTime(value['end'] ?? null, zone, `${path}.end`),
    time_zone: null,
  }
}

function storedTime(text: unknown, zone: string | null, path: string): string | null {
  if (typeof text !== 'string') return null
  if (Number.isNaN(Date.parse(text))) {
    throw invalid(
      `body failed validation: ${path} should be a valid ISO 8601 date string, instead was \`${JSON.stringify(text)}\`.`,
    )
  }
  if (DATE_ONLY.test(text)) return text
  const given = OFFSET.exec(text)
  if (given !== null) return zone === null ? inOffset(text, givenOffset(given)) : inZone(Date.parse(text), zone, path)
  // Without an offset the clock reading is that of the zone.
  const reading = Date.parse(`${text}Z`)
  const offset = zone === null ? 0 : offsetOf(reading, zone, path)
  return inOffset(new Date(reading - offset * MILLISECONDS_PER_MINUTE).toISOString(), offset)
}

function givenOffset(match: RegExpExecArray): number {
  const [, sign, hours, minutes] = match
  const size = Number(hours ?? 0) * MINUTES_PER_HOUR + Number(minutes ?? 0)
  return sign === '-' ? -size : size
}

function inZone(instant: number, zone: string, path: string): string {
  return inOffset(new Date(instant).toISOString(), offsetOf(instant, zone, path))
}

/** An instant as a clock reading with an offset in minutes, cut to the minute. */
function inOffset(text: string, offset: number): string {
  const instant = Math.floor(Date.parse(text) / MILLISECONDS_PER_MINUTE) * MILLISECONDS_PER_MINUTE
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
function offsetOf(instant: number, zone: string, path: string): number {
  try {
    const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    const name = format.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value ?? ''
    const match = OFFSET.exec(name)
    return match === null ? 0 : givenOffset(match)
  } catch {
    throw invalid(
      `body failed validation: ${path} should have a valid time_zone, instead was \`${JSON.stringify(zone)}\`.`,
    )
  }
}
