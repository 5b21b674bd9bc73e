import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CircleCheck, ExternalLink } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import type { Connection, CredentialField, ProviderSummary } from '@chaveiro/sdk'
import { client, connectionsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Button, buttonLook } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { textOf } from '../parts/form-text.ts'
import { authorizeUrlOf, grantMethodOf } from './authorization.ts'

interface ConnectDialogProps {
  readonly provider: ProviderSummary
  /** Id of the connection that is to be made again. */
  readonly again?: number | undefined
  readonly onClose: () => void
  readonly onConnected: (connection: Connection) => void
}

/** One task: the steps that the provider names, its fields, and whether it took them. */
export function ConnectDialog({ provider, again, onClose, onConnected }: ConnectDialogProps) {
  const { t } = useWords()
  const [connected, setConnected] = useState<Connection | null>(null)
  const authorizeUrl = authorizeUrlOf(provider, again)
  const fields = provider.auth.flatMap((method) => (method.kind === 'api_key' ? method.fields : []))
  const keep = (connection: Connection) => {
    setConnected(connection)
    onConnected(connection)
  }
  return (
    <Dialog open onClose={onClose} title={t('connect.title', { name: provider.name })}>
      {connected === null ? (
        <div className="grid gap-5">
          {authorizeUrl === undefined ? null : <Grant provider={provider} address={authorizeUrl} />}
          {authorizeUrl === undefined || fields.length === 0 ? null : (
            <h3 className="border-t border-line pt-4">{t('connect.or_key')}</h3>
          )}
          {fields.length === 0 ? null : <KeyForm provider={provider} fields={fields} onConnected={keep} />}
          {authorizeUrl === undefined && fields.length === 0 ? <p>{t('connect.not_set_up')}</p> : null}
        </div>
      ) : (
        <Done connection={connected} onClose={onClose} />
      )}
    </Dialog>
  )
}

/** What the person will be asked to allow, and the way there. */
function Grant({ provider, address }: { readonly provider: ProviderSummary; readonly address: string }) {
  const { t, local } = useWords()
  const scopes = Object.entries(grantMethodOf(provider)?.scopes ?? {})
  return (
    <div className="grid gap-3">
      {scopes.length === 0 ? null : (
        <div>
          <p className="text-sm text-ink-soft">{t('connect.scopes')}</p>
          <ul className="list-disc pl-5 text-sm">
            {scopes.map(([scope, meaning]) => (
              <li key={scope}>{local(meaning)}</li>
            ))}
          </ul>
        </div>
      )}
      <a href={address} className={buttonLook('primary')}>
        {t('connect.authorize', { name: provider.name })}
      </a>
    </div>
  )
}

function Done({ connection, onClose }: { readonly connection: Connection; readonly onClose: () => void }) {
  const { t, local } = useWords()
  return (
    <div className="grid gap-4">
      <p role="status" className="flex gap-2">
        <CircleCheck size={16} strokeWidth={1.5} aria-hidden className="mt-0.5 shrink-0 text-good" />
        {t('connect.done', { label: connection.label })}
      </p>
      {connection.missing_permissions.length === 0 ? null : (
        <ul className="grid list-disc gap-1 pl-9 text-sm text-ink-soft">
          {connection.missing_permissions.map((missing) => (
            <li key={missing.permission}>{local(missing)}</li>
          ))}
        </ul>
      )}
      <Button look="primary" onClick={onClose} autoFocus>
        {t('connect.finish')}
      </Button>
    </div>
  )
}

interface KeyFormProps {
  readonly provider: ProviderSummary
  readonly fields: readonly CredentialField[]
  readonly onConnected: (connection: Connection) => void
}

function KeyForm({ provider, fields, onConnected }: KeyFormProps) {
  const { t, local } = useWords()
  const queries = useQueryClient()
  const connect = useMutation({
    mutationFn: (typed: Record<string, string>) => client.connections.connect(provider.id, typed),
    async onSuccess(connection) {
      await queries.invalidateQueries({ queryKey: connectionsQuery.queryKey })
      onConnected(connection)
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const typed = fields.map(({ name }) => [name, textOf(form, name).trim()] as const)
    connect.mutate(Object.fromEntries(typed))
  }
  return (
    <form className="grid gap-4" onSubmit={submit}>
      {fields.map((field) => (
        <div key={field.name} className="grid gap-3">
          {field.steps.length === 0 ? null : (
            <ol className="grid list-decimal gap-1.5 pl-5">
              {field.steps.map((step) => (
                <li key={step.en}>{local(step)}</li>
              ))}
            </ol>
          )}
          <Field
            label={local(field.label)}
            name={field.name}
            type="password"
            autoComplete="off"
            spellCheck={false}
            required
            hint={t('connect.key_hint')}
          />
        </div>
      ))}
      {connect.isError ? <Failure error={connect.error} /> : null}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <a
          href={provider.docs_url}
          target="_blank"
          rel="noreferrer noopener"
          className="link flex items-center gap-1.5 text-sm"
        >
          <ExternalLink size={16} strokeWidth={1.5} aria-hidden />
          {t('connect.docs', { name: provider.name })}
        </a>
        <Button type="submit" look="primary" busy={connect.isPending}>
          {connect.isPending ? t('connect.checking') : t('connect.action')}
        </Button>
      </div>
    </form>
  )
}
