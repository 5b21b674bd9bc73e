import { Bar, BarChart, CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { ReactElement } from 'react'
import { useWords } from '../language.ts'
import { duration } from '../times.ts'
import type { Point } from './points.ts'

/** Charts for eyes; the tables beside them say the same to everybody, so each chart is one picture with a name. */

/** Pixels. */
const HEIGHT = 220
const AXIS = { fontSize: 12, fill: 'var(--ink-soft)' }
const TOOLTIP = {
  contentStyle: {
    background: 'var(--surface)',
    border: '1px solid var(--line)',
    borderRadius: 6,
    fontSize: 13,
    color: 'var(--ink)',
  },
  itemStyle: { color: 'var(--ink)' },
  cursor: { fill: 'var(--line)', fillOpacity: 0.5, stroke: 'var(--line)' },
}
const PARTS = { isAnimationActive: false }
const FRAME = { accessibilityLayer: false, margin: { top: 8, right: 8, bottom: 0, left: 0 } }

interface ChartProps {
  readonly points: readonly Point[]
  readonly label: string
}

const CHART_COLORS = ['1', '2', '3', '4', '5', '6'].map((number) => `var(--chart-${number})`)

/** Calls in each hour or day, stacked by group. */
export function CallsChart({ points, label, groups }: ChartProps & { readonly groups: readonly string[] }) {
  return (
    <Picture label={label}>
      <BarChart data={[...points]} {...FRAME}>
        {axes()}
        <Tooltip {...TOOLTIP} />
        {groups.map((name, index) => (
          <Bar
            key={name}
            name={name}
            dataKey={(point: Point) => point.groups[index] ?? 0}
            stackId="calls"
            fill={CHART_COLORS[index] ?? 'var(--ink-soft)'}
            {...PARTS}
          />
        ))}
      </BarChart>
    </Picture>
  )
}

export function ErrorsChart({ points, label }: ChartProps) {
  return (
    <Picture label={label}>
      <BarChart data={[...points]} {...FRAME}>
        {axes()}
        <Tooltip {...TOOLTIP} />
        <Bar name={label} dataKey="errors" fill="var(--bad)" {...PARTS} />
      </BarChart>
    </Picture>
  )
}

/** How long half of the calls took at most, and nineteen of twenty. */
export function LatencyChart({ points, label }: ChartProps) {
  const { t, language } = useWords()
  const short = (value: number) => duration(value, language)
  return (
    <Picture label={label}>
      <LineChart data={[...points]} {...FRAME}>
        {axes(short)}
        <Tooltip {...TOOLTIP} formatter={(value) => short(Number(value))} />
        <Line name={t('usage.p50')} dataKey="p50" stroke="var(--chart-1)" strokeWidth={2} connectNulls {...PARTS} />
        <Line
          name={t('usage.p95')}
          dataKey="p95"
          stroke="var(--chart-2)"
          strokeWidth={2}
          strokeDasharray="5 3"
          connectNulls
          {...PARTS}
        />
      </LineChart>
    </Picture>
  )
}

export function TokensChart({ points, label }: ChartProps) {
  const { t } = useWords()
  return (
    <Picture label={label}>
      <BarChart data={[...points]} {...FRAME}>
        {axes()}
        <Tooltip {...TOOLTIP} />
        <Bar name={t('usage.input_tokens')} dataKey="input" stackId="tokens" fill="var(--chart-1)" {...PARTS} />
        <Bar name={t('usage.output_tokens')} dataKey="output" stackId="tokens" fill="var(--chart-2)" {...PARTS} />
      </BarChart>
    </Picture>
  )
}

function axes(format?: (value: number) => string) {
  return (
    <>
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis dataKey="label" tick={AXIS} tickLine={false} axisLine={{ stroke: 'var(--line)' }} minTickGap={24} />
      <YAxis
        tick={AXIS}
        tickLine={false}
        axisLine={false}
        allowDecimals={false}
        width={56}
        {...(format === undefined ? {} : { tickFormatter: format })}
      />
    </>
  )
}

function Picture({ label, children }: { readonly label: string; readonly children: ReactElement }) {
  return (
    <div role="img" aria-label={label}>
      <ResponsiveContainer width="100%" height={HEIGHT} initialDimension={{ width: 320, height: HEIGHT }}>
        {children}
      </ResponsiveContainer>
    </div>
  )
}
