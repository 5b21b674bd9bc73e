import { RotateCcw } from 'lucide-react'
import { useWords } from '../language.ts'
import { dollars } from '../money.ts'
import { Button } from '../parts/button.tsx'
import { LISTED } from '../parts/listed.ts'
import { ApprovalCard } from './approval-card.tsx'
import { ConnectCard } from './connect-card.tsx'
import { Markdown } from './markdown.tsx'
import { ToolCard } from './tool-card.tsx'
import { useToolTitle } from './tool-title.ts'
import { missingConnection, type Part, type Turn } from './turn.ts'
import type { ApprovalDecision } from './use-conversation.ts'
import { visibleText } from './visible-text.ts'

interface TurnViewProps {
  readonly turn: Turn
  readonly isStreaming: boolean
  /** Only the last turn can be gone on with. */
  readonly isLast: boolean
  /** Who said it; null where the agent is gone. */
  readonly agentId: number | null
  readonly onDecide: (decision: ApprovalDecision) => void
  /** Asks for the turn once more, in its place; null where that cannot be done. */
  readonly onAskAgain: (() => void) | null
  readonly onResume: () => void
}

/** What an agent said and did. */
export function TurnView({ turn, isStreaming, isLast, agentId, onDecide, onAskAgain, onResume }: TurnViewProps) {
  const missing = isLast && !isStreaming ? missingConnection(turn) : undefined
  const provider = missing?.failure?.provider ?? null
  return (
    <div className="group/turn min-w-0">
      {turn.parts.map((part) => (
        <PartView
          key={`${part.kind}-${part.id}`}
          part={part}
          isStreaming={isStreaming}
          agentId={agentId}
          onDecide={(decision) => onDecide({ ...decision, turn })}
        />
      ))}
      {provider === null || onAskAgain === null ? null : <ConnectCard provider={provider} onConnected={onAskAgain} />}
      {isStreaming ? null : <MissingTools names={turn.missing} />}
      <Ending turn={turn} isLast={isLast} onResume={onResume} />
      {isStreaming ? null : (
        <TurnFoot turn={turn} onAskAgain={isLast && turn.status !== 'waiting' ? onAskAgain : null} />
      )}
    </div>
  )
}

/** Tools that were not there for this answer: their server did not answer, or has changed them. */
function MissingTools({ names }: { readonly names: readonly string[] }) {
  const { t } = useWords()
  const titleOf = useToolTitle()
  if (names.length === 0) return null
  return (
    <p className="mt-2 text-sm break-words text-ink-soft">
      {t('chat.missing_tools', {
        count: names.length,
        tools: names.map((name) => visibleText(titleOf(name))).join(', '),
      })}
    </p>
  )
}

/** How a turn ended that did not end with its answer. */
function Ending({ turn, isLast, onResume }: Pick<TurnViewProps, 'turn' | 'isLast' | 'onResume'>) {
  const { t } = useWords()
  if (turn.status === 'stopped') return <p className="text-sm text-ink-soft">{t('chat.stopped')}</p>
  if (turn.status === 'left_open') return <p className="text-sm text-ink-soft">{t('chat.left_open')}</p>
  if (turn.status === 'failed') return <p className="text-sm text-bad">{t('chat.failed')}</p>
  if (turn.status !== 'interrupted' || !isLast) return null
  return (
    <div className="mt-2 grid justify-items-start gap-2">
      <p className="text-sm text-ink-soft">{t('chat.interrupted')}</p>
      <Button onClick={onResume}>{t('chat.resume')}</Button>
    </div>
  )
}

/** By what it was answered, what that took, and once more. */
function TurnFoot({ turn, onAskAgain }: { readonly turn: Turn; readonly onAskAgain: (() => void) | null }) {
  const { t, language } = useWords()
  const { model, tokens, cost } = turn
  const figures = [
    ...(model?.isLlm === true ? [model.id] : []),
    ...(tokens > 0 ? [t('chat.tokens', { count: tokens, shown: new Intl.NumberFormat(language).format(tokens) })] : []),
    ...(model?.isLlm === true && cost !== null ? [dollars(cost, language)] : []),
  ]
  if (figures.length === 0 && onAskAgain === null) return null
  return (
    <div className="mt-1 flex min-h-8 flex-wrap items-center gap-x-2 text-xs text-ink-soft">
      {onAskAgain === null ? null : (
        <button
          type="button"
          onClick={onAskAgain}
          className="-ml-2 inline-flex min-h-8 items-center gap-1.5 rounded-control px-2 hover:bg-line/60 hover:text-ink"
        >
          <RotateCcw size={14} strokeWidth={1.5} aria-hidden />
          {t('chat.regenerate')}
        </button>
      )}
      {figures.join(LISTED)}
    </div>
  )
}

interface PartViewProps {
  readonly part: Part
  readonly isStreaming: boolean
  readonly agentId: number | null
  readonly onDecide: (decision: Omit<ApprovalDecision, 'turn'>) => void
}

function PartView({ part, isStreaming, agentId, onDecide }: PartViewProps) {
  if (part.kind === 'text') return <Markdown text={part.text} isStreaming={isStreaming} />
  if (part.state === 'waiting' && part.approvalId !== null) {
    return <ApprovalCard id={part.approvalId} agentId={agentId} onDecide={onDecide} />
  }
  return <ToolCard call={part} />
}
