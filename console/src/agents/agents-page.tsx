import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Copy, MessageSquare, Trash2 } from 'lucide-react'
import type { Agent } from '@chaveiro/sdk'
import { agentsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Button, buttonLook } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { LISTED } from '../parts/listed.ts'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { AgentModel } from './agent-model.tsx'
import { deleteSoon, useDeletions } from './deletions.ts'
import { TemplateList } from './template-list.tsx'
import { useDuplicateAgent } from './use-create-agent.ts'

export function AgentsPage() {
  const { t } = useWords()
  const navigate = useNavigate()
  const agents = useQuery(agentsQuery)
  const leaving = useDeletions()
  const open = (agent: Agent) => navigate({ to: '/agents/$agentId', params: { agentId: String(agent.id) } })
  const shown = agents.data?.filter(({ id }) => !leaving.includes(id))
  return (
    <Page title={t('agents.title')} lede={t('agents.lede')}>
      <Loaded query={agents} skeleton={<Skeletons count={3} className="h-16" />}>
        {() => (
          <>
            {agents.isError ? <Failure error={agents.error} onRetry={() => void agents.refetch()} /> : null}
            {shown?.length === 0 ? (
              <p className="rounded-card border border-dashed border-edge p-6 text-ink-soft">{t('agents.empty')}</p>
            ) : (
              <AgentRows agents={shown ?? []} onDuplicated={open} />
            )}
          </>
        )}
      </Loaded>
      <section aria-labelledby="templates" className="grid gap-3">
        <h2 id="templates" className="text-lg">
          {t('agents.templates')}
        </h2>
        <TemplateList isNext={shown?.length === 0} onCreated={open} />
      </section>
    </Page>
  )
}

interface AgentRowsProps {
  readonly agents: readonly Agent[]
  readonly onDuplicated: (agent: Agent) => unknown
}

function AgentRows({ agents, onDuplicated }: AgentRowsProps) {
  const duplicate = useDuplicateAgent(onDuplicated)
  return (
    <>
      {duplicate.isError ? <Failure error={duplicate.error} /> : null}
      <ul className="divide-y divide-line rounded-card border border-line bg-surface">
        {agents.map((agent) => (
          <AgentRow
            key={agent.id}
            agent={agent}
            isBusy={duplicate.isPending && duplicate.variables.id === agent.id}
            onDuplicate={() => duplicate.mutate(agent)}
          />
        ))}
      </ul>
    </>
  )
}

interface AgentRowProps {
  readonly agent: Agent
  readonly isBusy: boolean
  readonly onDuplicate: () => void
}

function AgentRow({ agent, isBusy, onDuplicate }: AgentRowProps) {
  const words = useWords()
  const { t } = words
  const { name } = agent
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 p-4">
      <div className="min-w-0 flex-1 basis-52">
        <h2 className="break-words">
          <Link to="/agents/$agentId" params={{ agentId: String(agent.id) }} className="link">
            {name}
          </Link>
        </h2>
        <p className="text-sm text-ink-soft">
          {[
            t('agents.tools', { count: agent.tools.length }),
            ...(agent.shared ? [t('agents.shared')] : []),
            ...(agent.owned ? [] : [t('agents.not_owned')]),
          ].join(LISTED)}
          <AgentModel model={agent.model} />
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Link to="/chat" search={{ agent: agent.id }} className={buttonLook('quiet')}>
          <MessageSquare size={16} strokeWidth={1.5} aria-hidden />
          {t('agents.chat')}
        </Link>
        <Button look="bare" busy={isBusy} aria-label={t('agents.duplicate', { name })} onClick={onDuplicate}>
          {isBusy ? null : <Copy size={16} strokeWidth={1.5} aria-hidden />}
        </Button>
        {agent.owned ? (
          <Button look="bare" aria-label={t('agents.delete', { name })} onClick={() => deleteSoon(agent, words)}>
            <Trash2 size={16} strokeWidth={1.5} aria-hidden />
          </Button>
        ) : null}
      </div>
    </li>
  )
}
