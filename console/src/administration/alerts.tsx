import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck, TriangleAlert } from 'lucide-react'
import type { Alert } from '@chaveiro/sdk'
import { useWords, type WordKey } from '../language.ts'
import { Badge } from '../parts/badge.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { When } from '../parts/when.tsx'
import { alertsQuery } from './queries.ts'
import { useUserName } from './user-name.ts'

const KIND_WORDS: Readonly<Record<Alert['kind'], WordKey>> = {
  many_from_address: 'alert.many_from_address',
  many_of_user: 'alert.many_of_user',
  many_failures: 'alert.many_failures',
  token_reused: 'alert.token_reused',
  credential_unreadable: 'alert.credential_unreadable',
  chain_broken: 'alert.chain_broken',
}

/** What of the last day somebody should look at. */
export function Alerts() {
  const { t } = useWords()
  const alerts = useQuery(alertsQuery)
  return (
    <section className="grid gap-2" aria-label={t('alerts.title')}>
      <Loaded query={alerts} skeleton={<Skeletons count={1} className="h-12" />}>
        {(list) =>
          list.length === 0 ? (
            <p>
              <Badge icon={CircleCheck} tone="good" text={t('alerts.none')} />
            </p>
          ) : (
            <ul className="grid gap-2">
              {list.map((alert) => (
                <AlertRow key={[alert.kind, alert.address, alert.user_id].join(' ')} alert={alert} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  )
}

function AlertRow({ alert }: { readonly alert: Alert }) {
  const { t } = useWords()
  const nameOf = useUserName()
  const { kind, count, address, user_id: user, last_at: last } = alert
  const search = { ...(user === null ? {} : { user }), ...(address === null ? {} : { address }) }
  const who = address ?? (user === null ? '' : nameOf(user, alert.user_name))
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-card border border-warn p-3">
      <span className="flex min-w-0 flex-1 basis-56 gap-2">
        <TriangleAlert size={16} strokeWidth={1.5} aria-hidden className="mt-0.5 shrink-0 text-warn" />
        <span className="min-w-0 break-words font-medium">{t(KIND_WORDS[kind], { count, who })}</span>
      </span>
      <span className="text-sm text-ink-soft">
        {t('alerts.last')} <When iso={last} />
      </span>
      {user === null && address === null ? null : (
        <Link to="/administration/$section" params={{ section: 'denials' }} search={search} className="link">
          {t('alerts.look')}
        </Link>
      )}
    </li>
  )
}
