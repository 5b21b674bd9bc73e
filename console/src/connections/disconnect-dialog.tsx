import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Connection, DisconnectReceipt } from '@chaveiro/sdk'
import { client, connectionsQuery, toolsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Confirm } from '../parts/confirm.tsx'

interface DisconnectDialogProps {
  readonly connection: Connection
  /** Its name. */
  readonly provider: string
  readonly open: boolean
  readonly onClose: () => void
  readonly onDisconnected: (receipt: DisconnectReceipt) => void
}

export function DisconnectDialog({ connection, provider, open, onClose, onDisconnected }: DisconnectDialogProps) {
  const { t } = useWords()
  const queries = useQueryClient()
  const { connection_id: id, label } = connection
  const disconnect = useMutation({
    mutationFn: () => client.connections.disconnect(connection.provider, { connection_id: id }),
    async onSuccess(receipt) {
      onClose()
      onDisconnected(receipt)
      await Promise.all([
        queries.invalidateQueries({ queryKey: connectionsQuery.queryKey }),
        queries.invalidateQueries({ queryKey: toolsQuery.queryKey }),
      ])
      // The card that had the focus is gone.
      document.querySelector<HTMLElement>('h1')?.focus()
    },
  })
  return (
    <Confirm
      open={open}
      onClose={onClose}
      title={t('disconnect.title', { label })}
      verb={t('disconnect.verb', { label })}
      busy={disconnect.isPending}
      error={disconnect.error}
      onConfirm={() => disconnect.mutate()}
    >
      <p>{t('disconnect.text', { provider })}</p>
    </Confirm>
  )
}
