import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { AllowedClient, Connection } from '@chaveiro/sdk'
import { client as api, connectionsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { AskFirst } from '../parts/ask-first.tsx'
import { buttonLook } from '../parts/button.tsx'
import { LISTED } from '../parts/listed.ts'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { When } from '../parts/when.tsx'
import { AccessTabs } from './access-tabs.tsx'
import { clientsQuery } from './queries.ts'
import { SCOPE_WORDS } from './scope-words.ts'

/** The MCP clients that the reader let in: what each may do, with which connections, and letting it out. */
export function ClientsPage() {
  const { t } = useWords()
  const clients = useQuery(clientsQuery)
  const [ended, setEnded] = useState<string>()
  return (
    <Page
      title={t('clients.title')}
      lede={t('clients.lede')}
      action={
        <Link to="/access/connect" className={buttonLook('primary')}>
          {t('connect_client.tab')}
        </Link>
      }
    >
      <AccessTabs />
      <p role="status" className="empty:hidden">
        {ended === undefined ? '' : t('clients.ended', { name: ended })}
      </p>
      <Loaded query={clients} skeleton={<Skeletons count={3} className="h-28" />}>
        {({ clients: list }) =>
          list.length === 0 ? (
            <div className="grid justify-items-start gap-2 rounded-card border border-line bg-surface p-5">
              <h2 className="text-lg">{t('clients.empty_title')}</h2>
              <p className="max-w-prose text-ink-soft">{t('clients.empty_text')}</p>
              <Link to="/access/connect" className="link">
                {t('clients.empty_action')}
              </Link>
            </div>
          ) : (
            <ul className="divide-y divide-line rounded-card border border-line bg-surface">
              {list.map((each) => (
                <ClientRow key={each.id} client={each} onEnded={() => setEnded(each.name)} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  )
}

function ClientRow({ client, onEnded }: { readonly client: AllowedClient; readonly onEnded: () => void }) {
  const { t } = useWords()
  const queries = useQueryClient()
  const connections = useQuery(connectionsQuery).data
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 p-4">
      <div className="grid min-w-0 flex-1 basis-64 gap-1">
        <h2 className="break-words text-base font-medium">{client.name}</h2>
        <p className="break-all text-sm text-ink-soft">
          {t(client.kind === 'dynamic' ? 'clients.goes_to' : 'clients.vouched', { host: client.host })}
        </p>
        <p className="text-sm">{client.scopes.map((scope) => t(SCOPE_WORDS[scope])).join(LISTED)}</p>
        <p className="break-words text-sm">{connectionText(client, connections, t)}</p>
        <p className="text-sm text-ink-soft">
          {client.last_used_at === null ? (
            t('clients.never_used')
          ) : (
            <>
              {t('clients.last_used')} <When iso={client.last_used_at} />
            </>
          )}
          {' · '}
          {t('clients.since')} <When iso={client.created_at} />
          {' · '}
          {t('clients.until')} <When iso={client.expires_at} />
        </p>
      </div>
      <AskFirst
        label={t('clients.revoke')}
        verb={t('clients.revoke_verb', { name: client.name })}
        title={t('clients.revoke_title', { name: client.name })}
        text={<p>{t('clients.revoke_text')}</p>}
        act={() => api.clients.revoke(client.id)}
        onDone={() => {
          onEnded()
          return queries.invalidateQueries({ queryKey: clientsQuery.queryKey })
        }}
        isLast
      />
    </li>
  )
}

function connectionText(
  client: AllowedClient,
  connections: readonly Connection[] | undefined,
  t: ReturnType<typeof useWords>['t'],
): string {
  if (client.connections === null) return t('clients.all_connections')
  const names = client.connections.flatMap(
    (id) => connections?.find(({ connection_id: each }) => each === id)?.label ?? [],
  )
  if (names.length > 0) return t('clients.only_connections', { names: names.join(', ') })
  return connections === undefined ? t('loading') : t('clients.no_connections')
}
