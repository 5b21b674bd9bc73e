import { Plus, Server } from 'lucide-react'
import type { Connection, ProviderSummary } from '@chaveiro/sdk'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { ProviderMark } from './provider-mark.tsx'

interface OffersProps {
  readonly providers: readonly ProviderSummary[]
  /** Undefined: not known yet. */
  readonly connections: readonly Connection[] | undefined
  readonly onConnect: (provider: string) => void
  readonly onServer: () => void
}

/** What can be connected; a second account of the same provider, too. */
export function Offers({ providers, connections, onConnect, onServer }: OffersProps) {
  const { t, local } = useWords()
  const named = providers.filter(({ auth }) => auth.length > 0)
  return (
    <section aria-labelledby="offers" className="grid gap-3">
      <h2 id="offers" className="text-lg">
        {t('connections.offers')}
      </h2>
      <ul className="divide-y divide-line rounded-card border border-line bg-surface">
        {named.map((provider) => {
          const isConnected = connections?.some((connection) => connection.provider === provider.id) === true
          return (
            <li key={provider.id} className="flex flex-wrap items-center justify-between gap-3 p-4">
              <div className="flex min-w-0 flex-1 basis-52 gap-3">
                <ProviderMark name={provider.name} />
                <div className="min-w-0">
                  <h3>{provider.name}</h3>
                  <p className="text-sm text-ink-soft">{local(provider.description)}</p>
                </div>
              </div>
              <Button look={connections?.length === 0 ? 'primary' : 'quiet'} onClick={() => onConnect(provider.id)}>
                <Plus size={16} strokeWidth={1.5} aria-hidden />
                {isConnected
                  ? t('connections.connect_another', { name: provider.name })
                  : t('connections.connect', { name: provider.name })}
              </Button>
            </li>
          )
        })}
        <li className="flex flex-wrap items-center justify-between gap-3 p-4">
          <p className="min-w-0 flex-1 basis-52 text-sm text-ink-soft">{t('server.add_text')}</p>
          <Button onClick={onServer}>
            <Server size={16} strokeWidth={1.5} aria-hidden />
            {t('server.add')}
          </Button>
        </li>
      </ul>
    </section>
  )
}
