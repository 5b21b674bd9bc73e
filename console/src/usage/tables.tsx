import type { UsageReport } from '@chaveiro/sdk'
import { useWords, type WordKey } from '../language.ts'
import { dollars } from '../money.ts'
import { duration } from '../times.ts'
import type { Point } from './points.ts'
import type { GROUPINGS } from './search.ts'

/** The figures in words: what each chart shows, for everybody. */

const CELL = 'border-b border-line px-2 py-1.5 text-right tabular-nums whitespace-nowrap'
const HEAD = 'border-b border-line px-2 py-1.5 text-right font-medium text-ink-soft whitespace-nowrap'

/** What figures are told apart by. */
export const GROUPING_WORDS: Readonly<Record<(typeof GROUPINGS)[number], WordKey>> = {
  provider: 'activity.provider',
  tool: 'activity.tool',
  agent: 'activity.agent',
  client: 'activity.client',
}

function useFormats() {
  const { language } = useWords()
  const format = new Intl.NumberFormat(language)
  return {
    count: (value: number | null) => (value === null ? '–' : format.format(value)),
    time: (value: number | null) => (value === null ? '–' : duration(value, language)),
    money: (value: number | null) => (value === null ? '–' : dollars(value, language)),
  }
}

interface GroupTableProps {
  readonly usage: UsageReport
  readonly nameOf: (key: string | null) => string
}

export function GroupTable({ usage, nameOf }: GroupTableProps) {
  const { t } = useWords()
  const { count, time, money } = useFormats()
  const hasTokens = usage.by === 'agent'
  const hasCost = hasTokens && usage.totals.cost_usd !== null
  const heads = [
    ...(['usage.calls', 'usage.errors', 'usage.p50', 'usage.p95'] as const),
    ...(hasTokens ? (['usage.tokens'] as const) : []),
    ...(hasCost ? (['usage.cost'] as const) : []),
  ]
  const most = Math.max(...usage.groups.map(({ calls }) => calls), 1)
  return (
    <>
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            <th scope="col" className={`${HEAD} !text-left`}>
              {t(GROUPING_WORDS[usage.by])}
            </th>
            {heads.map((head) => (
              <th key={head} scope="col" className={HEAD}>
                {t(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {usage.groups.map((group) => (
            <tr key={group.key}>
              <th scope="row" className="max-w-60 min-w-32 border-b border-line px-2 py-1.5 text-left font-normal">
                <span className="block truncate">{nameOf(group.key)}</span>
                <span
                  aria-hidden
                  className="mt-1 block h-1 rounded-full bg-brass"
                  style={{ width: `${(100 * group.calls) / most}%` }}
                />
              </th>
              <td className={CELL}>{count(group.calls)}</td>
              <td className={CELL}>{count(group.errors)}</td>
              <td className={CELL}>{time(group.p50_ms)}</td>
              <td className={CELL}>{time(group.p95_ms)}</td>
              {hasTokens ? (
                <td className={CELL}>{count((group.input_tokens ?? 0) + (group.output_tokens ?? 0))}</td>
              ) : null}
              {hasCost ? <td className={CELL}>{money(group.cost_usd)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
      {usage.more_groups === 0 ? null : (
        <p className="mt-2 text-xs text-ink-soft">{t('usage.more_groups', { count: usage.more_groups })}</p>
      )}
    </>
  )
}

export function TimeTable({ points }: { readonly points: readonly Point[] }) {
  const { t } = useWords()
  const { count, time } = useFormats()
  const heads = [
    'usage.calls',
    'usage.errors',
    'usage.p50',
    'usage.p95',
    'usage.input_tokens',
    'usage.output_tokens',
  ] as const
  return (
    <table className="w-full border-separate border-spacing-0 text-sm">
      <thead>
        <tr>
          <th scope="col" className={`${HEAD} !text-left`}>
            {t('activity.when')}
          </th>
          {heads.map((head) => (
            <th key={head} scope="col" className={HEAD}>
              {t(head)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {points.map((point) => (
          <tr key={point.at}>
            <th scope="row" className="border-b border-line px-2 py-1.5 text-left font-normal whitespace-nowrap">
              {point.label}
            </th>
            <td className={CELL}>{count(point.calls)}</td>
            <td className={CELL}>{count(point.errors)}</td>
            <td className={CELL}>{time(point.p50)}</td>
            <td className={CELL}>{time(point.p95)}</td>
            <td className={CELL}>{count(point.input)}</td>
            <td className={CELL}>{count(point.output)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
