import type { Page } from 'playwright-core'

/** What a browser tells of the time from an input to the next paint, per interaction. */

export interface Paths {
  readonly threads: readonly [string, string]
}

export interface Interaction {
  readonly name: string
  /** Goes where it happens, once. */
  readonly arrive: (page: Page, paths: Paths) => Promise<void>
  /** One input, or a few whose slowest counts; `round` counts up, for what goes back and forth. */
  readonly act: (page: Page, round: number) => Promise<void>
}

interface Figures {
  readonly name: string
  readonly milliseconds: readonly number[]
}

const ROUNDS = 10
/** Rounds that come first and do not count: code that is loaded when it is first needed. */
const WARM_UPS = 1
/** The limit that the console promises. */
const LIMIT_MS = 100
/** The least that the Event Timing API tells. */
const THRESHOLD_MS = 16
/** The browser tells of an event a little after the paint that ends it. */
const SETTLE_MS = 300

/** Runs in the page. Not `buffered`: what was before an interaction is none of its. */
const WATCH = `
  globalThis.eventTimes = []
  new PerformanceObserver((list) => {
    for (const { duration, interactionId } of list.getEntries()) if (interactionId > 0) eventTimes.push(duration)
  }).observe({ type: 'event', durationThreshold: ${THRESHOLD_MS} })`

/** From the next page on. */
export async function watchEvents(page: Page): Promise<void> {
  await page.addInitScript({ content: WATCH })
}

export async function measure(page: Page, { name, arrive, act }: Interaction, paths: Paths): Promise<Figures> {
  await arrive(page, paths)
  await page.waitForLoadState('networkidle')
  const milliseconds: number[] = []
  for (let round = 0; round < WARM_UPS + ROUNDS; round += 1) {
    await page.evaluate('eventTimes = []')
    await act(page, round)
    await page.waitForTimeout(SETTLE_MS)
    const slowest = (await page.evaluate('Math.max(0, ...eventTimes)')) as number
    if (round >= WARM_UPS) milliseconds.push(slowest)
  }
  return { name, milliseconds }
}

export function reportOf(figures: readonly Figures[]) {
  const rows = figures.map(({ name, milliseconds }) => {
    const sorted = milliseconds.toSorted((a, b) => a - b)
    return { name, p50: sorted[Math.floor(sorted.length / 2)] ?? 0, max: sorted.at(-1) ?? 0 }
  })
  const shown = (value: number) => (value === 0 ? `< ${THRESHOLD_MS}` : value)
  const over = rows.filter(({ max }) => max > LIMIT_MS)
  const names = over.map(({ name, p50 }) => `${name}${p50 > LIMIT_MS ? '' : ' (its slowest round only)'}`)
  return {
    table: Object.fromEntries(rows.map(({ name, p50, max }) => [name, { p50: shown(p50), max: shown(max) }])),
    verdict: over.length === 0 ? `None is over ${LIMIT_MS} ms.` : `Over ${LIMIT_MS} ms: ${names.join(', ')}.`,
    isMet: rows.every(({ p50 }) => p50 <= LIMIT_MS),
  }
}
