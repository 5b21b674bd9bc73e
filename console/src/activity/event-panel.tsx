import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { useRef, type KeyboardEvent, type ReactNode } from 'react'
import type { ActivityEvent } from '@chaveiro/sdk'
import { approvalQuery, client } from '../api.ts'
import { ApprovalChange } from '../chat/approval-change.tsx'
import { useWords } from '../language.ts'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { Copy } from '../parts/copy.tsx'
import { Failure } from '../parts/failure.tsx'
import { LISTED } from '../parts/listed.ts'
import { Skeletons } from '../parts/loaded.tsx'
import { PROBLEM_KEYS } from '../parts/problem-keys.ts'
import { SidePanel } from '../parts/side-panel.tsx'
import { duration, exactTime } from '../times.ts'
import { toldEvent } from './events.ts'
import type { Names } from './names.ts'
import { OUTCOME_LOOKS } from './outcomes.ts'

interface EventPanelProps {
  readonly id: number
  /** Those of the list; an address may open one that is not among them. */
  readonly events: readonly ActivityEvent[]
  readonly names: Names
  readonly onShow: (id: number) => void
  readonly onClose: () => void
}

/** One event, whole: who did what to what, how it ended, and where to go on from there. */
export function EventPanel({ id, events, names, onShow, onClose }: EventPanelProps) {
  const { t } = useWords()
  const index = events.findIndex((event) => event.id === id)
  const found = useQuery({ queryKey: ['activity-event', id], queryFn: () => findEvent(id), enabled: index === -1 })
  const event = events[index] ?? found.data ?? undefined
  const [newer, older] = index === -1 ? [] : [events[index - 1]?.id, events[index + 1]?.id]
  // The panel is gone when it is asked for.
  const shown = useRef(id)
  shown.current = id
  const onKeyDown = (key: KeyboardEvent) => {
    const next = { ArrowUp: newer, ArrowDown: older }[key.key]
    if (next === undefined) return
    key.preventDefault()
    onShow(next)
  }
  return (
    <SidePanel
      title={event === undefined ? t('event.title') : toldEvent(event, names, t).action}
      onClose={onClose}
      onKeyDown={onKeyDown}
      returnTo={() => rowOf(shown.current) ?? document.querySelector('h1')}
    >
      {event === undefined ? null : <EventDetails event={event} names={names} />}
      {found.isError ? <Failure error={found.error} onRetry={() => void found.refetch()} /> : null}
      {found.data === null ? <p className="text-ink-soft">{t('event.missing')}</p> : null}
      {event === undefined && found.isLoading ? <Skeletons count={5} className="h-9" /> : null}
      <div className="mt-5 flex gap-2">
        <Button disabled={newer === undefined} onClick={() => newer !== undefined && onShow(newer)}>
          <ChevronUp size={16} strokeWidth={1.5} aria-hidden />
          {t('event.newer')}
        </Button>
        <Button disabled={older === undefined} onClick={() => older !== undefined && onShow(older)}>
          <ChevronDown size={16} strokeWidth={1.5} aria-hidden />
          {t('event.older')}
        </Button>
      </div>
    </SidePanel>
  )
}

function rowOf(id: number): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-event="${id}"]`)
}

/** The newest event that is not newer than this one: itself, or it is not the reader's. */
async function findEvent(id: number): Promise<ActivityEvent | null> {
  const { events } = await client.activity.list({ cursor: id + 1, limit: 1 })
  return events.find((event) => event.id === id) ?? null
}

function EventDetails({ event, names }: { readonly event: ActivityEvent; readonly names: Names }) {
  const { t, language } = useWords()
  const told = toldEvent(event, names, t)
  const { icon, tone, word } = OUTCOME_LOOKS[event.outcome]
  return (
    <>
      <p className="mb-4 break-words text-ink-soft">
        {[told.actor, told.action, ...told.target.slice(0, 1)].join(' → ')}
      </p>
      <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-3 gap-y-2 text-sm">
        <Detail label={t('activity.outcome')}>
          <Badge icon={icon} tone={tone} text={t(word)} />
          {told.code === undefined ? null : <Code code={told.code} />}
        </Detail>
        <Detail label={t('activity.when')}>
          <time dateTime={event.at}>{exactTime(event.at, language)}</time>
        </Detail>
        <Detail label={t('activity.who')}>{told.actor}</Detail>
        {told.via === undefined || told.via === told.actor ? null : (
          <Detail label={t('activity.client')}>{told.via}</Detail>
        )}
        {told.target.length === 0 ? null : <Detail label={t('event.target')}>{told.target.join(LISTED)}</Detail>}
        {told.durationMs === undefined ? null : (
          <Detail label={t('activity.duration')}>{duration(told.durationMs, language)}</Detail>
        )}
        {told.address === undefined ? null : <Detail label={t('event.address')}>{told.address}</Detail>}
        {told.runId === undefined ? null : <RunLink id={told.runId} />}
        {told.approvalId === undefined ? null : <Approval id={told.approvalId} />}
        {event.request_id === null ? null : (
          <Detail label={t('request_id')}>
            <code className="font-mono text-xs break-all">{event.request_id}</code> <Copy text={event.request_id} />
          </Detail>
        )}
      </dl>
      <details className="mt-4 text-sm">
        <summary className="link w-fit">{t('event.raw')}</summary>
        <pre tabIndex={0} className="mt-2 max-h-80 overflow-auto rounded-control bg-paper p-3 font-mono text-xs">
          {JSON.stringify(event, null, 2)}
        </pre>
      </details>
    </>
  )
}

function Detail({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-soft">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  )
}

/** The code as the server has it, and what it means where we have words for it. */
function Code({ code }: { readonly code: string }) {
  const { t } = useWords()
  const key = PROBLEM_KEYS[code]
  return (
    <>
      {key === undefined ? null : <p>{t(key)}</p>}
      <code className="font-mono text-xs text-ink-soft">{code}</code>
    </>
  )
}

/** Leads to the conversation; one that was deleted leads nowhere. */
function RunLink({ id }: { readonly id: number }) {
  const { t } = useWords()
  const run = useQuery({ queryKey: ['runs', id], queryFn: () => client.runs.get(id), retry: false }).data
  return (
    <Detail label={t('event.run')}>
      {run === undefined ? (
        String(id)
      ) : (
        <Link to="/chat/$threadId" params={{ threadId: String(run.thread_id) }} className="link">
          {t('event.open_thread')}
        </Link>
      )}
    </Detail>
  )
}

function Approval({ id }: { readonly id: number }) {
  const { t } = useWords()
  const approval = useQuery({ ...approvalQuery(id), retry: false }).data
  return (
    <Detail label={t('event.approval')}>
      {approval === undefined ? (
        String(id)
      ) : (
        <div
          tabIndex={0}
          role="group"
          aria-label={t('approval.exactly')}
          className="max-h-60 overflow-auto rounded-control bg-paper p-3 text-sm"
        >
          <ApprovalChange approval={approval} />
        </div>
      )}
    </Detail>
  )
}
