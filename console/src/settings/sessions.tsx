import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { MySession } from '@chaveiro/sdk'
import { client, meSessionsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { AskFirst } from '../parts/ask-first.tsx'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { When } from '../parts/when.tsx'
import { deviceOf } from './device.ts'

/** Where the account is signed in, and signing out from afar. */
export function Sessions() {
  const { t } = useWords()
  const queries = useQueryClient()
  const sessions = useQuery(meSessionsQuery)
  const others = sessions.data?.filter(({ current }) => !current).length ?? 0
  return (
    <section className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-lg">{t('settings.sessions')}</h2>
        {others === 0 ? null : (
          <AskFirst
            label={t('settings.end_others')}
            verb={t('settings.end_others')}
            title={t('settings.end_others_title', { count: others })}
            text={<p>{t('settings.end_others_text')}</p>}
            act={client.me.endOtherSessions}
            onDone={() => queries.invalidateQueries({ queryKey: meSessionsQuery.queryKey })}
            isLast
          />
        )}
      </div>
      <Loaded query={sessions} skeleton={<Skeletons count={2} className="h-14" />}>
        {(list) => (
          <ul className="divide-y divide-line rounded-card border border-line bg-surface">
            {list.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  )
}

/** Ending one needs no confirmation: whoever is there signs in again. */
function SessionRow({ session }: { readonly session: MySession }) {
  const { t } = useWords()
  const queries = useQueryClient()
  const end = useMutation({
    mutationFn: () => client.me.endSession(session.id),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: meSessionsQuery.queryKey })
      // The row that had the focus is gone.
      document.querySelector<HTMLElement>('h1')?.focus()
    },
  })
  const device = deviceOf(session.user_agent) ?? t('settings.unknown_device')
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 p-4">
      <div className="min-w-0">
        <p className="break-words">{device}</p>
        <p className="text-sm text-ink-soft">
          {session.current ? `${t('settings.this_session')} · ` : ''}
          {session.ip_address === null ? '' : `${session.ip_address} · `}
          <When iso={session.created_at} />
        </p>
        {end.isError ? <Failure error={end.error} /> : null}
      </div>
      {session.current ? null : (
        <Button busy={end.isPending} aria-label={t('settings.end_session_of', { device })} onClick={() => end.mutate()}>
          {t('settings.end_session')}
        </Button>
      )}
    </li>
  )
}
