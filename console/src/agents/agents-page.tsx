import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { MessageSquare } from 'lucide-react'
import type { Agent } from '@chaveiro/sdk'
import { agentsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { buttonLook } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { TemplateList } from './template-list.tsx'

export function AgentsPage() {
  const { t } = useWords()
  const navigate = useNavigate()
  const agents = useQuery(agentsQuery)
  return (
    <Page title={t('agents.title')} lede={t('agents.lede')}>
      <Loaded query={agents} skeleton={<Skeletons count={3} className="h-16" />}>
        {(list) => (
          <>
            {agents.isError ? <Failure error={agents.error} onRetry={() => void agents.refetch()} /> : null}
            {list.length === 0 ? (
              <p className="rounded-card border border-dashed border-edge p-6 text-ink-soft">{t('agents.empty')}</p>
            ) : (
              <ul className="divide-y divide-line rounded-card border border-line bg-surface">
                {list.map((agent) => (
                  <AgentRow key={agent.id} agent={agent} />
                ))}
              </ul>
            )}
          </>
        )}
      </Loaded>
      <section aria-labelledby="templates" className="grid gap-3">
        <h2 id="templates" className="text-lg">
          {t('agents.templates')}
        </h2>
        <TemplateList
          isNext={agents.data?.length === 0}
          onCreated={(agent) => navigate({ to: '/agents/$agentId', params: { agentId: String(agent.id) } })}
        />
      </section>
    </Page>
  )
}

function AgentRow({ agent }: { readonly agent: Agent }) {
  const { t } = useWords()
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 p-4">
      <div className="min-w-0 flex-1 basis-52">
        <h2 className="break-words">
          <Link to="/agents/$agentId" params={{ agentId: String(agent.id) }} className="link">
            {agent.name}
          </Link>
        </h2>
        <p className="text-sm text-ink-soft">
          {[
            t('agents.tools', { count: agent.tools.length }),
            ...(agent.shared ? [t('agents.shared')] : []),
            ...(agent.owned ? [] : [t('agents.not_owned')]),
          ].join(' · ')}
        </p>
      </div>
      <Link to="/chat" search={{ agent: agent.id }} className={buttonLook('quiet')}>
        <MessageSquare size={16} strokeWidth={1.5} aria-hidden />
        {t('agents.chat')}
      </Link>
    </li>
  )
}
