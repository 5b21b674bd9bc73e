import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Pencil, Plus, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState, type RefObject } from 'react'
import type { Thread } from '@chaveiro/sdk'
import { useWords } from '../language.ts'
import { buttonLook } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { BOX_LOOK } from '../parts/field.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { DeleteThread, RenameThread } from './change-thread.tsx'
import { threadPagesQuery } from './thread-pages.ts'
import { useThreadSearch } from './thread-search.ts'
import { visibleText } from './visible-text.ts'

/** Fewer than this are found by looking. */
const SEARCHED_FROM = 8

interface ThreadListProps {
  readonly current: number | null
  readonly onChosen?: () => void
}

export function ThreadList({ current, onChosen }: ThreadListProps) {
  const { t } = useWords()
  const { typed, search, type } = useThreadSearch()
  const pages = useInfiniteQuery(threadPagesQuery(search))
  return (
    <div className="flex h-full min-h-0 flex-col gap-3">
      <Link to="/chat" onClick={onChosen} className={`${buttonLook('quiet')} w-full shrink-0`}>
        <Plus size={16} strokeWidth={1.5} aria-hidden />
        {t('chat.new')}
      </Link>
      <Loaded query={pages} skeleton={<Skeletons count={4} className="h-8" />}>
        {(found) => {
          const threads = found.pages.flatMap((page) => page.threads)
          return (
            <>
              {threads.length < SEARCHED_FROM && typed === '' ? null : (
                <input
                  type="search"
                  aria-label={t('chat.search')}
                  placeholder={t('chat.search')}
                  value={typed}
                  onChange={(event) => type(event.target.value)}
                  className={`${BOX_LOOK} shrink-0`}
                />
              )}
              {threads.length === 0 ? (
                <p role="status" className="px-2 text-sm text-ink-soft">
                  {t(search === '' ? 'chat.no_threads' : 'chat.nothing_found')}
                </p>
              ) : null}
              {pages.isError ? <Failure error={pages.error} onRetry={() => void pages.refetch()} /> : null}
              <Rows
                threads={threads}
                current={current}
                search={search}
                onChosen={onChosen}
                onEnd={() => {
                  if (pages.hasNextPage && !pages.isFetchingNextPage && !pages.isError) void pages.fetchNextPage()
                }}
              />
            </>
          )
        }}
      </Loaded>
    </div>
  )
}

const ROW_PIXELS = 34
/** Rows beyond the edges that are there already when somebody scrolls. */
const OVERSCAN = 12
/** Rows before the end at which the next ones are asked for. */
const AHEAD = 20

interface RowsProps {
  readonly threads: readonly Thread[]
  readonly current: number | null
  readonly search: string
  readonly onChosen: (() => void) | undefined
  readonly onEnd: () => void
}

/** Only the rows that can be seen are drawn: a thousand conversations cost what twenty do. */
function Rows({ threads, current, search, onChosen, onEnd }: RowsProps) {
  const frame = useRef<HTMLDivElement>(null)
  const [changing, setChanging] = useState<{ readonly what: 'rename' | 'delete'; readonly thread: Thread } | null>(null)
  const rows = useVirtualizer({
    count: threads.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PIXELS,
    overscan: OVERSCAN,
    initialOffset: keptOffset,
  })
  const shown = rows.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= threads.length - AHEAD) onEnd()
  })
  useKeptOffset(frame)
  const close = () => setChanging(null)
  return (
    <div ref={frame} className="max-h-[70dvh] min-h-0 flex-1 overflow-y-auto lg:max-h-none">
      <ul className="relative" style={{ height: rows.getTotalSize() }}>
        {shown.map(({ index, start }) => {
          const thread = threads[index]
          return thread === undefined ? null : (
            <ThreadRow
              key={thread.id}
              thread={thread}
              start={start}
              search={search}
              isCurrent={thread.id === current}
              onChosen={onChosen}
              onChange={(what) => setChanging({ what, thread })}
            />
          )
        })}
      </ul>
      {changing?.what === 'rename' ? <RenameThread thread={changing.thread} onClose={close} /> : null}
      {changing?.what === 'delete' ? (
        <DeleteThread thread={changing.thread} isCurrent={changing.thread.id === current} onClose={close} />
      ) : null}
    </div>
  )
}

/** Where the list was scrolled to: opening a conversation draws the page anew, and the list must not jump. */
let keptOffset = 0

function useKeptOffset(frame: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const element = frame.current
    if (element === null) return undefined
    const keep = () => {
      keptOffset = element.scrollTop
    }
    element.addEventListener('scroll', keep, { passive: true })
    return () => element.removeEventListener('scroll', keep)
  }, [frame])
}

interface ThreadRowProps {
  readonly thread: Thread
  readonly start: number
  readonly search: string
  readonly isCurrent: boolean
  readonly onChosen: (() => void) | undefined
  readonly onChange: (what: 'rename' | 'delete') => void
}

const ROW_BUTTON =
  'grid size-8 shrink-0 place-items-center rounded-control text-ink-soft hover:text-ink md:sr-only md:group-hover:not-sr-only md:group-focus-within:not-sr-only md:group-hover:grid md:group-hover:size-8 md:group-focus-within:grid md:group-focus-within:size-8'

function ThreadRow({ thread, start, search, isCurrent, onChosen, onChange }: ThreadRowProps) {
  const { t } = useWords()
  const title = visibleText(thread.title)
  return (
    <li className="group absolute inset-x-0 flex items-center" style={{ top: start }}>
      <Link
        to="/chat/$threadId"
        params={{ threadId: String(thread.id) }}
        search={search === '' ? {} : { search }}
        onClick={onChosen}
        aria-current={isCurrent ? 'page' : undefined}
        className={`min-w-0 flex-1 truncate rounded-control px-2 py-1.5 text-sm ${isCurrent ? 'bg-line/60 font-medium' : 'text-ink-soft hover:text-ink'}`}
      >
        {title}
      </Link>
      <button
        type="button"
        aria-label={t('chat.rename', { title })}
        onClick={() => onChange('rename')}
        className={ROW_BUTTON}
      >
        <Pencil size={16} strokeWidth={1.5} aria-hidden />
      </button>
      <button
        type="button"
        aria-label={t('chat.delete', { title })}
        onClick={() => onChange('delete')}
        className={ROW_BUTTON}
      >
        <Trash2 size={16} strokeWidth={1.5} aria-hidden />
      </button>
    </li>
  )
}
