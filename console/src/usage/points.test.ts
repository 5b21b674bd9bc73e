import { describe, expect, it } from 'vitest'
import type { UsageFigures, UsageReport } from '@chaveiro/sdk'
import { chartedKeys, pointsOf } from './points.ts'

const figures = (calls: number): UsageFigures => ({
  calls,
  errors: 1,
  p50_ms: 5,
  p95_ms: 9,
  runs: null,
  input_tokens: null,
  output_tokens: null,
  cost_usd: null,
})

const REPORT: UsageReport = {
  from: '2026-11-20T03:00:00.000Z',
  to: '2026-11-22T03:00:00.000Z',
  interval: 'day',
  time_zone: 'America/Sao_Paulo',
  by: 'agent',
  totals: figures(9),
  buckets: [
    { at: '2026-11-20T03:00:00.000Z', ...figures(9) },
    { at: '2026-11-21T03:00:00.000Z', ...figures(0) },
  ],
  groups: [
    { key: null, ...figures(5) },
    { key: '4', ...figures(3) },
    { key: '7', ...figures(1) },
  ],
  more_groups: 0,
  series: [
    { key: '4', at: '2026-11-20T03:00:00.000Z', calls: 3, errors: 0 },
    { key: null, at: '2026-11-20T03:00:00.000Z', calls: 5, errors: 0 },
  ],
}

describe('the points of a chart', () => {
  it('tell the largest groups apart, in their order, and hold the rest together', () => {
    expect(chartedKeys(REPORT)).toEqual([null, '4'])
    expect(pointsOf(REPORT, 'en').map(({ groups }) => groups)).toEqual([
      [5, 3, 1],
      [0, 0, 0],
    ])
  })

  it('are called by the clocks of the report', () => {
    expect(pointsOf(REPORT, 'en').map(({ label }) => label)).toEqual(['Nov 20', 'Nov 21'])
    expect(pointsOf({ ...REPORT, interval: 'hour' }, 'en')[0]?.label).toMatch(/^Fri.* 12:00/)
  })

  it('have no tokens where none are known', () => {
    expect(pointsOf(REPORT, 'en')[0]).toMatchObject({ input: 0, output: 0, p50: 5, p95: 9, errors: 1 })
  })
})
