import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Agent } from '@chaveiro/sdk'
import { agentsQuery, client } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Confirm } from '../parts/confirm.tsx'

export function DeleteAgent({ agent }: { readonly agent: Agent }) {
  const { t } = useWords()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [isAsked, setAsked] = useState(false)
  const remove = useMutation({
    mutationFn: () => client.agents.delete(agent.id),
    async onSuccess() {
      await navigate({ to: '/agents' })
      queries.removeQueries({ queryKey: [...agentsQuery.queryKey, agent.id] })
      await queries.invalidateQueries({ queryKey: agentsQuery.queryKey })
    },
  })
  return (
    <section className="max-w-2xl border-t border-line pt-6">
      <Button look="danger" onClick={() => setAsked(true)}>
        {t('agent.delete')}
      </Button>
      <Confirm
        open={isAsked}
        onClose={() => setAsked(false)}
        title={t('agent.delete_title', { name: agent.name })}
        verb={t('agent.delete')}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
      >
        <p>{t('agent.delete_text')}</p>
      </Confirm>
    </section>
  )
}
