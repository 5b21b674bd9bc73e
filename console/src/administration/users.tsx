import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Ban, CircleCheck } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import type { ManagedUser } from '@chaveiro/sdk'
import { client } from '../api.ts'
import { useWords } from '../language.ts'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { More } from '../parts/more.tsx'
import { When } from '../parts/when.tsx'
import { USERS_KEY, usersQuery } from './queries.ts'
import { ROLE_WORDS } from './role-words.ts'
import { UserPanel } from './user-panel.tsx'

const PAGE_SIZE = 50

/** Everybody on this server. What was searched for and who is looked at stand in the address. */
export function Users() {
  const { t } = useWords()
  const { search: searched = '', user: shown } = useSearch({ from: '/inside/administration/$section' })
  const navigate = useNavigate()
  const look = (changed: { readonly search?: string; readonly user?: number | undefined }) => {
    const { search, user } = { search: searched, user: shown, ...changed }
    void navigate({
      to: '/administration/$section',
      params: { section: 'users' },
      search: { ...(search === '' ? {} : { search }), ...(user === undefined ? {} : { user }) },
      replace: changed.search !== undefined,
    })
  }
  return (
    <>
      <div className="max-w-md">
        <Field
          label={t('users.search')}
          type="search"
          defaultValue={searched}
          onChange={(event) => look({ search: event.target.value.trim() })}
        />
      </div>
      <UserList searched={searched} onShow={(id) => look({ user: id })} />
      <UserDialog id={shown} onClose={() => look({ user: undefined })} />
    </>
  )
}

function UserList({ searched, onShow }: { readonly searched: string; readonly onShow: (id: number) => void }) {
  const { t } = useWords()
  // While somebody types, the list before stays.
  const search = useDeferredValue(searched)
  const pages = useInfiniteQuery({
    queryKey: [...USERS_KEY, 'pages', search],
    queryFn: ({ pageParam }) =>
      client.admin.users.list({
        limit: PAGE_SIZE,
        ...(search === '' ? {} : { search }),
        ...(pageParam === null ? {} : { cursor: pageParam }),
      }),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: (before) => before,
  })
  return (
    <Loaded query={pages} skeleton={<Skeletons count={4} className="h-16" />}>
      {(found) => {
        const users = found.pages.flatMap((page) => page.users)
        return (
          <>
            {users.length === 0 ? <p className="text-ink-soft">{t('users.none')}</p> : null}
            <ul className="divide-y divide-line rounded-card border border-line bg-surface empty:hidden">
              {users.map((user) => (
                <UserRow key={user.id} user={user} onShow={() => onShow(user.id)} />
              ))}
            </ul>
            <More pages={pages} label={t('users.more')} />
          </>
        )
      }}
    </Loaded>
  )
}

function UserRow({ user, onShow }: { readonly user: ManagedUser; readonly onShow: () => void }) {
  const { t } = useWords()
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="break-words font-medium">{user.name}</p>
        <p className="break-words text-sm text-ink-soft">
          {user.email} · {t(ROLE_WORDS[user.role])} · {t('users.since')} <When iso={user.created_at} />
        </p>
      </div>
      {user.banned ? (
        <Badge icon={Ban} tone="bad" text={t('users.disabled')} />
      ) : (
        <Badge icon={CircleCheck} tone="good" text={t('users.enabled')} />
      )}
      <Button aria-label={t('users.manage_named', { name: user.name })} onClick={onShow}>
        {t('users.manage')}
      </Button>
    </li>
  )
}

/** One user, found by the id in the address. */
function UserDialog({ id, onClose }: { readonly id: number | undefined; readonly onClose: () => void }) {
  const { t } = useWords()
  const [last, setLast] = useState(id)
  if (id !== undefined && id !== last) setLast(id)
  const wanted = id ?? last
  const query = useQuery({ ...usersQuery(String(wanted ?? ''), null), enabled: wanted !== undefined })
  const user = query.data?.users.find((each) => each.id === wanted)
  return (
    <Dialog open={id !== undefined} onClose={onClose} title={user?.name ?? t('users.one')}>
      {user === undefined ? (
        <UserMissing error={query.error} isLoading={query.isPending} />
      ) : (
        <UserPanel key={user.id} user={user} onGone={onClose} />
      )}
    </Dialog>
  )
}

function UserMissing({ error, isLoading }: { readonly error: unknown; readonly isLoading: boolean }) {
  const { t } = useWords()
  if (error !== null) return <Failure error={error} />
  return isLoading ? <Skeletons count={2} className="h-12" /> : <p>{t('users.gone')}</p>
}
