import { Link } from '@tanstack/react-router'
import { useWindowVirtualizer, type VirtualItem, type Virtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import type { ActivityEvent } from '@chaveiro/sdk'
import { useWords } from '../language.ts'
import { Badge } from '../parts/badge.tsx'
import { LISTED } from '../parts/listed.ts'
import { When } from '../parts/when.tsx'
import { useWide } from '../parts/wide.ts'
import { duration } from '../times.ts'
import { toldEvent, type ToldEvent } from './events.ts'
import type { Names } from './names.ts'
import { OUTCOME_LOOKS } from './outcomes.ts'
import type { ActivitySearch } from './search.ts'

/** Pixels of a row before it was measured. */
const ROW_PIXELS = 45
const CARD_PIXELS = 92
/** Rows beyond the edges of the window that are drawn too, so that the next one can take the focus. */
const OVERSCAN = 12
/** Rows before the end from which on earlier ones are asked for. */
const NEAR_END = 20

interface EventListProps {
  readonly events: readonly ActivityEvent[]
  readonly names: Names
  readonly search: ActivitySearch
  readonly openId: number | undefined
  readonly onNearEnd: () => void
}

/** Events as a table, or as cards where there is no room; only those in sight are drawn, however many there are. */
export function EventList({ events, names, search, openId, onNearEnd }: EventListProps) {
  const isWide = useWide()
  const holder = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => setTop(holder.current?.offsetTop ?? 0), [])
  const virtualizer = useWindowVirtualizer({
    count: events.length,
    estimateSize: () => (isWide ? ROW_PIXELS : CARD_PIXELS),
    getItemKey: (index) => events[index]?.id ?? index,
    overscan: OVERSCAN,
    scrollMargin: top,
    useFlushSync: false,
  })
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= events.length - NEAR_END) onNearEnd()
  }, [last, events.length, onNearEnd])
  const keyboard = useKeyboard(holder, { events, items, openId, scrollTo: virtualizer.scrollToIndex })
  const rows = items.flatMap((item) => {
    const event = events[item.index]
    return event === undefined ? [] : [{ item, event }]
  })
  const Body = isWide ? Table : Cards
  return (
    <div ref={holder} onKeyDown={keyboard.onKeyDown} role="presentation">
      <Body
        rows={rows}
        count={events.length}
        names={names}
        search={search}
        openId={openId}
        tabStop={keyboard.tabStop}
        before={(items[0]?.start ?? top) - top}
        after={virtualizer.getTotalSize() - ((items.at(-1)?.end ?? top) - top)}
        measure={virtualizer.measureElement}
      />
    </div>
  )
}

interface KeyboardParts {
  readonly events: readonly ActivityEvent[]
  readonly items: readonly VirtualItem[]
  readonly openId: number | undefined
  readonly scrollTo: (index: number) => void
}

