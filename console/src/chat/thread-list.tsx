import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Thread } from '@chaveiro/sdk'
import { client, threadsQuery } from '../api.ts'
import { matching } from '../frame/matches.ts'
import { useWords } from '../language.ts'
import { buttonLook } from '../parts/button.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { BOX_LOOK } from '../parts/field.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'

/** Fewer than this are found by looking. */
const SEARCHED_FROM = 8

export function ThreadList({ current, onChosen }: { readonly current: number | null; readonly onChosen?: () => void }) {
  const { t } = useWords()
  const [typed, setTyped] = useState('')
  const [leaving, setLeaving] = useState<Thread | null>(null)
  const threads = useQuery(threadsQuery)
  return (
    <div className="grid grid-cols-1 gap-3">
      <Link to="/chat" onClick={onChosen} className={`${buttonLook('quiet')} w-full`}>
        <Plus size={16} strokeWidth={1.5} aria-hidden />
        {t('chat.new')}
      </Link>
      <Loaded query={threads} skeleton={<Skeletons count={4} className="h-8" />}>
        {(list) => {
          const shown = matching(
            list.map((thread) => ({ ...thread, text: thread.title })),
            typed,
          )
          return (
            <>
              {list.length < SEARCHED_FROM ? null : (
                <input
                  type="search"
                  aria-label={t('chat.search')}
                  placeholder={t('chat.search')}
                  value={typed}
                  onChange={(event) => setTyped(event.target.value)}
                  className={BOX_LOOK}
                />
              )}
              {shown.length === 0 ? <p className="px-2 text-sm text-ink-soft">{t('chat.no_threads')}</p> : null}
              <ul className="grid grid-cols-1 gap-0.5">
                {shown.map((thread) => (
                  <ThreadRow
                    key={thread.id}
                    thread={thread}
                    isCurrent={thread.id === current}
                    onChosen={onChosen}
                    onDelete={() => setLeaving(thread)}
                  />
                ))}
              </ul>
            </>
          )
        }}
      </Loaded>
      {leaving === null ? null : (
        <DeleteThread thread={leaving} isCurrent={leaving.id === current} onClose={() => setLeaving(null)} />
      )}
    </div>
  )
}

interface ThreadRowProps {
  readonly thread: Thread
  readonly isCurrent: boolean
  readonly onChosen: (() => void) | undefined
  readonly onDelete: () => void
}

function ThreadRow({ thread, isCurrent, onChosen, onDelete }: ThreadRowProps) {
  const { t } = useWords()
  return (
    <li className="group flex items-center">
      <Link
        to="/chat/$threadId"
        params={{ threadId: String(thread.id) }}
        onClick={onChosen}
        aria-current={isCurrent ? 'page' : undefined}
        className={`min-w-0 flex-1 truncate rounded-control px-2 py-1.5 text-sm ${isCurrent ? 'bg-line/60 font-medium' : 'text-ink-soft hover:text-ink'}`}
      >
        {thread.title}
      </Link>
      <button
        type="button"
        aria-label={t('chat.delete', { title: thread.title })}
        onClick={onDelete}
        className="grid size-8 shrink-0 place-items-center rounded-control text-ink-soft hover:text-bad md:opacity-0 md:focus-visible:opacity-100 md:group-hover:opacity-100"
      >
        <Trash2 size={16} strokeWidth={1.5} aria-hidden />
      </button>
    </li>
  )
}

interface DeleteThreadProps {
  readonly thread: Thread
  readonly isCurrent: boolean
  readonly onClose: () => void
}

function DeleteThread({ thread, isCurrent, onClose }: DeleteThreadProps) {
  const { t } = useWords()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const remove = useMutation({
    mutationFn: () => client.threads.delete(thread.id),
    async onSuccess() {
      onClose()
      if (isCurrent) await navigate({ to: '/chat' })
      await queries.invalidateQueries({ queryKey: threadsQuery.queryKey, exact: true })
    },
  })
  return (
    <Confirm
      open
      onClose={onClose}
      title={t('chat.delete_title', { title: thread.title })}
      verb={t('chat.delete_verb')}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
    >
      <p>{t('chat.delete_text')}</p>
    </Confirm>
  )
}
