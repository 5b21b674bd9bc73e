import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Connection, ProviderSummary, RemoteServer } from '@chaveiro/sdk'
import { connectionsQuery, providersQuery, serversQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Failure } from '../parts/failure.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { ConnectionCard } from './connection-card.tsx'
import { Offers } from './offers.tsx'
import { Outcome } from './outcome.tsx'
import { Receipt, type Ended } from './receipt.tsx'

// What opens over the page comes when it opens.
const ConnectDialog = lazy(async () => ({ default: (await import('./connect-dialog.tsx')).ConnectDialog }))
const ServerDialog = lazy(async () => ({ default: (await import('./server-dialog.tsx')).ServerDialog }))
const ServerAgainDialog = lazy(async () => ({ default: (await import('./server-again-dialog.tsx')).ServerAgainDialog }))
const ServerToolsDialog = lazy(async () => ({ default: (await import('./server-tools-dialog.tsx')).ServerToolsDialog }))

interface Panel {
  readonly connect?: string
  readonly again?: number
  readonly server?: 'new'
  readonly tools?: number
}

export function ConnectionsPage() {
  const { t } = useWords()
  const search = useSearch({ from: '/inside/connections' })
  const navigate = useNavigate()
  const connections = useQuery(connectionsQuery)
  const providers = useQuery(providersQuery)
  const servers = useQuery(serversQuery)
  const open = (panel: Panel) => void navigate({ to: '/connections', search: panel, replace: true })
  const close = () => open({})
  const { ended, setEnded, leave } = useEnded(close)
  const providerOf = (id: string | undefined) => providers.data?.find((provider) => provider.id === id)

  return (
    <Page title={t('connections.title')} lede={t('connections.lede')}>
      <Outcome
        connected={search.connected}
        error={search.connect_error}
        connections={connections.data ?? []}
        onClose={leave}
      />
      {ended === null ? null : <Receipt ended={ended} provider={providerOf(ended.receipt.provider)} onClose={leave} />}
      <Loaded query={connections} skeleton={<Skeletons count={2} className="h-44" />}>
        {(list) => (
          <>
            {/* A list that could not be brought up to date is still a list; that it is old is said. */}
            <Stale query={connections} />
            <Stale query={servers} />
            <Cards
              connections={list}
              servers={servers.data ?? []}
              providerOf={providerOf}
              onOpen={open}
              onEnded={setEnded}
            />
          </>
        )}
      </Loaded>
      <Loaded query={providers} skeleton={<Skeletons count={2} className="h-16" />}>
        {(list) => (
          <Offers
            providers={list}
            connections={connections.data}
            onConnect={(connect) => open({ connect })}
            onServer={() => open({ server: 'new' })}
          />
        )}
      </Loaded>
      <Panels
        panel={search}
        provider={providerOf(search.connect)}
        servers={servers.data ?? []}
        onClose={close}
        onConnected={() => setEnded(null)}
        onServer={(server) => open({ tools: server.connection_id })}
      />
    </Page>
  )
}

/** The receipt that is shown, and what closes it, and all else that is open. */
function useEnded(close: () => void) {
  const [ended, setEnded] = useState<Ended | null>(null)
  const leave = () => {
    setEnded(null)
    close()
    // What was closed had the focus.
    document.querySelector<HTMLElement>('h1')?.focus()
  }
  return { ended, setEnded, leave }
}

function Stale({ query }: { readonly query: Pick<UseQueryResult, 'isError' | 'error' | 'refetch'> }) {
  return query.isError ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : null
}

interface CardsProps {
  readonly connections: readonly Connection[]
  readonly servers: readonly RemoteServer[]
  readonly providerOf: (id: string) => ProviderSummary | undefined
  readonly onOpen: (panel: Panel) => void
  readonly onEnded: (ended: Ended) => void
}

function Cards({ connections, servers, providerOf, onOpen, onEnded }: CardsProps) {
  const { t } = useWords()
  if (connections.length === 0) {
    return (
      <div className="rounded-card border border-dashed border-edge p-6">
        <h2 className="text-lg">{t('connections.empty_title')}</h2>
        <p className="mt-1 max-w-prose text-ink-soft">{t('connections.empty_text')}</p>
      </div>
    )
  }
  return (
    <ul className="grid grid-cols-1 gap-4 lg:grid-cols-2">
      {connections.map((connection) => {
        const { connection_id: id, provider, method } = connection
        const server = servers.find((each) => each.connection_id === id)
        return (
          <ConnectionCard
            key={id}
            connection={connection}
            provider={providerOf(provider)}
            server={server}
            onReconnect={() => onOpen(server === undefined ? { connect: provider, again: id } : { again: id })}
            onDisconnected={(receipt) => onEnded({ receipt, method })}
            onTools={() => onOpen({ tools: id })}
          />
        )
      })}
    </ul>
  )
}

interface PanelsProps {
  readonly panel: Panel
  readonly provider: ProviderSummary | undefined
  readonly servers: readonly RemoteServer[]
  readonly onClose: () => void
  readonly onConnected: () => void
  readonly onServer: (server: RemoteServer) => void
}

/** What is open over the page, by the address. */
function Panels({ panel, provider, servers, onClose, onConnected, onServer }: PanelsProps) {
  const serverOf = (id: number | undefined) => servers.find(({ connection_id: own }) => own === id)
  const [shown, again] = [serverOf(panel.tools), serverOf(panel.again)]
  return (
    <Suspense fallback={null}>
      {provider === undefined || provider.auth.length === 0 ? null : (
        <ConnectDialog provider={provider} again={panel.again} onClose={onClose} onConnected={onConnected} />
      )}
      {panel.server === undefined ? null : <ServerDialog onClose={onClose} onConnected={onServer} />}
      {again === undefined ? null : <ServerAgainDialog server={again} onClose={onClose} onConnected={onServer} />}
      {shown === undefined ? null : <ServerToolsDialog server={shown} onClose={onClose} />}
    </Suspense>
  )
}
