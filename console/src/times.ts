/** Times as people say them. */

const SECOND = 1000
const UNITS = [
  { unit: 'day', milliseconds: 86_400 * SECOND },
  { unit: 'hour', milliseconds: 3_600 * SECOND },
  { unit: 'minute', milliseconds: 60 * SECOND },
] as const
/** Older than this reads better as a date. */
const RELATIVE_MS = 30 * 86_400 * SECOND

export function relativeTime(iso: string, language: string, now: Date): string {
  const distance = Date.parse(iso) - now.getTime()
  if (Math.abs(distance) > RELATIVE_MS)
    return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(Date.parse(iso))
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const largest = UNITS.find(({ milliseconds }) => Math.abs(distance) >= milliseconds)
  if (largest === undefined) return format.format(0, 'second')
  return format.format(Math.trunc(distance / largest.milliseconds), largest.unit)
}

export function exactTime(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(Date.parse(iso))
}

export function seconds(milliseconds: number, language: string): string {
  const format = new Intl.NumberFormat(language, { style: 'unit', unit: 'second', maximumFractionDigits: 1 })
  return format.format(Math.max(milliseconds / SECOND, 0.1))
}

/** Of calls, where milliseconds matter: `41 ms`, `2.5 sec`. */
export function duration(milliseconds: number, language: string): string {
  if (milliseconds >= SECOND) return seconds(milliseconds, language)
  return new Intl.NumberFormat(language, { style: 'unit', unit: 'millisecond' }).format(milliseconds)
}
