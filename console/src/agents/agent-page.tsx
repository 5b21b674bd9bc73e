import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { ChaveiroError } from '@chaveiro/sdk'
import { agentsQuery, client } from '../api.ts'
import { Missing } from '../frame/missing.tsx'
import { useWords } from '../language.ts'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { AgentForm } from './agent-form.tsx'

const NOT_FOUND = 404

export function AgentPage() {
  const { t } = useWords()
  const { agentId } = useParams({ from: '/inside/agents/$agentId' })
  const id = Number(agentId)
  const agent = useQuery({
    queryKey: [...agentsQuery.queryKey, id],
    queryFn: () => client.agents.get(id),
    enabled: Number.isSafeInteger(id),
  })
  if (!Number.isSafeInteger(id) || (agent.error instanceof ChaveiroError && agent.error.status === NOT_FOUND)) {
    return <Missing />
  }
  return (
    <Page title={agent.data?.name ?? t('agent.title')}>
      <Loaded query={agent} skeleton={<Skeletons count={3} className="h-24" />}>
        {(value) => <AgentForm key={value.id} agent={value} />}
      </Loaded>
    </Page>
  )
}
