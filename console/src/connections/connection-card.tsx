import { TriangleAlert } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { Connection, DisconnectReceipt, ProviderSummary, RemoteServer } from '@chaveiro/sdk'
import { useWords } from '../language.ts'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { LISTED } from '../parts/listed.ts'
import { accountNames } from './account.ts'
import { ConnectionActions } from './connection-actions.tsx'
import { ConnectionFacts, Permissions } from './connection-facts.tsx'
import { stateOf } from './connection-state.ts'
import { ProviderMark } from './provider-mark.tsx'
import { useConnection } from './use-connection.ts'

const DisconnectDialog = lazy(async () => ({ default: (await import('./disconnect-dialog.tsx')).DisconnectDialog }))

interface ConnectionCardProps {
  readonly connection: Connection
  /** Undefined: the provider is not known yet, or no longer. */
  readonly provider: ProviderSummary | undefined
  /** Set where it is a remote server. */
  readonly server: RemoteServer | undefined
  readonly onReconnect: () => void
  readonly onDisconnected: (receipt: DisconnectReceipt) => void
  readonly onTools: () => void
}

export function ConnectionCard({
  connection,
  provider,
  server,
  onReconnect,
  onDisconnected,
  onTools,
}: ConnectionCardProps) {
  const { t } = useWords()
  const [leaving, setLeaving] = useState(false)
  const [wasAsked, setWasAsked] = useState(false)
  const { test, change } = useConnection(connection)
  const isCutOff = connection.cut_off !== null
  const state = stateOf(connection, { isChecking: test.isPending, isCutOff })
  const name = server === undefined ? (provider?.name ?? connection.provider) : t('server.kind')
  const leave = () => {
    setWasAsked(true)
    setLeaving(true)
  }
  return (
    <li className="grid grid-cols-1 content-start gap-4 rounded-card border border-line bg-surface p-4">
      <Head connection={connection} name={name} server={server} state={state} />
      <Hindrance connection={connection} name={name} onReconnect={onReconnect} />
      <Changed count={server?.changed_tools ?? 0} onTools={onTools} />
      <Permissions connection={connection} provider={provider} />
      <ConnectionFacts connection={connection} />
      <ConnectionActions
        connection={connection}
        test={test}
        change={change}
        isCutOff={isCutOff}
        onLeave={leave}
        onTools={server === undefined ? undefined : onTools}
      />
      {wasAsked ? (
        <Suspense fallback={null}>
          <DisconnectDialog
            connection={connection}
            provider={server === undefined ? name : connection.label}
            open={leaving}
            onClose={() => setLeaving(false)}
            onDisconnected={onDisconnected}
          />
        </Suspense>
      ) : null}
    </li>
  )
}

/** The mark of a server whose tools wait to be accepted. */
function Changed({ count, onTools }: { readonly count: number; readonly onTools: () => void }) {
  const { t } = useWords()
  if (count === 0) return null
  return (
    <Button className="justify-self-start" onClick={onTools}>
      <TriangleAlert size={16} strokeWidth={1.5} aria-hidden className="text-warn" />
      {t('server.changes', { count })}
    </Button>
  )
}

interface HeadProps {
  readonly connection: Connection
  /** The provider's. */
  readonly name: string
  readonly server: RemoteServer | undefined
  readonly state: ReturnType<typeof stateOf>
}

function Head({ connection, name, server, state }: HeadProps) {
  const { t } = useWords()
  const about = [name, ...accountNames(connection), ...(connection.is_default ? [t('connection.default')] : [])]
  return (
    <div className="flex flex-wrap items-start justify-between gap-2">
      <div className="flex min-w-0 flex-1 basis-52 gap-3">
        <ProviderMark name={server === undefined ? name : connection.label} />
        <div className="min-w-0">
          <h2 className="break-words text-lg leading-tight">{connection.label}</h2>
          <p className="break-words text-sm text-ink-soft">{about.join(LISTED)}</p>
          {server === undefined ? null : <p className="break-all font-mono text-xs text-ink-soft">{server.url}</p>}
        </div>
      </div>
      <Badge icon={state.icon} tone={state.tone} text={t(state.word)} />
    </div>
  )
}

interface HindranceProps {
  readonly connection: Connection
  readonly name: string
  readonly onReconnect: () => void
}

/** Why it does not work, and what the person can do about it. */
function Hindrance({ connection, name, onReconnect }: HindranceProps) {
  const { t } = useWords()
  if (connection.cut_off !== null) {
    return (
      <div className="grid gap-1">
        <p>{t('connection.cut_off_why', { name })}</p>
        {/* The owner's reason stands in the server's own sentence. */}
        <p lang="en" className="text-sm text-ink-soft">
          {connection.cut_off}
        </p>
      </div>
    )
  }
  if (connection.status === 'connected') return null
  return (
    <div className="grid justify-items-start gap-2">
      <p>{t('connection.reconnect_why')}</p>
      <Button look="primary" onClick={onReconnect}>
        {t('connection.reconnect')}
      </Button>
    </div>
  )
}
