import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, type ReactNode } from 'react'
import type { UsageReport } from '@chaveiro/sdk'
import { useNames, type Names } from '../activity/names.ts'
import { client } from '../api.ts'
import { useWords, type WordKey } from '../language.ts'
import { BOX_LOOK, FieldFrame } from '../parts/field.tsx'
import { Failure } from '../parts/failure.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { dollars } from '../money.ts'
import { duration } from '../times.ts'
import { chartedKeys, pointsOf, type Point } from './points.ts'
import { GROUPINGS, RANGES, type Range, type UsageSearch } from './search.ts'
import { GROUPING_WORDS, GroupTable, TimeTable } from './tables.tsx'

const CallsChart = lazy(async () => ({ default: (await import('./charts.tsx')).CallsChart }))
const ErrorsChart = lazy(async () => ({ default: (await import('./charts.tsx')).ErrorsChart }))
const LatencyChart = lazy(async () => ({ default: (await import('./charts.tsx')).LatencyChart }))
const TokensChart = lazy(async () => ({ default: (await import('./charts.tsx')).TokensChart }))

const HOUR_MS = 3_600_000
const RANGE_HOURS: Readonly<Record<Range, number>> = { '24h': 24, '7d': 7 * 24, '30d': 30 * 24, '90d': 90 * 24 }
const DEFAULT_RANGE = '7d'
const DEFAULT_GROUPING = 'provider'

const RANGE_WORDS = { '24h': 'period.24h', '7d': 'period.7d', '30d': 'period.30d', '90d': 'period.90d' } as const
/** How much was done in the reader's name; the range and the grouping live in the address. */
export function UsagePage() {
  const { t } = useWords()
  const { range = DEFAULT_RANGE, by = DEFAULT_GROUPING }: UsageSearch = useSearch({ from: '/inside/usage' })
  const names = useNames()
  const report = useQuery({
    queryKey: ['usage', range, by],
    queryFn: () => {
      const now = Date.now()
      return client.usage.get({
        by,
        from: new Date(now - RANGE_HOURS[range] * HOUR_MS).toISOString(),
        to: new Date(now).toISOString(),
        time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      })
    },
    // The figures before stay while others are on their way: nothing jumps.
    placeholderData: keepPreviousData,
  })
  return (
    <Page title={t('place.usage')} lede={t('usage.lede')}>
      <Choices range={range} by={by} />
      {report.isError && report.data !== undefined ? (
        <Failure error={report.error} onRetry={() => void report.refetch()} />
      ) : null}
      <Loaded
        query={report}
        skeleton={
          <>
            <Skeletons count={1} className="h-20" />
            <Skeletons count={2} className="h-72" />
          </>
        }
      >
        {(usage) => <Report usage={usage} names={names} isOld={report.isPlaceholderData} />}
      </Loaded>
    </Page>
  )
}

function Choices({ range, by }: Required<UsageSearch>) {
  const { t } = useWords()
  const navigate = useNavigate()
  const show = (search: UsageSearch) => void navigate({ to: '/usage', search, replace: true })
  return (
    <div className="grid max-w-xl gap-3 sm:grid-cols-2">
      <FieldFrame label={t('activity.period')}>
        {(ids) => (
          <select
            {...ids}
            value={range}
            className={BOX_LOOK}
            onChange={(event) => show({ by, range: RANGES.find((one) => one === event.target.value) ?? range })}
          >
            {RANGES.map((one) => (
              <option key={one} value={one}>
                {t(RANGE_WORDS[one])}
              </option>
            ))}
          </select>
        )}
      </FieldFrame>
      <FieldFrame label={t('usage.by')}>
        {(ids) => (
          <select
            {...ids}
            value={by}
            className={BOX_LOOK}
            onChange={(event) => show({ range, by: GROUPINGS.find((one) => one === event.target.value) ?? by })}
          >
            {GROUPINGS.map((one) => (
              <option key={one} value={one}>
                {t(GROUPING_WORDS[one])}
              </option>
            ))}
          </select>
        )}
      </FieldFrame>
    </div>
  )
}

interface ReportProps {
  readonly usage: UsageReport
  readonly names: Names
  readonly isOld: boolean
}

