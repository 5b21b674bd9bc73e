import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { RemoteServer, ServerDraft, ServerPreset } from '@chaveiro/sdk'
import { client, connectionsQuery, toolsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { textOf } from '../parts/form-text.ts'
import { RETURN_PATH } from './authorization.ts'
import { dropDraft, keepDraft, keptDraft, type KeptDraft } from './server-draft.ts'

const presetsQuery = queryOptions({
  queryKey: ['presets'],
  queryFn: async () => (await client.servers.presets()).presets,
  staleTime: Infinity,
})

interface ServerDialogProps {
  readonly onClose: () => void
  readonly onConnected: (server: RemoteServer) => void
}

/** Any server of the Model Context Protocol: by a name that is known, or by its address. */
export function ServerDialog({ onClose, onConnected }: ServerDialogProps) {
  const { t, local } = useWords()
  const [draft, setDraft] = useState(keptDraft)
  const [chosen, setChosen] = useState<ServerPreset | null>(null)
  const presets = useQuery(presetsQuery)
  const choose = (preset: ServerPreset) => {
    setChosen(preset)
    setDraft({ url: preset.url, label: preset.name })
  }
  return (
    <Dialog open onClose={onClose} title={t('server.add')}>
      <div className="grid gap-4">
        <p className="text-ink-soft">{t('server.add_text')}</p>
        {presets.data === undefined ? null : (
          <div role="group" aria-label={t('server.presets')} className="flex flex-wrap gap-2">
            {presets.data.map((preset) => (
              <Button key={preset.id} aria-pressed={chosen?.id === preset.id} onClick={() => choose(preset)}>
                {preset.name}
              </Button>
            ))}
          </div>
        )}
        {chosen === null ? null : (
          <p role="status" className="text-sm text-ink-soft">
            {local(chosen.description)} {chosen.note === null ? '' : local(chosen.note)}
          </p>
        )}
        <ServerForm draft={draft} onDraft={setDraft} onConnected={onConnected} />
      </div>
    </Dialog>
  )
}

/** Connects at once, or leaves for where the person signs in. */
function useConnectServer(draft: KeptDraft, onConnected: ServerDialogProps['onConnected']) {
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

interface ServerFormProps {
  readonly draft: KeptDraft
  readonly onDraft: (draft: KeptDraft) => void
  readonly onConnected: (server: RemoteServer) => void
}

function ServerForm({ draft, onDraft, onConnected }: ServerFormProps) {
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
        maxLength={2_000}
        value={draft.url}
        onChange={(event) => onDraft({ ...draft, url: event.target.value })}
      />
      <Field
        label={t('server.label')}
        name="label"
        maxLength={100}
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
