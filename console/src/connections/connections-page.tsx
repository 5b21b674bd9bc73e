import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { CircleCheck, Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { Connection, DisconnectReceipt, ProviderSummary } from '@chaveiro/sdk'
import { connectionsQuery, providersQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { ConnectionCard } from './connection-card.tsx'

// What opens over the page comes when it opens.
const ConnectDialog = lazy(async () => ({ default: (await import('./connect-dialog.tsx')).ConnectDialog }))

export function ConnectionsPage() {
  const { t } = useWords()
  const { connect } = useSearch({ from: '/inside/connections' })
  const navigate = useNavigate()
  const connections = useQuery(connectionsQuery)
  const providers = useQuery(providersQuery)
  const [receipt, setReceipt] = useState<DisconnectReceipt | null>(null)
  const open = (provider: string | undefined) =>
    void navigate({ to: '/connections', search: provider === undefined ? {} : { connect: provider }, replace: true })
  const chosen = providers.data?.find(({ id }) => id === connect)

  return (
    <Page title={t('connections.title')} lede={t('connections.lede')}>
      {receipt === null ? null : <Receipt receipt={receipt} onClose={() => setReceipt(null)} />}
      <Loaded query={connections} skeleton={<Skeletons count={2} className="h-44" />}>
        {(list) => (
          <>
            {/* A list that could not be brought up to date is still a list; that it is old is said. */}
            {connections.isError ? (
              <Failure error={connections.error} onRetry={() => void connections.refetch()} />
            ) : null}
            {list.length === 0 ? (
              <div className="rounded-card border border-dashed border-edge p-6">
                <h2 className="text-lg">{t('connections.empty_title')}</h2>
                <p className="mt-1 max-w-prose text-ink-soft">{t('connections.empty_text')}</p>
              </div>
            ) : (
              <ul className="grid gap-4 lg:grid-cols-2">
                {list.map((connection) => (
                  <ConnectionCard
                    key={connection.connection_id}
                    connection={connection}
                    provider={providers.data?.find(({ id }) => id === connection.provider)}
                    onReconnect={() => open(connection.provider)}
                    onDisconnected={setReceipt}
                  />
                ))}
              </ul>
            )}
          </>
        )}
      </Loaded>
      <Loaded query={providers} skeleton={<Skeletons count={2} className="h-16" />}>
        {(list) => <Offers providers={list} connections={connections.data ?? []} onConnect={open} />}
      </Loaded>
      {chosen === undefined ? null : (
        <Suspense fallback={null}>
          <ConnectDialog provider={chosen} onClose={() => open(undefined)} onConnected={() => setReceipt(null)} />
        </Suspense>
      )}
    </Page>
  )
}

interface OffersProps {
  readonly providers: readonly ProviderSummary[]
  readonly connections: readonly Connection[]
  readonly onConnect: (provider: string) => void
}

/** What can be connected; a second account of the same provider, too. */
function Offers({ providers, connections, onConnect }: OffersProps) {
  const { t, local } = useWords()
  return (
    <section aria-labelledby="offers" className="grid gap-3">
      <h2 id="offers" className="text-lg">
        {t('connections.offers')}
      </h2>
      <ul className="divide-y divide-line rounded-card border border-line bg-surface">
        {providers.map((provider) => {
          const isConnected = connections.some((connection) => connection.provider === provider.id)
          return (
            <li key={provider.id} className="flex flex-wrap items-center justify-between gap-3 p-4">
              <div className="min-w-0 flex-1 basis-52">
                <h3>{provider.name}</h3>
                <p className="text-sm text-ink-soft">{local(provider.description)}</p>
              </div>
              <Button look={isConnected ? 'quiet' : 'primary'} onClick={() => onConnect(provider.id)}>
                <Plus size={16} strokeWidth={1.5} aria-hidden />
                {isConnected
                  ? t('connections.connect_another', { name: provider.name })
                  : t('connections.connect', { name: provider.name })}
              </Button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** What ended, and what is left to do where it could not be ended at the provider. */
function Receipt({ receipt, onClose }: { readonly receipt: DisconnectReceipt; readonly onClose: () => void }) {
  const { t, language } = useWords()
  return (
    <div role="status" className="grid gap-2 rounded-card border border-line bg-surface p-4">
      <p className="flex gap-2 font-medium">
        <CircleCheck size={16} strokeWidth={1.5} aria-hidden className="mt-0.5 shrink-0 text-good" />
        {t('disconnect.done', { label: receipt.label })}
      </p>
      <p className="pl-6 text-ink-soft">
        {receipt.revoked_at_provider ? t('disconnect.revoked') : t('disconnect.not_revoked')}
      </p>
      {language === 'en' && receipt.next_step !== '' ? <p className="pl-6 text-ink-soft">{receipt.next_step}</p> : null}
      <Button look="bare" className="justify-self-start" onClick={onClose}>
        {t('close')}
      </Button>
    </div>
  )
}
