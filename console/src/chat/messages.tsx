import { useEffect, useRef } from 'react'
import type { Message } from '@chaveiro/sdk'
import { useWords } from '../language.ts'
import { Failure } from '../parts/failure.tsx'
import { RouterBadge } from './router-badge.tsx'
import { EMPTY_TURN, textOfMessage, turnOfMessage } from './turn.ts'
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
  const lastAsked = live?.asked ?? textOfMessage(messages.findLast(({ role }) => role === 'user') ?? { parts: [] })
  const askAgain = () => {
    if (agentId !== null) conversation.send(agentId, lastAsked)
  }
  const isStored = live?.asked != null && isLastQuestion(messages, live.messageId, live.asked)
  const model = live?.turn.model ?? lastModel(messages)
  return (
    <>
      {isPartial ? <p className="mb-4 text-center text-xs text-ink-soft">{t('chat.partial')}</p> : null}
      <ol aria-label={t('chat.messages')} className="grid gap-6">
        {shown.map((message, index) => (
          <li key={message.id} className="min-w-0">
            {message.role === 'user' ? (
              <Asked text={textOfMessage(message)} />
            ) : (
              <TurnView
                turn={turnOfMessage(message)}
                isStreaming={false}
                isLast={live === undefined && index === shown.length - 1}
                onDecide={conversation.decide}
                onAskAgain={askAgain}
                onResume={() => message.run_id !== null && conversation.resume(message.run_id)}
              />
            )}
          </li>
        ))}
        {live?.asked == null || isStored ? null : (
          <li>
            <Asked text={live.asked} />
          </li>
        )}
        {live === undefined ? null : (
          <li className="min-w-0" aria-busy={isBusy}>
            <TurnView
              turn={live.turn}
              isStreaming={isBusy}
              isLast
              onDecide={conversation.decide}
              onAskAgain={askAgain}
              onResume={() => live.runId !== null && conversation.resume(live.runId)}
            />
            {isBusy && live.turn.parts.length === 0 ? <p className="text-ink-soft">{t('chat.thinking')}</p> : null}
          </li>
        )}
      </ol>
      {live?.error == null ? null : (
        <div className="mt-4">
          <Failure error={live.error} onRetry={conversation.dismiss} />
        </div>
      )}
      {model?.isLlm === false ? (
        <div className="mt-6">
          <RouterBadge />
        </div>
      ) : null}
      <p role="status" className="sr-only">
        {isBusy ? t('chat.thinking') : messages.length > 0 ? t('chat.ready') : ''}
      </p>
      <Foot follows={live?.turn} />
    </>
  )
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
function isLastQuestion(messages: readonly Message[], answerId: number | null, asked: string): boolean {
  const before = messages.filter(({ id }) => answerId === null || id < answerId).findLast(({ role }) => role === 'user')
  const hasAnswer = answerId !== null && messages.some(({ id }) => id === answerId)
  return hasAnswer && before !== undefined && textOfMessage(before) === asked
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

/** Keeps the end in view while it grows, unless somebody scrolled up to read. */
function Foot({ follows }: { readonly follows: unknown }) {
  const foot = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const { scrollHeight, scrollTop, clientHeight } = document.documentElement
    if (scrollHeight - scrollTop - clientHeight < NEAR_THE_END_PIXELS) foot.current?.scrollIntoView({ block: 'end' })
  }, [follows])
  useEffect(() => foot.current?.scrollIntoView({ block: 'end' }), [])
  return <div ref={foot} className="scroll-mb-40" />
}

const NEAR_THE_END_PIXELS = 320
