import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { RemoteServer } from '@chaveiro/sdk'
import { client } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Failure } from '../parts/failure.tsx'
import { RETURN_PATH } from './authorization.ts'
import { ServerForm } from './server-form.tsx'

interface ServerAgainDialogProps {
  readonly server: RemoteServer
  readonly onClose: () => void
  readonly onConnected: (server: RemoteServer) => void
}

/** A remote server that no longer lets its user in: by signing in there once more, or by another token. */
export function ServerAgainDialog({ server, onClose, onConnected }: ServerAgainDialogProps) {
  const { t } = useWords()
  const [draft, setDraft] = useState({ url: server.url, label: server.label })
  return (
    <Dialog open onClose={onClose} title={t('server.again_title', { label: server.label })}>
      <div className="grid gap-4">
        {server.method === 'oauth2' ? (
          <SignInAgain server={server} />
        ) : (
          <>
            {server.query_is_sealed ? <p>{t('server.again_query')}</p> : null}
            <ServerForm draft={draft} onDraft={setDraft} onConnected={onConnected} />
          </>
        )}
      </div>
    </Dialog>
  )
}

function SignInAgain({ server: { connection_id: id, url } }: Pick<ServerAgainDialogProps, 'server'>) {
  const { t } = useWords()
  const [leaving, setLeaving] = useState(false)
  const authorize = useMutation({
    mutationFn: () => client.servers.authorize(id, { return_to: RETURN_PATH }),
    onSuccess(answer) {
      setLeaving(true)
      window.location.assign(answer.authorize_url)
    },
  })
  return (
    <>
      <p>{t('server.again_text')}</p>
      <p className="break-all font-mono text-xs text-ink-soft">{url}</p>
      {authorize.isError ? <Failure error={authorize.error} /> : null}
      <div className="flex flex-wrap items-center justify-end gap-3">
        <span role="status" className="text-sm text-ink-soft">
          {leaving ? t('server.leaving') : ''}
        </span>
        <Button look="primary" busy={authorize.isPending || leaving} onClick={() => authorize.mutate()}>
          {t('server.sign_in')}
        </Button>
      </div>
    </>
  )
}
