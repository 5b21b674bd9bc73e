/** The only source of time in the server, so that tests can move it. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

export const MILLISECONDS_PER_SECOND = 1_000
export const MILLISECONDS_PER_MINUTE = 60_000