function Report({ usage, names, isOld }: ReportProps) {
  const { t, language } = useWords()
  const { totals } = usage
  if (totals.calls === 0 && (totals.runs ?? 0) === 0)
    return (
      <div className="grid gap-1 rounded-card border border-line bg-surface p-5">
        <h2 className="text-lg">{t('usage.empty_title')}</h2>
        <p className="max-w-prose text-ink-soft">{t('usage.empty_text')}</p>
      </div>
    )
  const points = pointsOf(usage, language)
  const tokens = (totals.input_tokens ?? 0) + (totals.output_tokens ?? 0)
  const groups = [...chartedKeys(usage).map((key) => groupName(usage.by, key, names, t)), t('usage.others')]
  return (
    <div aria-busy={isOld} className={`grid gap-6 ${isOld ? 'opacity-60' : ''}`}>
      <Totals usage={usage} />
      <Card title={t('usage.calls')} points={points}>
        <Suspense fallback={<ChartPlace />}>
          <CallsChart points={points} label={t('usage.calls_chart')} groups={groups} />
        </Suspense>
        <Legend groups={points.some((point) => (point.groups.at(-1) ?? 0) > 0) ? groups : groups.slice(0, -1)} />
      </Card>
      <section
        tabIndex={0}
        aria-label={t(GROUPING_WORDS[usage.by])}
        className="overflow-x-auto rounded-card border border-line bg-surface p-4"
      >
        <GroupTable usage={usage} nameOf={(key) => groupName(usage.by, key, names, t)} />
      </section>
      <div className="grid gap-6 lg:grid-cols-2">
        <Card title={t('usage.latency')}>
          <Suspense fallback={<ChartPlace />}>
            <LatencyChart points={points} label={t('usage.latency_chart')} />
          </Suspense>
          <p className="text-xs text-ink-soft">{t('usage.latency_about')}</p>
        </Card>
        <Card title={t('usage.errors')}>
          <Suspense fallback={<ChartPlace />}>
            <ErrorsChart points={points} label={t('usage.errors_chart')} />
          </Suspense>
          <p className="text-xs text-ink-soft">{t('usage.errors_about')}</p>
        </Card>
      </div>
      {tokens === 0 ? (
        <p className="text-sm text-ink-soft">{t('usage.no_tokens')}</p>
      ) : (
        <Card title={t('usage.tokens')}>
          <Suspense fallback={<ChartPlace />}>
            <TokensChart points={points} label={t('usage.tokens_chart')} />
          </Suspense>
        </Card>
      )}
    </div>
  )
}

function groupName(by: UsageReport['by'], key: string | null, names: Names, t: (key: WordKey) => string): string {
  if (key === null) return by === 'agent' ? t('usage.no_agent') : t('usage.others')
  if (by === 'agent') return names.agent(Number(key))
  return names[by](key)
}

function Totals({ usage: { totals } }: Pick<ReportProps, 'usage'>) {
  const { t, language } = useWords()
  const count = new Intl.NumberFormat(language)
  const share = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
  const time = (value: number | null) => (value === null ? '–' : duration(value, language))
  const figures = [
    [t('usage.calls'), count.format(totals.calls)],
    [t('usage.errors'), `${count.format(totals.errors)} (${share.format(totals.errors / Math.max(totals.calls, 1))})`],
    [t('usage.p50'), time(totals.p50_ms)],
    [t('usage.p95'), time(totals.p95_ms)],
    [t('usage.runs'), totals.runs === null ? '–' : count.format(totals.runs)],
    [t('usage.tokens'), count.format((totals.input_tokens ?? 0) + (totals.output_tokens ?? 0))],
    ...(totals.cost_usd === null ? [] : [[t('usage.cost'), dollars(totals.cost_usd, language)] as const]),
  ] as const
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line sm:grid-cols-3 lg:auto-cols-fr lg:grid-flow-col lg:grid-cols-none">
      {figures.map(([name, value]) => (
        <div key={name} className="bg-surface px-4 py-3">
          <dt className="text-xs text-ink-soft">{name}</dt>
          <dd className="text-lg font-semibold tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

interface CardProps {
  readonly title: string
  /** With them the card has the table behind its chart. */
  readonly points?: readonly Point[]
  readonly children: ReactNode
}

function Card({ title, points, children }: CardProps) {
  const { t } = useWords()
  return (
    <section
      aria-label={title}
      className="grid min-w-0 content-start gap-3 rounded-card border border-line bg-surface p-4"
    >
      <h2 className="text-lg">{title}</h2>
      {children}
      {points === undefined ? null : (
        <details className="text-sm">
          <summary className="link w-fit">{t('usage.numbers')}</summary>
          <div tabIndex={0} role="region" aria-label={t('usage.numbers')} className="mt-2 overflow-x-auto">
            <TimeTable points={points} />
          </div>
        </details>
      )}
    </section>
  )
}

function ChartPlace() {
  return <div className="skeleton h-[220px]" />
}

const SWATCHES = ['bg-chart-1', 'bg-chart-2', 'bg-chart-3', 'bg-chart-4', 'bg-chart-5', 'bg-chart-6'] as const

function Legend({ groups }: { readonly groups: readonly string[] }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
      {groups.map((name, index) => (
        <li key={name} className="flex min-w-0 items-center gap-1.5">
          <span aria-hidden className={`size-2.5 shrink-0 rounded-full ${SWATCHES[index] ?? ''}`} />
          <span className="truncate">{name}</span>
        </li>
      ))}
    </ul>
  )
}
