import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { ProviderSummary } from '@chaveiro/sdk'
import { TemplateList } from '../agents/template-list.tsx'
import { connectionsQuery, providersQuery } from '../api.ts'
import { authorizeUrlOf } from '../connections/authorization.ts'
import { ConnectDialog } from '../connections/connect-dialog.tsx'
import { useWords } from '../language.ts'
import { Button, buttonLook } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'

/** Where the provider leads back to: here, where the next step waits. */
const RETURN_TO = '/chat'

/** The way from an empty house to the first answer. */
export function FirstSteps() {
  const { t } = useWords()
  const navigate = useNavigate()
  const { connect_error: refused } = useSearch({ strict: false })
  const connections = useQuery(connectionsQuery)
  const providers = useQuery(providersQuery)
  const [opened, setOpened] = useState<string | null>(null)
  const chosen = providers.data?.find(({ id }) => id === opened)
  const isConnected = (connections.data?.length ?? 0) > 0
  return (
    <div className="grid gap-6 pb-8">
      <p className="text-ink-soft">{t('first.lede')}</p>
      {connections.isError ? <Failure error={connections.error} onRetry={() => void connections.refetch()} /> : null}
      <ol className="grid gap-6">
        <Step number={1} title={t('first.connect')} isDone={isConnected}>
          {refused === undefined || isConnected ? null : (
            <p role="alert" className="mb-3 rounded-card border border-bad bg-bad-wash p-3">
              {t('first.refused')}
            </p>
          )}
          <Loaded query={providers} skeleton={<Skeletons count={1} className="h-9" />}>
            {(list) => <Offers providers={list} isConnected={isConnected} onKey={setOpened} />}
          </Loaded>
        </Step>
        <Step number={2} title={t('first.agent')} isDone={false}>
          <TemplateList
            isNext={isConnected}
            onCreated={(agent) => navigate({ to: '/chat', search: { agent: agent.id } })}
          />
        </Step>
        <Step number={3} title={t('first.ask')} isDone={false}>
          <p className="text-ink-soft">{t('first.ask_text')}</p>
        </Step>
      </ol>
      {chosen === undefined ? null : (
        <ConnectDialog provider={chosen} onClose={() => setOpened(null)} onConnected={() => undefined} />
      )}
    </div>
  )
}

interface OffersProps {
  readonly providers: readonly ProviderSummary[]
  readonly isConnected: boolean
  readonly onKey: (provider: string) => void
}

/**
 * Straight to the provider where that is set up, and those first; with a key elsewhere. What cannot be connected here is not
 * offered.
 */
function Offers({ providers, isConnected, onKey }: OffersProps) {
  const { t } = useWords()
  const hasPage = (provider: ProviderSummary) => authorizeUrlOf(provider) !== undefined
  const usable = providers
    .filter((provider) => hasPage(provider) || takesKey(provider))
    .toSorted((one, other) => Number(hasPage(other)) - Number(hasPage(one)))
  if (usable.length === 0) return <p className="text-ink-soft">{t('first.nothing_set_up')}</p>
  return (
    <ul className="grid gap-2">
      {usable.map((provider, index) => {
        const authorizeUrl = authorizeUrlOf(provider)
        const look = isConnected || index > 0 ? 'quiet' : 'primary'
        const name = t('connections.connect', { name: provider.name })
        return (
          <li key={provider.id} className="flex flex-wrap gap-2">
            {authorizeUrl === undefined ? (
              <Button look={look} onClick={() => onKey(provider.id)}>
                {name}
              </Button>
            ) : (
              <>
                <a href={withReturn(authorizeUrl)} className={buttonLook(look)}>
                  {name}
                </a>
                {takesKey(provider) ? (
                  <Button
                    look="bare"
                    aria-label={t('first.with_key_of', { name: provider.name })}
                    onClick={() => onKey(provider.id)}
                  >
                    {t('first.with_key')}
                  </Button>
                ) : null}
              </>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function takesKey(provider: ProviderSummary): boolean {
  return provider.auth.some(({ kind }) => kind === 'api_key')
}

function withReturn(authorizeUrl: string): string {
  const url = new URL(authorizeUrl, window.location.origin)
  url.searchParams.set('return_to', RETURN_TO)
  return url.href
}

interface StepProps {
  readonly number: number
  readonly title: string
  readonly isDone: boolean
  readonly children: ReactNode
}

function Step({ number, title, isDone, children }: StepProps) {
  const { t } = useWords()
  return (
    <li className="grid gap-3">
      <h2 className="flex items-center gap-2 text-lg">
        {isDone ? (
          <>
            <CircleCheck size={24} strokeWidth={1.5} className="text-good" aria-hidden />
            <span className="sr-only">{t('first.done')}: </span>
          </>
        ) : (
          <span aria-hidden className="grid size-6 place-items-center rounded-full border border-edge text-sm">
            {number}
          </span>
        )}
        {title}
      </h2>
      <div className="pl-8">{children}</div>
    </li>
  )
}
