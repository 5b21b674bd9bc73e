import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { RemoteServer, ServerDraft } from '@chaveiro/sdk'
import { client, connectionsQuery, toolsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { textOf } from '../parts/form-text.ts'
import { ADDRESS_CHARACTERS, LABEL_CHARACTERS } from '../parts/lengths.ts'
import { RETURN_PATH } from './authorization.ts'
import { dropDraft, keepDraft, type KeptDraft } from './server-draft.ts'

interface ServerFormProps {
  readonly draft: KeptDraft
  readonly onDraft: (draft: KeptDraft) => void
  readonly onConnected: (server: RemoteServer) => void
}

/** Connects at once, or leaves for where the person signs in. */
function useConnectServer(draft: KeptDraft, onConnected: ServerFormProps['onConnected']) {
  const queries = useQueryClient()
  const [leaving, setLeaving] = useState(false)
  const connect = useMutation({
    mutationFn: (server: ServerDraft) => client.servers.connect(server),
    async onSuccess(answer) {
      if ('authorize_url' in answer) {
        keepDraft(draft)
        setLeaving(true)
        window.location.assign(answer.authorize_url)
        return
      }
      dropDraft()
      await Promise.all([
        queries.invalidateQueries({ queryKey: connectionsQuery.queryKey }),
        queries.invalidateQueries({ queryKey: toolsQuery.queryKey }),
      ])
      onConnected(answer)
    },
  })
  return { connect, leaving }
}

/** Where a remote server is, and the token that it may want. */
export function ServerForm({ draft, onDraft, onConnected }: ServerFormProps) {
  const { t } = useWords()
  const { connect, leaving } = useConnectServer(draft, onConnected)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const [label, token] = [draft.label.trim(), textOf(new FormData(event.currentTarget), 'token').trim()]
    connect.mutate({
      url: draft.url.trim(),
      return_to: RETURN_PATH,
      ...(label === '' ? {} : { label }),
      ...(token === '' ? {} : { token }),
    })
  }
  const busy = connect.isPending || leaving
  return (
    <form className="grid gap-4" onSubmit={submit}>
      <Field
        label={t('server.url')}
        hint={t('server.url_hint')}
        name="url"
        type="url"
        inputMode="url"
        required
        maxLength={ADDRESS_CHARACTERS}
        value={draft.url}
        onChange={(event) => onDraft({ ...draft, url: event.target.value })}
      />
      <Field
        label={t('server.label')}
        name="label"
        maxLength={LABEL_CHARACTERS}
        value={draft.label}
        onChange={(event) => onDraft({ ...draft, label: event.target.value })}
      />
      <Field
        label={t('server.token')}
        hint={t('server.token_hint')}
        name="token"
        type="password"
        autoComplete="off"
        spellCheck={false}
      />
      {connect.isError ? <Failure error={connect.error} /> : null}
      <div className="flex flex-wrap items-center justify-end gap-3">
        <span role="status" className="text-sm text-ink-soft">
          {leaving ? t('server.leaving') : connect.isPending ? t('server.asking') : ''}
        </span>
        <Button type="submit" look="primary" busy={busy}>
          {t('server.connect')}
        </Button>
      </div>
    </form>
  )
}
