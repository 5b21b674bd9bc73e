import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { AllowedClient } from '@chaveiro/sdk'
import { client as api } from '../api.ts'
import { useWords } from '../language.ts'
import { Confirm } from '../parts/confirm.tsx'
import { clientsQuery } from './queries.ts'

interface RevokeClientProps {
  readonly client: AllowedClient
  readonly open: boolean
  readonly onClose: () => void
  readonly onEnded: () => void
}

export function RevokeClient({ client, open, onClose, onEnded }: RevokeClientProps) {
  const { t } = useWords()
  const queries = useQueryClient()
  const { id, name } = client
  const revoke = useMutation({
    mutationFn: () => api.clients.revoke(id),
    async onSuccess() {
      onClose()
      onEnded()
      await queries.invalidateQueries({ queryKey: clientsQuery.queryKey })
      // The row that had the focus is gone.
      document.querySelector<HTMLElement>('h1')?.focus()
    },
  })
  return (
    <Confirm
      open={open}
      onClose={onClose}
      title={t('clients.revoke_title', { name })}
      verb={t('clients.revoke_verb', { name })}
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
    >
      <p>{t('clients.revoke_text')}</p>
    </Confirm>
  )
}
