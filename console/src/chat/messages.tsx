import { memo, startTransition, useEffect, useMemo, useState } from 'react'
import type { Message } from '@chaveiro/sdk'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { Asked } from './asked.tsx'
import type { LiveRun } from './live-runs.ts'
import { RouterBadge } from './router-badge.tsx'
import { loadEarlier } from './thread-query.ts'
import { textOfMessage, turnOfMessage, type Turn } from './turn.ts'
import { TurnView } from './turn-view.tsx'
import { useConversation, useConversationActions, type ConversationActions } from './use-conversation.ts'
import { Foot, useHeldPlace, useReconnect } from './reading-place.ts'

interface MessagesProps {
  readonly id: number
  readonly messages: readonly Message[]
  /** There are earlier ones. */
  readonly isPartial: boolean
  readonly agentId: number | null
}

/** Messages: more than fill a screen. Those are drawn at once; who opens a conversation does not wait for what is above. */
const AT_ONCE = 6

/** The index of the first message that is drawn: the last few, then as many more whenever nothing else is to be done. */
function useFirstDrawn(count: number): number {
  const [first, setFirst] = useState(Math.max(0, count - AT_ONCE))
  useEffect(() => {
    if (first > 0) startTransition(() => setFirst(Math.max(0, first - AT_ONCE)))
  }, [first])
  return first
}

/** What was said, and what is being said now. */
export function Messages({ id, messages, isPartial, agentId }: MessagesProps) {
  const { t } = useWords()
  const { live, isBusy } = useConversation(id)
  const actions = useTurnActions(id, agentId)
  useReconnect(messages, { live, reconnect: actions.reconnect })
  const shown = messages.filter(
    (message) => message.id !== live?.messageId && message.id < (live?.replaces ?? Infinity),
  )
  const first = useFirstDrawn(shown.length)
  return (
    <>
      {isPartial ? <Earlier id={id} first={messages[0]?.id ?? 0} /> : null}
      <ol aria-label={t('chat.messages')} className="grid grid-cols-1 gap-6">
        {shown.map((message, index) =>
          index < first ? null : (
            <SaidItem
              key={message.id}
              message={message}
              asked={message.role === 'user' ? null : (shown[index - 1] ?? null)}
              isLast={live === undefined && index === shown.length - 1}
              isBusy={isBusy}
              actions={actions}
            />
          ),
        )}
        {live === undefined ? null : (
          <Saying live={live} isBusy={isBusy} asked={isStored(messages, live) ? null : live.asked} actions={actions} />
        )}
      </ol>
      <RunError live={live} actions={actions} />
      <RouterNote model={live?.turn.model ?? lastModel(messages)} />
      <p role="status" className="sr-only">
        {isBusy ? t('chat.thinking') : t('chat.ready')}
      </p>
      <Foot />
    </>
  )
}

interface TurnActions extends ConversationActions {
  /** Null: the agent is gone, and nothing can be asked again. */
  readonly ask: ((text: string, replaces?: number) => void) | null
  readonly agentId: number | null
}

function useTurnActions(id: number, agentId: number | null): TurnActions {
  const actions = useConversationActions(id)
  return useMemo(
    () => ({
      ...actions,
      agentId,
      ask: agentId === null ? null : (text, replaces) => actions.send(agentId, text, replaces),
    }),
    [actions, agentId],
  )
}

/** Earlier messages, as somebody comes near to them; what they read stays where it is. */
function Earlier({ id, first }: { readonly id: number; readonly first: number }) {
  const { t } = useWords()
  const [isLoading, setLoading] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const hold = useHeldPlace(first)
  const load = () => {
    setLoading(true)
    setError(null)
    hold()
    loadEarlier(id)
      .catch(setError)
      .finally(() => setLoading(false))
  }
  return (
    <div className="mb-4 grid justify-items-center gap-2">
      {error === null ? (
        <Button busy={isLoading} onClick={load}>
          {t('chat.earlier')}
        </Button>
      ) : (
        <Failure error={error} onRetry={load} />
      )}
    </div>
  )
}

interface SaidProps {
  readonly message: Message
  /** What it answers. */
  readonly asked: Message | null
  readonly isLast: boolean
  readonly isBusy: boolean
  readonly actions: TurnActions
}

/** A message of the thread. Drawn again only where it changes: a long conversation is typed in like a short one. */
const SaidItem = memo(function SaidItem(props: SaidProps) {
  return (
    <li className="said min-w-0">
      <Said {...props} />
    </li>
  )
})

function Said({ message, asked, isLast, isBusy, actions }: SaidProps) {
  const turn = useMemo(() => turnOfMessage(message), [message])
  const { ask } = actions
  if (message.role === 'user') {
    const text = textOfMessage(message)
    const edit = ask === null || isBusy ? null : (changed: string) => ask(changed, message.id)
    return <Asked text={text} onEdit={edit} />
  }
  const { run_id: runId } = message
  const again = ask === null || asked === null ? null : () => ask(textOfMessage(asked), asked.id)
  return (
    <TurnView
      turn={turn}
      isStreaming={false}
      isLast={isLast}
      onDecide={actions.decide}
      agentId={actions.agentId}
      onAskAgain={again}
      onResume={() => runId !== null && actions.resume(runId)}
    />
  )
}

interface SayingProps {
  readonly live: LiveRun
  readonly isBusy: boolean
  readonly asked: string | null
  readonly actions: TurnActions
}

/** What is being said now, after what was asked for it. */
function Saying({ live, isBusy, asked, actions }: SayingProps) {
  const { t } = useWords()
  const { runId, turn } = live
  return (
    <>
      {asked === null ? null : (
        <li>
          <Asked text={asked} onEdit={null} />
        </li>
      )}
      <li className="min-w-0" aria-busy={isBusy}>
        <TurnView
          turn={turn}
          isStreaming={isBusy}
          isLast
          onDecide={actions.decide}
          agentId={actions.agentId}
          onAskAgain={null}
          onResume={() => runId !== null && actions.resume(runId)}
        />
        {isBusy && turn.parts.length === 0 ? <p className="text-ink-soft">{t('chat.thinking')}</p> : null}
      </li>
    </>
  )
}

/** Why it came to nothing. What never began can be sent again as it was. */
function RunError({ live, actions }: { readonly live: LiveRun | undefined; readonly actions: TurnActions }) {
  if (live === undefined || live.error === null) return null
  const { asked, replaces, runId } = live
  const { ask } = actions
  const retry = () => {
    actions.dismiss()
    if (runId === null && asked !== null && ask !== null) ask(asked, replaces ?? undefined)
  }
  return (
    <div className="mt-4">
      <Failure error={live.error} onRetry={retry} />
    </div>
  )
}

function RouterNote({ model }: { readonly model: Turn['model'] }) {
  if (model === null || model.isLlm) return null
  return (
    <div className="mt-6">
      <RouterBadge />
    </div>
  )
}

/** Whether the thread has the question already that the live answer is for. */
function isStored(messages: readonly Message[], { messageId, asked }: LiveRun): boolean {
  if (messageId === null || !messages.some(({ id }) => id === messageId)) return false
  const before = messages.filter(({ id }) => id < messageId).findLast(({ role }) => role === 'user')
  return before !== undefined && textOfMessage(before) === asked
}

function lastModel(messages: readonly Message[]) {
  return messages.length === 0 ? null : turnOfMessage(messages.at(-1) ?? { parts: [], metadata: {} }).model
}
