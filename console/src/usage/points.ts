import type { UsageReport } from '@chaveiro/sdk'

/** The report as a chart takes it: one point for each hour or day. */

export interface Point {
  readonly at: string
  readonly label: string
  readonly calls: number
  readonly errors: number
  readonly p50: number | null
  readonly p95: number | null
  readonly input: number
  readonly output: number
  /** Calls of each of the largest groups, in their order, and of all others after them. */
  readonly groups: readonly number[]
}

/** The largest groups, which a chart tells apart. */
export function chartedKeys({ groups, series }: UsageReport): (string | null)[] {
  const charted = new Set(series.map(({ key }) => key))
  return groups.filter(({ key }) => charted.has(key)).map(({ key }) => key)
}

export function pointsOf(report: UsageReport, language: string): Point[] {
  const keys = chartedKeys(report)
  const calls = new Map(report.series.map((each) => [`${each.at} ${String(each.key)}`, each.calls]))
  const format = bucketFormat(report, language)
  return report.buckets.map((bucket) => {
    const groups = keys.map((key) => calls.get(`${bucket.at} ${String(key)}`) ?? 0)
    const rest = bucket.calls - groups.reduce((sum, count) => sum + count, 0)
    return {
      at: bucket.at,
      label: format.format(Date.parse(bucket.at)),
      calls: bucket.calls,
      errors: bucket.errors,
      p50: bucket.p50_ms,
      p95: bucket.p95_ms,
      input: bucket.input_tokens ?? 0,
      output: bucket.output_tokens ?? 0,
      groups: [...groups, rest],
    }
  })
}

/** Of a day its date, of an hour its time: by the clocks that the report was laid out by. */
function bucketFormat({ interval, time_zone: timeZone }: UsageReport, language: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language, {
    timeZone,
    ...(interval === 'day'
      ? { day: 'numeric', month: 'short' }
      : { weekday: 'short', hour: '2-digit', minute: '2-digit' }),
  })
}