/** One row is reached by Tab, the others by the arrows, Home and End. A row that is not drawn yet gets the focus once it is. */
function useKeyboard(holder: RefObject<HTMLElement | null>, { events, items, openId, scrollTo }: KeyboardParts) {
  const [active, setActive] = useState(0)
  const wanted = useRef<number>(undefined)
  useEffect(() => {
    const id = wanted.current === undefined ? undefined : events[wanted.current]?.id
    const row = id === undefined ? null : holder.current?.querySelector<HTMLElement>(`[data-event="${id}"]`)
    if (row === null || row === undefined) return
    wanted.current = undefined
    row.focus()
  })
  const opened = openId === undefined ? -1 : events.findIndex(({ id }) => id === openId)
  const current = opened === -1 ? active : opened
  const tabStop = items.some(({ index }) => index === current) ? current : (items[0]?.index ?? 0)
  const targets: Readonly<Record<string, () => number>> = {
    ArrowDown: () => tabStop + 1,
    ArrowUp: () => tabStop - 1,
    Home: () => 0,
    End: () => events.length - 1,
  }
  return {
    tabStop,
    onKeyDown: (event: KeyboardEvent) => {
      const target = targets[event.key]
      if (target === undefined || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      const index = Math.min(Math.max(target(), 0), events.length - 1)
      wanted.current = index
      setActive(index)
      scrollTo(index)
    },
  }
}

interface BodyProps {
  readonly rows: readonly { readonly item: VirtualItem; readonly event: ActivityEvent }[]
  readonly count: number
  readonly names: Names
  readonly search: ActivitySearch
  readonly openId: number | undefined
  readonly tabStop: number
  /** Pixels of the rows that are not drawn, before and after those that are. */
  readonly before: number
  readonly after: number
  readonly measure: Virtualizer<Window, Element>['measureElement']
}

function Table({ rows, count, names, search, openId, tabStop, before, after, measure }: BodyProps) {
  const { t, language } = useWords()
  const heads = ['activity.when', 'activity.who', 'activity.what', 'activity.outcome', 'activity.duration'] as const
  return (
    <table aria-rowcount={count + 1} className="w-full table-fixed border-separate border-spacing-0 text-sm">
      <thead>
        <tr aria-rowindex={1}>
          {heads.map((head) => (
            <th
              key={head}
              scope="col"
              className={`sticky top-0 z-10 border-b border-line bg-paper px-3 py-2 text-left font-medium text-ink-soft ${WIDTHS[head]}`}
            >
              {t(head)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="bg-surface">
        <Space pixels={before} />
        {rows.map(({ item, event }) => {
          const told = toldEvent(event, names, t)
          return (
            <tr
              key={item.key}
              ref={measure}
              data-index={item.index}
              aria-rowindex={item.index + 2}
              aria-selected={event.id === openId}
              className="relative hover:bg-brass-wash aria-selected:bg-brass-wash [&>td]:border-b [&>td]:border-line [&>td]:px-3 [&>td]:py-2.5"
            >
              <td className="truncate text-ink-soft">
                <When iso={event.at} />
              </td>
              <td className="truncate">{told.actor}</td>
              <td className="truncate">
                <EventLink event={event} told={told} search={search} isTabStop={item.index === tabStop} />
                {told.target.length === 0 ? null : <span className="text-ink-soft"> · {told.target.join(LISTED)}</span>}
              </td>
              <td>
                <OutcomeBadge outcome={event.outcome} />
              </td>
              <td className="truncate text-ink-soft tabular-nums">
                {told.durationMs === undefined ? null : duration(told.durationMs, language)}
              </td>
            </tr>
          )
        })}
        <Space pixels={after} />
      </tbody>
    </table>
  )
}

const WIDTHS = {
  'activity.when': 'w-32',
  'activity.who': 'w-40',
  'activity.what': '',
  'activity.outcome': 'w-28',
  'activity.duration': 'w-24',
} as const

function Space({ pixels }: { readonly pixels: number }) {
  return pixels <= 0 ? null : (
    <tr aria-hidden>
      <td colSpan={5} style={{ height: pixels }} />
    </tr>
  )
}

function Cards({ rows, names, search, tabStop, before, after, measure }: BodyProps) {
  const { t } = useWords()
  return (
    <ul style={{ paddingTop: Math.max(before, 0), paddingBottom: Math.max(after, 0) }}>
      {rows.map(({ item, event }) => {
        const told = toldEvent(event, names, t)
        return (
          <li key={item.key} ref={measure} data-index={item.index} className="relative pb-2">
            <div className="grid gap-1 rounded-card border border-line bg-surface px-4 py-3">
              <div className="flex flex-wrap items-start justify-between gap-x-3">
                <EventLink event={event} told={told} search={search} isTabStop={item.index === tabStop} />
                <OutcomeBadge outcome={event.outcome} />
              </div>
              <p className="text-sm break-words text-ink-soft">{[told.actor, ...told.target].join(LISTED)}</p>
              <p className="text-xs text-ink-soft">
                <When iso={event.at} />
              </p>
            </div>
          </li>
        )
      })}
    </ul>
  )
}

function OutcomeBadge({ outcome }: Pick<ActivityEvent, 'outcome'>) {
  const { t } = useWords()
  const { icon, tone, word } = OUTCOME_LOOKS[outcome]
  return <Badge icon={icon} tone={tone} text={t(word)} />
}

interface EventLinkProps {
  readonly event: ActivityEvent
  readonly told: ToldEvent
  readonly search: ActivitySearch
  readonly isTabStop: boolean
}

/** Opens the panel; the whole row takes the press. */
function EventLink({ event, told, search, isTabStop }: EventLinkProps) {
  return (
    <Link
      to="/activity"
      search={{ ...search, event: event.id }}
      replace
      resetScroll={false}
      data-event={event.id}
      tabIndex={isTabStop ? 0 : -1}
      className="rounded-control font-medium after:absolute after:inset-0"
    >
      {told.action}
    </Link>
  )
}
