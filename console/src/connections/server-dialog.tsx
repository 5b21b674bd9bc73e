import { queryOptions, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RemoteServer } from '@chaveiro/sdk'
import { client } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { keptDraft } from './server-draft.ts'
import { ServerForm } from './server-form.tsx'

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
  const presets = useQuery(presetsQuery)
  const chosen = presets.data?.find(({ url }) => url === draft.url)
  return (
    <Dialog open onClose={onClose} title={t('server.add')}>
      <div className="grid gap-4">
        <p className="text-ink-soft">{t('server.add_text')}</p>
        {presets.data === undefined ? null : (
          <div role="group" aria-label={t('server.presets')} className="flex flex-wrap gap-2">
            {presets.data.map((preset) => (
              <Button
                key={preset.id}
                aria-pressed={chosen === preset}
                className="aria-pressed:border-brass"
                onClick={() => setDraft({ url: preset.url, label: preset.name })}
              >
                {preset.name}
              </Button>
            ))}
          </div>
        )}
        {chosen === undefined ? null : (
          <p role="status" className="text-sm text-ink-soft">
            {local(chosen.description)} {chosen.note === null ? '' : local(chosen.note)}
          </p>
        )}
        <ServerForm draft={draft} onDraft={setDraft} onConnected={onConnected} />
      </div>
    </Dialog>
  )
}
