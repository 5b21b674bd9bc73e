import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ProviderApp } from '@chaveiro/sdk'
import { client, providersQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { AskFirst } from '../parts/ask-first.tsx'
import { Button } from '../parts/button.tsx'
import { CodeBlock } from '../parts/code-block.tsx'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { textOf } from '../parts/form-text.ts'
import { appsQuery } from './queries.ts'

interface AppFormProps {
  readonly app: ProviderApp
  readonly name: string
  readonly onDone: () => void
}

/** The client id and secret of this server at a provider. The secret goes in and never comes out. */
export function AppForm({ app, name, onDone }: AppFormProps) {
  const { t, local } = useWords()
  const queries = useQueryClient()
  const changed = async () => {
    onDone()
    await queries.invalidateQueries({ queryKey: appsQuery.queryKey })
    // Whether users may sign in there is part of what providers offer.
    await queries.invalidateQueries({ queryKey: providersQuery.queryKey })
  }
  return (
    <div className="grid gap-4">
      <ol className="grid list-decimal gap-1 pl-5 text-sm empty:hidden">
        {app.steps.map((step) => (
          <li key={step.en}>{local(step)}</li>
        ))}
      </ol>
      {app.app_url === null ? null : (
        <a href={app.app_url} target="_blank" rel="noreferrer" className="link justify-self-start">
          {t('apps.where', { name })}
        </a>
      )}
      <div className="grid gap-1">
        <p className="text-sm font-medium">{t('apps.redirect')}</p>
        <CodeBlock text={app.redirect_uri} label={t('apps.redirect')} />
      </div>
      <ClientFields app={app} onSet={changed} />
      {app.source === 'stored' ? (
        <div className="border-t border-line pt-4">
          <AskFirst
            look="danger"
            label={t('apps.delete')}
            verb={t('apps.delete_verb', { name })}
            title={t('apps.delete_title', { name })}
            text={<p>{t('apps.delete_text')}</p>}
            act={() => client.admin.providerApps.delete(app.provider)}
            onDone={changed}
          />
        </div>
      ) : null}
    </div>
  )
}

function ClientFields({ app, onSet }: { readonly app: ProviderApp; readonly onSet: () => Promise<void> }) {
  const { t } = useWords()
  const set = useMutation({
    mutationFn: (draft: { readonly client_id: string; readonly client_secret: string }) =>
      client.admin.providerApps.set(app.provider, draft),
    onSuccess: onSet,
  })
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        set.mutate({ client_id: textOf(form, 'client_id'), client_secret: textOf(form, 'client_secret') })
      }}
    >
      <Field
        label={t('apps.client_id')}
        name="client_id"
        required
        defaultValue={app.client_id ?? ''}
        autoComplete="off"
      />
      <Field
        label={t('apps.client_secret')}
        name="client_secret"
        type="password"
        required={app.app_url !== null}
        hint={t('apps.secret_hint')}
        autoComplete="off"
      />
      {set.isError ? <Failure error={set.error} /> : null}
      <Button type="submit" look="primary" className="justify-self-end" busy={set.isPending}>
        {t('save')}
      </Button>
    </form>
  )
}
