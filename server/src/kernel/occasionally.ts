import type { Clock } from './clock.ts'

/** Lets one call through in each interval: for lines that a lasting failure would otherwise repeat with every request. */
export function occasionally(clock: Clock, intervalMs: number): (act: () => void) => void {
  let last = Number.NEGATIVE_INFINITY
  return (act) => {
    const now = clock.now().getTime()
    if (now - last < intervalMs) return
    last = now
    act()
  }
}
