import { useQuery } from '@tanstack/react-query'
import { ShieldQuestion } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Approval } from '@chaveiro/sdk'
import { agentsQuery, approvalQuery, connectionsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { When } from '../parts/when.tsx'
import { ApprovalChange } from './approval-change.tsx'
import { useToolTitle } from './tool-title.ts'
import type { ApprovalDecision } from './use-conversation.ts'
import { visibleText } from './visible-text.ts'

interface ApprovalCardProps {
  readonly id: number
  /** Who asks; null where the agent is gone. */
  readonly agentId: number | null
  readonly onDecide: (decision: Omit<ApprovalDecision, 'turn'>) => void
}

/** What an agent wants to do, exactly, and the answer to it. */
export function ApprovalCard({ id, agentId, onDecide }: ApprovalCardProps) {
  const approval = useQuery({ ...approvalQuery(id), staleTime: 0 })
  return (
    <Loaded query={approval} skeleton={<div className="skeleton my-3 h-40" />}>
      {(value) =>
        value.status === 'pending' ? (
          <Pending approval={value} agentId={agentId} onDecide={onDecide} onExpired={() => void approval.refetch()} />
        ) : (
          <Decided approval={value} />
        )
      }
    </Loaded>
  )
}

function Decided({ approval }: { readonly approval: Approval }) {
  const { t } = useWords()
  return approval.status === 'expired' ? <p className="my-3 text-sm text-ink-soft">{t('approval.expired')}</p> : null
}

interface PendingProps extends Omit<ApprovalCardProps, 'id'> {
  readonly approval: Approval
  readonly onExpired: () => void
}

function Pending({ approval, agentId, onDecide, onExpired }: PendingProps) {
  const { t } = useWords()
  const tool = useToolTitle()(approval.tool)
  const agent = useQuery(agentsQuery).data?.find(({ id }) => id === agentId)
  const [isDecided, setDecided] = useState(false)
  useClock(approval.expires_at, onExpired)
  const decide = (decision: 'approve' | 'deny', always = false) => {
    setDecided(true)
    onDecide({ id: approval.id, decision, always, arguments: approval.arguments })
  }
  const { target } = approval
  return (
    <section
      aria-label={t('approval.title')}
      className="my-3 grid grid-cols-1 gap-3 rounded-card border border-warn bg-surface p-4"
    >
      <h2 className="flex gap-2">
        <ShieldQuestion size={16} strokeWidth={1.5} aria-hidden className="mt-0.5 shrink-0 text-warn" />
        <span className="min-w-0 break-words">
          {target === null
            ? t('approval.sentence', { tool })
            : t('approval.sentence_target', { tool, target: visibleText(target) })}
        </span>
      </h2>
      <div
        className="max-h-80 overflow-auto rounded-control bg-paper p-3 text-sm"
        tabIndex={0}
        role="group"
        aria-label={t('approval.exactly')}
      >
        <ApprovalChange approval={approval} />
      </div>
      {approval.asked_because === 'text_of_strangers' ? <p className="text-sm">{t('approval.strangers')}</p> : null}
      <Asker approval={approval} agent={agent?.name} />
      <div className="flex flex-wrap gap-2">
        <Button look="primary" disabled={isDecided} onClick={() => decide('approve')}>
          {t('approval.approve')}
        </Button>
        {agent?.owned === true ? (
          <Button
            disabled={isDecided}
            aria-describedby={`always-${approval.id}`}
            onClick={() => decide('approve', true)}
          >
            {t('approval.always')}
          </Button>
        ) : null}
        <Button disabled={isDecided} onClick={() => decide('deny')}>
          {t('approval.deny')}
        </Button>
      </div>
      {agent?.owned === true ? (
        <p id={`always-${approval.id}`} className="text-xs text-ink-soft">
          {t('approval.always_hint', { agent: agent.name, tool })}
        </p>
      ) : null}
    </section>
  )
}

/** Who asks, with which connection, and for how long. */
function Asker({ approval, agent }: { readonly approval: Approval; readonly agent: string | undefined }) {
  const { t } = useWords()
  const connection = useQuery(connectionsQuery).data?.find(({ connection_id: id }) => id === approval.connection_id)
  const said = [
    ...(agent === undefined ? [] : [t('approval.asks', { agent })]),
    ...(connection === undefined ? [] : [t('approval.with', { label: connection.label })]),
  ]
  return (
    <p className="text-xs text-ink-soft">
      {said.map((each) => `${each} · `).join('')}
      {t('approval.expires')} <When iso={approval.expires_at} />
    </p>
  )
}

/** Between two looks at the clock: minutes are what is shown. */
const LOOK_MS = 15_000

/** Draws the time that is left anew, and tells when there is none. */
function useClock(expiresAt: string, onExpired: () => void): void {
  const [, setNow] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now())
      if (Date.parse(expiresAt) <= Date.now()) onExpired()
    }, LOOK_MS)
    return () => clearInterval(timer)
  })
}
