import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Ban, CircleAlert, CircleCheck } from 'lucide-react'
import type { ActivityEvent, ActivityQuery } from '@chaveiro/sdk'
import { client, toolsQuery } from '../api.ts'
import { useWords, type WordKey } from '../language.ts'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { BOX_LOOK, FieldFrame } from '../parts/field.tsx'
import { Page } from '../parts/page.tsx'
import { Skeletons } from '../parts/loaded.tsx'
import { When } from '../parts/when.tsx'
import { actorWord, EVENT_WORDS, FILTERED_TYPES, targetNames } from './events.ts'

const PAGE_SIZE = 50

const OUTCOMES = {
  success: { icon: CircleCheck, tone: 'good', word: 'outcome.success' },
  failure: { icon: CircleAlert, tone: 'bad', word: 'outcome.failure' },
  denied: { icon: Ban, tone: 'warn', word: 'outcome.denied' },
} as const

const OUTCOME_NAMES = ['success', 'failure', 'denied'] as const

type Search = Pick<ActivityQuery, 'outcome' | 'type'>

/** What was done in the reader's name; the filters live in the address. */
export function ActivityPage() {
  const { t } = useWords()
  const search: Search = useSearch({ from: '/inside/activity' })
  const pages = useInfiniteQuery({
    queryKey: ['activity', search],
    queryFn: ({ pageParam }) =>
      client.activity.list({ ...search, limit: PAGE_SIZE, ...(pageParam === null ? {} : { cursor: pageParam }) }),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
  })
  const events = pages.data?.pages.flatMap((page) => page.events)
  return (
    <Page title={t('place.activity')} lede={t('activity.lede')}>
      <Filters search={search} />
      {pages.isError ? <Failure error={pages.error} onRetry={() => void pages.refetch()} /> : null}
      {pages.isPending ? (
        <div role="status" aria-label={t('loading')}>
          <Skeletons count={6} className="h-12" />
        </div>
      ) : null}
      {events?.length === 0 ? <p className="text-ink-soft">{t('activity.empty')}</p> : null}
      {events === undefined || events.length === 0 ? null : (
        <ul className="divide-y divide-line rounded-card border border-line bg-surface">
          {events.map((event) => (
            <EventRow key={event.id} event={event} />
          ))}
        </ul>
      )}
      {pages.hasNextPage ? (
        <Button
          className="justify-self-center"
          busy={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {t('activity.more')}
        </Button>
      ) : null}
    </Page>
  )
}

function Filters({ search }: { readonly search: Search }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const set = (changed: Record<keyof Search, string | undefined>) => {
    const { type } = changed
    const outcome = OUTCOME_NAMES.find((one) => one === changed.outcome)
    void navigate({
      to: '/activity',
      search: { ...(outcome === undefined ? {} : { outcome }), ...(type === undefined || type === '' ? {} : { type }) },
      replace: true,
    })
  }
  const { outcome, type } = search
  return (
    <div className="grid max-w-xl gap-3 sm:grid-cols-2">
      <FieldFrame label={t('activity.outcome')}>
        {(ids) => (
          <select
            {...ids}
            value={outcome ?? ''}
            className={BOX_LOOK}
            onChange={(event) => set({ type, outcome: event.target.value })}
          >
            <option value="">{t('activity.all')}</option>
            {OUTCOME_NAMES.map((one) => (
              <option key={one} value={one}>
                {t(OUTCOMES[one].word)}
              </option>
            ))}
          </select>
        )}
      </FieldFrame>
      <FieldFrame label={t('activity.type')}>
        {(ids) => (
          <select
            {...ids}
            value={type ?? ''}
            className={BOX_LOOK}
            onChange={(event) => set({ outcome, type: event.target.value })}
          >
            <option value="">{t('activity.all')}</option>
            {[...new Set([...FILTERED_TYPES, ...(type === undefined ? [] : [type])])].map((one) => (
              <option key={one} value={one}>
                {eventText(one, t)}
              </option>
            ))}
          </select>
        )}
      </FieldFrame>
    </div>
  )
}

function eventText(type: string, t: (key: WordKey) => string): string {
  const key = EVENT_WORDS[type]
  return key === undefined ? type : t(key)
}

function EventRow({ event }: { readonly event: ActivityEvent }) {
  const { t, local } = useWords()
  const tools = useQuery(toolsQuery).data
  const { icon, tone, word } = OUTCOMES[event.outcome]
  const name = event.details['tool'] ?? event.target['tool']
  const tool = tools?.find((one) => one.name === name)
  const subject = [
    t(actorWord(event.actor)),
    ...(tool === undefined ? (typeof name === 'string' ? [name] : []) : [local(tool.title)]),
    ...targetNames(event.target),
  ]
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium">{eventText(event.type, t)}</p>
        <p className="break-words text-sm text-ink-soft">{subject.join(' · ')}</p>
      </div>
      <div className="flex items-center gap-4">
        <Badge icon={icon} tone={tone} text={t(word)} />
        <span className="text-sm text-ink-soft sm:w-32 sm:text-right">
          <When iso={event.at} />
        </span>
      </div>
    </li>
  )
}
