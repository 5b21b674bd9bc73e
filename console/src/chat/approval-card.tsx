import { useQuery } from '@tanstack/react-query'
import { ShieldQuestion } from 'lucide-react'
import { useState } from 'react'
import type { Approval } from '@chaveiro/sdk'
import { approvalQuery, connectionsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { When } from '../parts/when.tsx'
import { Arguments, useToolTitle } from './tool-card.tsx'
import type { ApprovalDecision } from './use-conversation.ts'

interface ApprovalCardProps {
  readonly id: number
  readonly onDecide: (decision: Omit<ApprovalDecision, 'turn'>) => void
}

/** What an agent wants to do, exactly, and the answer to it. */
export function ApprovalCard({ id, onDecide }: ApprovalCardProps) {
  const approval = useQuery({ ...approvalQuery(id), staleTime: 0 })
  return (
    <Loaded query={approval} skeleton={<div className="skeleton my-3 h-40" />}>
      {(value) =>
        value.status === 'pending' ? <Pending approval={value} onDecide={onDecide} /> : <Decided approval={value} />
      }
    </Loaded>
  )
}

function Decided({ approval }: { readonly approval: Approval }) {
  const { t } = useWords()
  return approval.status === 'expired' ? <p className="my-3 text-sm text-ink-soft">{t('approval.expired')}</p> : null
}

interface PendingProps {
  readonly approval: Approval
  readonly onDecide: ApprovalCardProps['onDecide']
}

function Pending({ approval, onDecide }: PendingProps) {
  const { t } = useWords()
  const title = useToolTitle()(approval.tool)
  const connection = useQuery(connectionsQuery).data?.find(({ connection_id: id }) => id === approval.connection_id)
  const [isDecided, setDecided] = useState(false)
  const decide = (decision: 'approve' | 'deny') => {
    setDecided(true)
    onDecide({ id: approval.id, decision, arguments: approval.arguments })
  }
  return (
    <section
      aria-label={t('approval.title')}
      className="my-3 grid gap-3 rounded-card border border-warn bg-surface p-4"
    >
      <h2 className="flex gap-2">
        <ShieldQuestion size={16} strokeWidth={1.5} aria-hidden className="mt-0.5 shrink-0 text-warn" />
        <span>
          {approval.target === null
            ? t('approval.sentence', { tool: title })
            : t('approval.sentence_target', { tool: title, target: approval.target })}
        </span>
      </h2>
      <div
        className="max-h-80 overflow-auto rounded-control bg-paper p-3 text-sm"
        tabIndex={0}
        role="group"
        aria-label={t('approval.exactly')}
      >
        <Arguments input={approval.arguments} />
      </div>
      <p className="text-xs text-ink-soft">
        {connection === undefined ? '' : `${t('approval.with', { label: connection.label })} · `}
        {t('approval.expires')} <When iso={approval.expires_at} />
      </p>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" disabled={isDecided} onClick={() => decide('approve')}>
          {t('approval.approve')}
        </Button>
        <Button disabled={isDecided} onClick={() => decide('deny')}>
          {t('approval.deny')}
        </Button>
      </div>
    </section>
  )
}
