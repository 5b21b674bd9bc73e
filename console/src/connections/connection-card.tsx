import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Check, CircleAlert, CircleCheck, Minus, X } from 'lucide-react'
import { lazy, Suspense, useState, type FormEvent } from 'react'
import type { Connection, DisconnectReceipt, LiveCheck, ProviderSummary } from '@chaveiro/sdk'
import { client, connectionsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Badge } from '../parts/badge.tsx'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { PROBLEM_KEYS } from '../parts/problem-keys.ts'
import { When } from '../parts/when.tsx'
import { accountNames } from './account.ts'
import { CONNECTION_STATES } from './connection-state.ts'

const DisconnectDialog = lazy(async () => ({ default: (await import('./disconnect-dialog.tsx')).DisconnectDialog }))

interface ConnectionCardProps {
  readonly connection: Connection
  /** Undefined: the provider is not known yet, or no longer. */
  readonly provider: ProviderSummary | undefined
  readonly onReconnect: () => void
  readonly onDisconnected: (receipt: DisconnectReceipt) => void
}

export function ConnectionCard({ connection, provider, onReconnect, onDisconnected }: ConnectionCardProps) {
  const { t } = useWords()
  const state = CONNECTION_STATES[connection.status]
  const [leaving, setLeaving] = useState(false)
  const [wasAsked, setWasAsked] = useState(false)
  const leave = () => {
    setWasAsked(true)
    setLeaving(true)
  }
  const name = provider?.name ?? connection.provider
  return (
    <li className="grid content-start gap-4 rounded-card border border-line bg-surface p-4">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <div className="min-w-0">
          <h2 className="break-words text-lg">{connection.label}</h2>
          <p className="break-words text-sm text-ink-soft">{[name, ...accountNames(connection)].join(' · ')}</p>
        </div>
        <Badge icon={state.icon} tone={state.tone} text={t(state.word)} />
      </div>
      {connection.status === 'connected' ? null : (
        <div className="grid justify-items-start gap-2">
          <p>{t('connection.reconnect_why')}</p>
          <Button look="primary" onClick={onReconnect}>
            {t('connection.reconnect')}
          </Button>
        </div>
      )}
      <Permissions connection={connection} provider={provider} />
      <p className="text-sm text-ink-soft">
        {connection.last_used_at === null ? (
          t('connection.never_used')
        ) : (
          <>
            {t('connection.last_used')} <When iso={connection.last_used_at} />
          </>
        )}
        {connection.is_default ? ` · ${t('connection.default')}` : ''}
      </p>
      <Actions connection={connection} onLeave={leave} />
      {wasAsked ? (
        <Suspense fallback={null}>
          <DisconnectDialog
            connection={connection}
            provider={name}
            open={leaving}
            onClose={() => setLeaving(false)}
            onDisconnected={onDisconnected}
          />
        </Suspense>
      ) : null}
    </li>
  )
}

const LOOKS = {
  yes: { icon: Check, look: 'text-good', word: 'permission.yes' },
  no: { icon: X, look: 'text-bad', word: 'permission.no' },
  unknown: { icon: Minus, look: 'text-ink-soft', word: 'permission.unknown' },
} as const

/** What the key may do, in the provider's own words for it. */
function Permissions({ connection, provider }: Pick<ConnectionCardProps, 'connection' | 'provider'>) {
  const { t, local } = useWords()
  const known = Object.entries(connection.permissions).filter(([id]) => provider?.permissions[id] !== undefined)
  if (known.length === 0) return null
  return (
    <ul className="grid gap-x-4 gap-y-1 text-sm sm:grid-cols-2">
      {known.map(([id, allowed]) => {
        const { icon: Icon, look, word } = LOOKS[allowed === null ? 'unknown' : allowed ? 'yes' : 'no']
        const text = provider?.permissions[id]
        return (
          <li key={id} className="flex gap-1.5">
            <Icon size={16} strokeWidth={1.5} aria-hidden className={`mt-0.5 shrink-0 ${look}`} />
            <span>
              <span className="sr-only">{t(word)}: </span>
              {text === undefined ? id : local(text)}
            </span>
          </li>
        )
      })}
    </ul>
  )
}

function Actions({ connection, onLeave }: { readonly connection: Connection; readonly onLeave: () => void }) {
  const { t } = useWords()
  const queries = useQueryClient()
  const [renaming, setRenaming] = useState(false)
  const { connection_id: id, provider, label } = connection
  const refresh = () => queries.invalidateQueries({ queryKey: connectionsQuery.queryKey })
  const test = useMutation({
    mutationFn: () => client.connections.status(provider, { connection_id: id, check: true }),
    onSettled: refresh,
  })
  const change = useMutation({
    mutationFn: (changed: { label?: string; is_default?: true }) => client.connections.change(id, changed),
    async onSuccess() {
      await refresh()
      setRenaming(false)
    },
  })
  const rename = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const typed = new FormData(event.currentTarget).get('label')
    if (typeof typed === 'string') change.mutate({ label: typed.trim() })
  }
  const check = test.data !== undefined && 'check' in test.data ? test.data.check : undefined
  return (
    <div className="grid gap-3">
      {renaming ? (
        <form className="flex flex-wrap items-end gap-2" onSubmit={rename}>
          <div className="min-w-40 flex-1">
            <Field label={t('connection.label')} name="label" defaultValue={label} required maxLength={100} autoFocus />
          </div>
          <Button type="submit" look="primary" busy={change.isPending}>
            {t('save')}
          </Button>
          <Button onClick={() => setRenaming(false)}>{t('cancel')}</Button>
        </form>
      ) : null}
      <div role="group" aria-label={label} className="flex flex-wrap gap-2">
        <Button busy={test.isPending} onClick={() => test.mutate()}>
          {t('connection.test')}
        </Button>
        {renaming ? null : <Button onClick={() => setRenaming(true)}>{t('connection.rename')}</Button>}
        {connection.is_default ? null : (
          <Button busy={change.isPending} onClick={() => change.mutate({ is_default: true })}>
            {t('connection.make_default')}
          </Button>
        )}
        <Button look="danger" onClick={onLeave}>
          {t('connection.disconnect')}
        </Button>
      </div>
      {check === undefined ? null : <CheckResult check={check} />}
      {test.isError ? <Failure error={test.error} /> : null}
      {change.isError ? <Failure error={change.error} /> : null}
    </div>
  )
}

/** What the provider answered just now. */
function CheckResult({ check }: { readonly check: LiveCheck }) {
  const { t, language } = useWords()
  const Icon = check.ok ? CircleCheck : CircleAlert
  const key = check.code === null ? undefined : PROBLEM_KEYS[check.code]
  const detail = language === 'en' ? check.detail : key === undefined ? null : t(key)
  return (
    <p role="status" className="flex gap-2 text-sm">
      <Icon
        size={16}
        strokeWidth={1.5}
        aria-hidden
        className={`mt-0.5 shrink-0 ${check.ok ? 'text-good' : 'text-bad'}`}
      />
      <span>{check.ok ? t('connection.test_passed') : `${t('connection.test_failed')} ${detail ?? ''}`}</span>
    </p>
  )
}
