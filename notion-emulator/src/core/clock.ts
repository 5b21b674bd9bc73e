export const MILLISECONDS_PER_SECOND = 1000
export const MILLISECONDS_PER_MINUTE = 60 * MILLISECONDS_PER_SECOND

/** Where the emulator takes its time from. Milliseconds since the epoch. */
export interface Clock {
  now(): number
}

/** A clock that `advance` moves: real time plus an offset, or standing still when `startAt` is given. */
export interface AdjustableClock extends Clock {
  advance(milliseconds: number): void
}

/**
 * Makes a clock that can be moved forward.
 * @param startAt milliseconds since the epoch; when given, time stands still until advanced
 */
export function adjustableClock(base?: Clock | number): AdjustableClock {
  let offset = 0
  const read = typeof base === 'number' ? () => base : base === undefined ? Date.now : () => base.now()
  return {
    now: () => read() + offset,
    advance: (milliseconds) => {
      offset += milliseconds
    },
  }
}

/** Shown minutes, since lists show the same few over and over. */
const shownMinutes = new Map<number, string>()
const MAX_SHOWN_MINUTES = 10_000

/** Minute precision, as pages, blocks, data sources and comments show their times. */
export function minuteTime(milliseconds: number): string {
  const minute = Math.floor(milliseconds / MILLISECONDS_PER_MINUTE)
  const known = shownMinutes.get(minute)
  if (known !== undefined) return known
  const text = new Date(minute * MILLISECONDS_PER_MINUTE).toISOString()
  if (shownMinutes.size >= MAX_SHOWN_MINUTES) shownMinutes.clear()
  shownMinutes.set(minute, text)
  return text
}

/** Millisecond precision with a numeric zone, as databases show their times. */
export function exactTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '+00:00')
}
