import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { client } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Skeletons } from '../parts/loaded.tsx'
import { More } from '../parts/more.tsx'
import { Page } from '../parts/page.tsx'
import { filterOf } from './asked.ts'
import { ExportMenu } from './export-menu.tsx'
import { Filters } from './filters.tsx'
import type { ActivitySearch } from './search.ts'
import { useNames } from './names.ts'

const EventList = lazy(async () => ({ default: (await import('./event-list.tsx')).EventList }))
const EventPanel = lazy(async () => ({ default: (await import('./event-panel.tsx')).EventPanel }))

const PAGE_SIZE = 100

function activityQuery(search: ActivitySearch) {
  return infiniteQueryOptions({
    queryKey: ['activity', search],
    queryFn: ({ pageParam }) =>
      client.activity.list({
        ...filterOf(search, new Date()),
        limit: PAGE_SIZE,
        ...(pageParam === null ? {} : { cursor: pageParam }),
      }),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
  })
}

/** What was done in the reader's name; the filters and the open event live in the address. */
export function ActivityPage() {
  const { t } = useWords()
  const names = useNames()
  const { event: openId, ...search }: ActivitySearch = useSearch({ from: '/inside/activity' })
  const navigate = useNavigate()
  const pages = useInfiniteQuery(activityQuery(search))
  const events = pages.data?.pages.flatMap((page) => page.events)
  const show = (next: ActivitySearch) => void navigate({ to: '/activity', search: next, replace: true })
  return (
    <Page title={t('place.activity')} lede={t('activity.lede')} action={<ExportMenu search={search} />}>
      <Filters search={search} names={names} onChange={show} />
      {pages.isPending ? <Waiting /> : null}
      {events?.length === 0 ? <Nothing search={search} onClear={() => show({})} /> : null}
      {events === undefined || events.length === 0 ? null : (
        <Suspense fallback={<Waiting />}>
          <EventList
            events={events}
            names={names}
            search={search}
            openId={openId}
            onNearEnd={() => {
              if (pages.hasNextPage && !pages.isFetching && !pages.isError) void pages.fetchNextPage()
            }}
          />
        </Suspense>
      )}
      <More pages={pages} label={t('activity.more')} />
      {openId === undefined ? null : (
        <Suspense fallback={null}>
          <EventPanel
            id={openId}
            events={events ?? []}
            names={names}
            onShow={(event) => show({ ...search, event })}
            onClose={() => show(search)}
          />
        </Suspense>
      )}
    </Page>
  )
}

interface NothingProps {
  readonly search: ActivitySearch
  readonly onClear: () => void
}

/** Nothing that fits the filters, or nothing at all yet. */
function Nothing({ search, onClear }: NothingProps) {
  const { t } = useWords()
  const isNarrowed = Object.keys(search).length > 0
  return (
    <div className="grid justify-items-start gap-2 rounded-card border border-line bg-surface p-5">
      <p className="text-ink-soft">{t(isNarrowed ? 'activity.empty' : 'activity.nothing')}</p>
      {isNarrowed ? <Button onClick={onClear}>{t('activity.clear')}</Button> : null}
    </div>
  )
}

function Waiting() {
  const { t } = useWords()
  return (
    <div role="status" aria-label={t('loading')}>
      <Skeletons count={8} className="h-11" />
    </div>
  )
}
