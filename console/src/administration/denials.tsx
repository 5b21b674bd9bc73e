import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Ban, CircleAlert } from 'lucide-react'
import type { Denial } from '@chaveiro/sdk'
import { EVENT_WORDS } from '../activity/events.ts'
import { client } from '../api.ts'
import { useToolTitle } from '../chat/tool-title.ts'
import { useWords } from '../language.ts'
import { Badge } from '../parts/badge.tsx'
import { BOX_LOOK, FieldFrame } from '../parts/field.tsx'
import { LISTED } from '../parts/listed.ts'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { More } from '../parts/more.tsx'
import { When } from '../parts/when.tsx'
import { Alerts } from './alerts.tsx'
import type { DenialsFilter } from './queries.ts'
import { useNameOf, useUserName } from './user-name.ts'
import { whyWord } from './why-words.ts'

/** What can be looked for; the rest is found without a filter. */
const TYPES = [
  'access.denied',
  'token.rejected',
  'user.sign_in_failed',
  'tool.called',
  'connection.rejected',
  'client.token_reused',
  'credential.unreadable',
] as const

/** What failed or was denied on the whole server, and what of it is unusual. The filters live in the address. */
export function Denials() {
  const search = useSearch({ from: '/inside/administration/$section' })
  const filter: DenialsFilter = {
    ...(search.type === undefined ? {} : { type: search.type }),
    ...(search.user === undefined ? {} : { user_id: search.user }),
    ...(search.address === undefined ? {} : { address: search.address }),
  }
  return (
    <>
      <Alerts />
      <Filters filter={filter} />
      <DenialList filter={filter} />
    </>
  )
}

function Filters({ filter }: { readonly filter: DenialsFilter }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const { type, user_id: user, address } = filter
  const named = useNameOf(user)
  const isNarrow = user !== undefined || address !== undefined
  const section = { section: 'denials' }
  return (
    <div className="flex flex-wrap items-end gap-3">
      <div className="w-full max-w-xs">
        <FieldFrame label={t('denials.what')}>
          {(ids) => (
            <select
              {...ids}
              value={type ?? ''}
              className={BOX_LOOK}
              onChange={({ target: { value } }) =>
                void navigate({
                  to: '/administration/$section',
                  params: section,
                  search: {
                    ...(value === '' ? {} : { type: value }),
                    ...(user === undefined ? {} : { user }),
                    ...(address === undefined ? {} : { address }),
                  },
                  replace: true,
                })
              }
            >
              <option value="">{t('activity.all')}</option>
              {TYPES.map((one) => (
                <option key={one} value={one}>
                  {t(EVENT_WORDS[one] ?? 'denials.other')}
                </option>
              ))}
            </select>
          )}
        </FieldFrame>
      </div>
      {isNarrow ? (
        <p className="flex min-h-9 flex-wrap items-center gap-x-3">
          <span className="min-w-0 break-words">
            {user === undefined
              ? t('denials.only_address', { address: address ?? '' })
              : t('denials.only_user', { name: named })}
          </span>
          <Link
            to="/administration/$section"
            params={section}
            search={type === undefined ? {} : { type }}
            className="link"
          >
            {t('denials.everyone')}
          </Link>
        </p>
      ) : null}
    </div>
  )
}

function DenialList({ filter }: { readonly filter: DenialsFilter }) {
  const { t } = useWords()
  const pages = useInfiniteQuery({
    queryKey: ['admin', 'denials', filter],
    queryFn: ({ pageParam }) =>
      client.admin.denials.list({ ...filter, ...(pageParam === null ? {} : { cursor: pageParam }) }),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
  })
  return (
    <Loaded query={pages} skeleton={<Skeletons count={5} className="h-12" />}>
      {(found) => {
        const events = found.pages.flatMap((page) => page.events)
        return (
          <>
            {events.length === 0 ? <p className="text-ink-soft">{t('denials.none')}</p> : null}
            <ul className="divide-y divide-line rounded-card border border-line bg-surface empty:hidden">
              {events.map((event) => (
                <DenialRow key={event.id} event={event} />
              ))}
            </ul>
            <More pages={pages} label={t('activity.more')} />
          </>
        )
      }}
    </Loaded>
  )
}

function DenialRow({ event }: { readonly event: Denial }) {
  const { t } = useWords()
  const nameOf = useUserName()
  const titleOf = useToolTitle()
  const word = EVENT_WORDS[event.type]
  const address = textIn(event.actor, 'address')
  const why = textIn(event.details, 'reason') ?? textIn(event.details, 'code')
  const reason = why === undefined ? undefined : whyWord(why)
  const tool = textIn(event.details, 'tool')
  const about = [
    reason === undefined ? undefined : t(reason),
    textIn(event.details, 'path'),
    tool === undefined ? undefined : titleOf(tool),
    textIn(event.target, 'provider'),
  ]
  const codes = [event.type, why, tool].filter((each) => each !== undefined)
  const isDenied = event.outcome === 'denied'
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium">{t(word ?? 'denials.other')}</p>
        <p className="flex flex-wrap gap-x-2 break-all text-sm text-ink-soft">
          {event.user_id === null ? null : (
            <Link
              to="/administration/$section"
              params={{ section: 'users' }}
              search={{ user: event.user_id }}
              className="link"
            >
              {nameOf(event.user_id, event.user_name)}
            </Link>
          )}
          {address === undefined ? null : (
            <Link to="/administration/$section" params={{ section: 'denials' }} search={{ address }} className="link">
              {address}
            </Link>
          )}
          {about.some((each) => each !== undefined) ? (
            <span>{about.filter((each) => each !== undefined).join(LISTED)}</span>
          ) : null}
        </p>
        <details className="text-xs text-ink-soft">
          <summary className="link w-fit">{t('denials.codes')}</summary>
          <code className="font-mono break-all">{codes.join(LISTED)}</code>
        </details>
      </div>
      <div className="flex items-center gap-4">
        <Badge
          icon={isDenied ? Ban : CircleAlert}
          tone={isDenied ? 'warn' : 'bad'}
          text={t(isDenied ? 'outcome.denied' : 'outcome.failure')}
        />
        <span className="text-sm text-ink-soft sm:w-32 sm:text-right">
          <When iso={event.at} />
        </span>
      </div>
    </li>
  )
}

function textIn(record: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = record[name]
  return typeof value === 'string' ? value : undefined
}
