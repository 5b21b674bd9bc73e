import { useEffect, useRef } from 'react'
import type { Message } from '@chaveiro/sdk'
import { useWords } from '../language.ts'
import { Failure } from '../parts/failure.tsx'
import { RouterBadge } from './router-badge.tsx'
import type { LiveRun } from './live-runs.ts'
import { EMPTY_TURN, textOfMessage, turnOfMessage, type Turn } from './turn.ts'
import { TurnView } from './turn-view.tsx'
import { useConversation, type Conversation } from './use-conversation.ts'

interface MessagesProps {
  readonly id: number
  readonly messages: readonly Message[]
  /** There are earlier ones. */
  readonly isPartial: boolean
  readonly agentId: number | null
}

/** What was said, and what is being said now. */
export function Messages({ id, messages, isPartial, agentId }: MessagesProps) {
  const { t } = useWords()
  const conversation = useConversation(id)
  const { live, isBusy } = conversation
  useReconnect(messages, conversation)
  const shown = messages.filter((message) => message.id !== live?.messageId)
  const askAgain = () => {
    if (agentId !== null) conversation.send(agentId, lastAsked(messages, live))
  }
  return (
    <>
      {isPartial ? <p className="mb-4 text-center text-xs text-ink-soft">{t('chat.partial')}</p> : null}
      <ol aria-label={t('chat.messages')} className="grid grid-cols-1 gap-6">
        {shown.map((message, index) => (
          <li key={message.id} className="min-w-0">
            <Said
              message={message}
              isLast={live === undefined && index === shown.length - 1}
              conversation={conversation}
              onAskAgain={askAgain}
            />
          </li>
        ))}
        {live === undefined ? null : (
          <Saying
            live={live}
            asked={isStored(messages, live) ? null : live.asked}
            conversation={conversation}
            onAskAgain={askAgain}
          />
        )}
      </ol>
      <RunError live={live} onDismiss={conversation.dismiss} />
      <RouterNote model={live?.turn.model ?? lastModel(messages)} />
      <p role="status" className="sr-only">
        {isBusy ? t('chat.thinking') : t('chat.ready')}
      </p>
      <Foot />
    </>
  )
}

interface SaidProps {
  readonly conversation: Conversation
  readonly onAskAgain: () => void
}

/** A message of the thread. */
function Said({ message, isLast, conversation, onAskAgain }: SaidProps & { message: Message; isLast: boolean }) {
  if (message.role === 'user') return <Asked text={textOfMessage(message)} />
  const { run_id: runId } = message
  return (
    <TurnView
      turn={turnOfMessage(message)}
      isStreaming={false}
      isLast={isLast}
      onDecide={conversation.decide}
      onAskAgain={onAskAgain}
      onResume={() => runId !== null && conversation.resume(runId)}
    />
  )
}

/** What is being said now, after what was asked for it. */
function Saying({ live, asked, conversation, onAskAgain }: SaidProps & { live: LiveRun; asked: string | null }) {
  const { t } = useWords()
  const { isBusy } = conversation
  const { runId, turn } = live
  return (
    <>
      {asked === null ? null : (
        <li>
          <Asked text={asked} />
        </li>
      )}
      <li className="min-w-0" aria-busy={isBusy}>
        <TurnView
          turn={turn}
          isStreaming={isBusy}
          isLast
          onDecide={conversation.decide}
          onAskAgain={onAskAgain}
          onResume={() => runId !== null && conversation.resume(runId)}
        />
        {isBusy && turn.parts.length === 0 ? <p className="text-ink-soft">{t('chat.thinking')}</p> : null}
      </li>
    </>
  )
}

function RunError({ live, onDismiss }: { readonly live: LiveRun | undefined; readonly onDismiss: () => void }) {
  if (live === undefined || live.error === null) return null
  return (
    <div className="mt-4">
      <Failure error={live.error} onRetry={onDismiss} />
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

function lastAsked(messages: readonly Message[], live: LiveRun | undefined): string {
  return live?.asked ?? textOfMessage(messages.findLast(({ role }) => role === 'user') ?? { parts: [] })
}

function Asked({ text }: { readonly text: string }) {
  const { t } = useWords()
  return (
    <div className="ml-auto w-fit max-w-[85%] whitespace-pre-wrap break-words rounded-card bg-brass-wash px-4 py-2">
      <span className="sr-only">{t('chat.you')}: </span>
      {text}
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

/** Statuses of a run that says nothing more by itself. */
const ENDED = new Set(['succeeded', 'failed', 'stopped', 'waiting', 'interrupted'])

/** A page that is opened, or loaded again, while an agent is at work goes on where it is. */
function useReconnect(messages: readonly Message[], { live, reconnect }: Conversation): void {
  const followed = useRef<number | null>(null)
  const last = messages.at(-1)
  const status = last?.role === 'assistant' ? turnOfMessage(last).status : EMPTY_TURN.status
  const runId = last?.run_id ?? null
  const isOpen = runId !== null && (status === null || !ENDED.has(status))
  useEffect(() => {
    if (!isOpen || live !== undefined || followed.current === runId) return
    followed.current = runId
    reconnect(runId)
  }, [isOpen, live, reconnect, runId])
}

/** How far from the end somebody may be and still want to see what comes: more than an approval is high. */
const NEAR_THE_END_PIXELS = 320

/** Keeps the end in view while it grows, unless somebody scrolled up to read. */
function Foot() {
  const foot = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const conversation = foot.current?.parentElement
    if (conversation === null || conversation === undefined) return undefined
    let isFirst = true
    const observer = new ResizeObserver(() => {
      const { scrollHeight, scrollTop, clientHeight } = document.documentElement
      if (isFirst || scrollHeight - scrollTop - clientHeight < NEAR_THE_END_PIXELS) window.scrollTo(0, scrollHeight)
      isFirst = false
    })
    observer.observe(conversation)
    return () => observer.disconnect()
  }, [])
  return <div ref={foot} />
}
