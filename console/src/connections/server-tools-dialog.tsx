import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import type { RemoteServer, Tool } from '@chaveiro/sdk'
import { client, connectionsQuery, toolsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Failure } from '../parts/failure.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { ToolChanges } from './tool-changes.tsx'

interface ServerToolsDialogProps {
  readonly server: RemoteServer
  readonly onClose: () => void
}

/** The tools of a remote server, with what it changed since they were accepted. */
export function ServerToolsDialog({ server, onClose }: ServerToolsDialogProps) {
  const { t } = useWords()
  const queries = useQueryClient()
  const id = server.connection_id
  const tools = useQuery(toolsQuery)
  const refresh = useMutation({
    mutationFn: () => client.servers.refresh(id),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: connectionsQuery.queryKey }),
        queries.invalidateQueries({ queryKey: toolsQuery.queryKey }),
      ]),
  })
  return (
    <Dialog open onClose={onClose} title={t('server.tools_title', { label: server.label })}>
      <div className="grid gap-4">
        <p className="break-all font-mono text-xs text-ink-soft">{server.url}</p>
        <ToolChanges id={id} />
        <Loaded query={tools} skeleton={<Skeletons count={3} className="h-8" />}>
          {(list) => <Tools tools={list.filter((tool) => tool.connection_id === id)} />}
        </Loaded>
        {refresh.isError ? <Failure error={refresh.error} /> : null}
        <Button className="justify-self-start" busy={refresh.isPending} onClick={() => refresh.mutate()}>
          <RefreshCw size={16} strokeWidth={1.5} aria-hidden />
          {t('server.refresh')}
        </Button>
      </div>
    </Dialog>
  )
}

function Tools({ tools }: { readonly tools: readonly Tool[] }) {
  const { t, local } = useWords()
  if (tools.length === 0) return <p>{t('server.tools_none')}</p>
  return (
    <ul className="divide-y divide-line rounded-card border border-line">
      {tools.map(({ name, title, annotations }) => (
        <li key={name} className="flex flex-wrap items-baseline justify-between gap-x-3 px-3 py-2">
          <span className="min-w-0">
            <span className="break-words">{local(title)}</span>
            <span className="block break-all font-mono text-xs text-ink-soft">{name}</span>
          </span>
          <span className="text-xs text-ink-soft">{t(wordOf(annotations))}</span>
        </li>
      ))}
    </ul>
  )
}

function wordOf({ readOnly, destructive }: Tool['annotations']) {
  if (readOnly) return 'tool.reads'
  return destructive ? 'tool.changes' : 'tool.adds'
}
