import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { ApprovalCard } from './approval-card.tsx'
import { ConnectCard } from './connect-card.tsx'
import { Markdown } from './markdown.tsx'
import { ToolCard } from './tool-card.tsx'
import { missingConnection, type Part, type Turn } from './turn.ts'
import type { ApprovalDecision } from './use-conversation.ts'

interface TurnViewProps {
  readonly turn: Turn
  readonly isStreaming: boolean
  /** Only the last turn can be gone on with. */
  readonly isLast: boolean
  readonly onDecide: (decision: ApprovalDecision) => void
  readonly onAskAgain: () => void
  readonly onResume: () => void
}

/** What an agent said and did. */
export function TurnView({ turn, isStreaming, isLast, onDecide, onAskAgain, onResume }: TurnViewProps) {
  const { t } = useWords()
  const missing = isLast && !isStreaming ? missingConnection(turn) : undefined
  const provider = missing?.failure?.provider ?? null
  return (
    <div className="min-w-0">
      {turn.parts.map((part) => (
        <PartView
          key={`${part.kind}-${part.id}`}
          part={part}
          isStreaming={isStreaming}
          onDecide={(decision) => onDecide({ ...decision, turn })}
        />
      ))}
      {provider === null ? null : <ConnectCard provider={provider} onConnected={onAskAgain} />}
      {turn.status === 'stopped' ? <p className="text-sm text-ink-soft">{t('chat.stopped')}</p> : null}
      {turn.status === 'failed' ? <p className="text-sm text-bad">{t('chat.failed')}</p> : null}
      {turn.status === 'interrupted' && isLast ? (
        <div className="mt-2 grid justify-items-start gap-2">
          <p className="text-sm text-ink-soft">{t('chat.interrupted')}</p>
          <Button onClick={onResume}>{t('chat.resume')}</Button>
        </div>
      ) : null}
    </div>
  )
}

interface PartViewProps {
  readonly part: Part
  readonly isStreaming: boolean
  readonly onDecide: (decision: Omit<ApprovalDecision, 'turn'>) => void
}

function PartView({ part, isStreaming, onDecide }: PartViewProps) {
  if (part.kind === 'text') return <Markdown text={part.text} isStreaming={isStreaming} />
  if (part.state === 'waiting' && part.approvalId !== null) {
    return <ApprovalCard id={part.approvalId} onDecide={onDecide} />
  }
  return <ToolCard call={part} />
}
