import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { CircleCheck, LoaderCircle } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { AllowedClient, ApiToken } from '@chaveiro/sdk'
import { useWords, type WordKey } from '../language.ts'
import { CodeBlock } from '../parts/code-block.tsx'
import { Failure } from '../parts/failure.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { AccessTabs } from './access-tabs.tsx'
import { arrivalsSince, firstUsesSince } from './arrivals.ts'
import { CLIENT_IDS, clientSetups, type ClientId, type ClientSetup } from './client-setups.ts'
import { clientsQuery, tokensQuery } from './queries.ts'

/** Milliseconds between two looks at the list while somebody waits for their program. */
const LOOK_MS = 2_000

/** What is to be done in each client after it was told of the server. */
const NEXT_STEPS: Readonly<Record<ClientId, WordKey>> = {
  'claude-code': 'connect_client.next_claude_code',
  'claude-desktop': 'connect_client.next_claude_desktop',
  cursor: 'connect_client.next_cursor',
  'vs-code': 'connect_client.next_vs_code',
  inspector: 'connect_client.next_inspector',
}

export function ConnectClientPage() {
  const { t } = useWords()
  const clients = useQuery({ ...clientsQuery, refetchInterval: LOOK_MS })
  const tokens = useQuery({ ...tokensQuery, refetchInterval: LOOK_MS })
  return (
    <Page title={t('connect_client.title')} lede={t('connect_client.lede')}>
      <AccessTabs />
      <Loaded query={clients} skeleton={<Skeletons count={2} className="h-40" />}>
        {(list) => (
          <>
            <section className="grid max-w-[760px] gap-2">
              <h2 className="text-lg">{t('connect_client.address')}</h2>
              <CodeBlock text={list.mcp_url} label={t('connect_client.address')} />
            </section>
            <Setups url={list.mcp_url} />
            <Loaded query={tokens} skeleton={<Skeletons count={1} className="h-14" />}>
              {(all) => <Arrival clients={list.clients} tokens={all} />}
            </Loaded>
            {clients.isError ? <Failure error={clients.error} onRetry={() => void clients.refetch()} /> : null}
          </>
        )}
      </Loaded>
      <p className="max-w-prose text-sm text-ink-soft">
        {t('connect_client.without_browser')}{' '}
        <Link to="/access/tokens" className="link">
          {t('connect_client.make_token')}
        </Link>
      </p>
    </Page>
  )
}

function Setups({ url }: { readonly url: string }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const { client } = useSearch({ from: '/inside/access/connect' })
  const chosen = CLIENT_IDS.find((id) => id === client) ?? CLIENT_IDS[0]
  const setups = clientSetups(url)
  return (
    <section className="grid max-w-[760px] gap-3">
      <fieldset className="flex flex-wrap gap-2">
        <legend className="mb-2 text-lg font-semibold">{t('connect_client.which')}</legend>
        {setups.map(({ id, name }) => (
          <label
            key={id}
            className="flex min-h-9 cursor-pointer items-center gap-2 rounded-control border border-line bg-surface px-3 text-base has-checked:border-brass has-checked:bg-brass-wash has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-brass"
          >
            <input
              type="radio"
              name="client"
              className="sr-only"
              checked={id === chosen}
              onChange={() => void navigate({ to: '/access/connect', search: { client: id }, replace: true })}
            />
            {name}
          </label>
        ))}
      </fieldset>
      {setups.map((setup) => (setup.id === chosen ? <Setup key={setup.id} setup={setup} /> : null))}
    </section>
  )
}

function Setup({ setup: { id, name, text, file } }: { readonly setup: ClientSetup }) {
  const { t } = useWords()
  return (
    <>
      <p>{file === null ? t('connect_client.in_terminal') : t('connect_client.in_file', { file })}</p>
      <CodeBlock text={text} label={name} />
      <p className="max-w-prose text-ink-soft">{t(NEXT_STEPS[id])}</p>
    </>
  )
}

interface ArrivalProps {
  readonly clients: readonly AllowedClient[]
  readonly tokens: readonly ApiToken[]
}

/** Whether a client, or a program with a new token, came while the page was open: it is waited for without being asked. */
function Arrival({ clients, tokens }: ArrivalProps) {
  const { t } = useWords()
  const [known] = useState(() => new Set(clients.map(({ id }) => id)))
  const [used] = useState(() => new Set(tokens.flatMap(({ id, last_used_at: last }) => (last === null ? [] : id))))
  const [client] = arrivalsSince(known, clients)
  const [token] = firstUsesSince(used, tokens)
  if (client === undefined && token === undefined) {
    return (
      <ArrivalCard>
        <LoaderCircle size={16} strokeWidth={1.5} aria-hidden className="animate-spin text-ink-soft" />
        <span className="min-w-0 flex-1">{t('connect_client.waiting')}</span>
      </ArrivalCard>
    )
  }
  return (
    <ArrivalCard hasArrived>
      {client === undefined ? null : (
        <Arrived text={t('connect_client.arrived', { name: client.name, host: client.host })}>
          <Link to="/access" className="link">
            {t('connect_client.see')}
          </Link>
        </Arrived>
      )}
      {token === undefined ? null : (
        <Arrived text={t('connect_client.token_arrived', { name: token.name })}>
          <Link to="/access/tokens" className="link">
            {t('connect_client.see_tokens')}
          </Link>
        </Arrived>
      )}
    </ArrivalCard>
  )
}

function ArrivalCard({
  hasArrived = false,
  children,
}: {
  readonly hasArrived?: boolean
  readonly children: ReactNode
}) {
  return (
    <div
      role="status"
      className={`flex max-w-[760px] flex-wrap items-center gap-2 rounded-card border p-4 ${hasArrived ? 'border-good' : 'border-line'}`}
    >
      {children}
    </div>
  )
}

function Arrived({ text, children }: { readonly text: string; readonly children: ReactNode }) {
  return (
    <span className="flex w-full flex-wrap items-center gap-2">
      <CircleCheck size={16} strokeWidth={1.5} aria-hidden className="text-good" />
      <span className="min-w-0 flex-1 break-words font-medium">{text}</span>
      {children}
    </span>
  )
}
