import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { MessagesSquare } from 'lucide-react'
import { useState } from 'react'
import { ChaveiroError, type Agent } from '@chaveiro/sdk'
import { agentsQuery } from '../api.ts'
import { Missing } from '../frame/missing.tsx'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Failure } from '../parts/failure.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { useTitle } from '../parts/page.tsx'
import { AgentChoice } from './agent-choice.tsx'
import { Composer } from './composer.tsx'
import { FirstSteps } from './first-steps.tsx'
import { Messages } from './messages.tsx'
import { ThreadList } from './thread-list.tsx'
import { threadQuery } from './thread-query.ts'
import { useConversation } from './use-conversation.ts'
import { visibleText } from './visible-text.ts'

const NOT_FOUND = 404

export function ChatPage() {
  const { threadId } = useParams({ strict: false })
  const id = threadId === undefined ? null : Number(threadId)
  const thread = useQuery({ ...threadQuery(id ?? 0), enabled: id !== null && Number.isSafeInteger(id) })
  const isGone = thread.error instanceof ChaveiroError && thread.error.status === NOT_FOUND
  if (id !== null && (!Number.isSafeInteger(id) || isGone)) return <Missing />
  return (
    <div className="lg:grid lg:grid-cols-[248px_minmax(0,1fr)]">
      <aside className="hidden border-r border-line p-4 lg:sticky lg:top-0 lg:block lg:h-dvh">
        <ThreadList current={id} />
      </aside>
      <ConversationView key={id ?? 'new'} id={id} thread={thread} />
    </div>
  )
}

type ThreadQuery = ReturnType<
  typeof useQuery<Awaited<ReturnType<NonNullable<ReturnType<typeof threadQuery>['queryFn']>>>>
>

function ConversationView({ id, thread }: { readonly id: number | null; readonly thread: ThreadQuery }) {
  const { t } = useWords()
  const agents = useQuery(agentsQuery)
  const title = id === null ? t('chat.new') : visibleText(thread.data?.title ?? t('place.chat'))
  useTitle(title)
  return (
    <div className="mx-auto flex min-h-[calc(100dvh-4rem)] w-full max-w-[760px] flex-col px-4 pt-6 md:min-h-dvh">
      <header className="flex items-start justify-between gap-3 pb-4">
        <h1 tabIndex={-1} className="min-w-0 break-words text-xl">
          {title}
        </h1>
        <ThreadsButton current={id} />
      </header>
      {id === null ? (
        <Loaded query={agents} skeleton={<Skeletons count={2} className="h-24" />}>
          {(list) => (list.length === 0 ? <FirstSteps /> : <NewConversation agents={list} />)}
        </Loaded>
      ) : (
        <Loaded query={thread} skeleton={<Skeletons count={3} className="h-20" />}>
          {(value) => (
            <Running
              id={id}
              agentId={value.agent_id}
              agents={agents.data ?? []}
              messages={
                <Messages
                  id={id}
                  messages={value.messages}
                  isPartial={value.next_cursor !== null}
                  agentId={value.agent_id}
                />
              }
            />
          )}
        </Loaded>
      )}
    </div>
  )
}

interface RunningProps {
  readonly id: number
  readonly agentId: number | null
  readonly agents: readonly Agent[]
  readonly messages: React.ReactNode
}

/** A conversation that has begun. */
function Running({ id, agentId, agents, messages }: RunningProps) {
  const { t } = useWords()
  const conversation = useConversation(id)
  const agent = agents.find((one) => one.id === agentId)
  return (
    <>
      <div className="flex-1 pb-6">{messages}</div>
      <Bottom>
        {agentId === null ? (
          <p className="pb-4 text-sm text-ink-soft">{t('chat.agent_gone')}</p>
        ) : (
          <Composer
            isBusy={conversation.isBusy}
            isStopping={conversation.live?.state === 'stopping'}
            onSend={(message) => conversation.send(agentId, message)}
            onStop={conversation.stop}
          />
        )}
        <p className="truncate pt-1 text-xs text-ink-soft">{agent?.name}</p>
      </Bottom>
    </>
  )
}

/** One that begins with the first message. */
function NewConversation({ agents }: { readonly agents: readonly Agent[] }) {
  const { t } = useWords()
  const { agent: wanted } = useSearch({ strict: false })
  const navigate = useNavigate()
  const conversation = useConversation('new')
  const agent = agents.find(({ id }) => id === wanted) ?? agents[0]
  if (agent === undefined) return null
  const { live } = conversation
  const retry = () => {
    conversation.dismiss()
    if (live?.asked != null) conversation.send(agent.id, live.asked)
  }
  return (
    <>
      <div className="flex flex-1 flex-col justify-center gap-4 pb-6">
        {live?.asked == null ? (
          <div className="grid gap-3 text-center">
            <p className="text-lg">{t('chat.empty_title')}</p>
            <p className="text-ink-soft">{t('chat.empty_text', { name: agent.name })}</p>
            <ul className="flex flex-wrap justify-center gap-2">
              {[t('chat.example_search'), t('chat.example_people')].map((example) => (
                <li key={example}>
                  <Button disabled={conversation.isBusy} onClick={() => conversation.send(agent.id, example)}>
                    {example}
                  </Button>
                </li>
              ))}
            </ul>
          </div>
        ) : (
          <p className="ml-auto max-w-[85%] whitespace-pre-wrap break-words rounded-card bg-brass-wash px-4 py-2">
            {live.asked}
          </p>
        )}
        {live?.error == null ? null : <Failure error={live.error} onRetry={retry} />}
      </div>
      <Bottom>
        <Composer
          isBusy={conversation.isBusy}
          isStopping={live?.state === 'stopping'}
          onSend={(message) => conversation.send(agent.id, message)}
          onStop={conversation.stop}
        />
        <AgentChoice
          agents={agents}
          chosen={agent.id}
          onChoose={(id) => void navigate({ to: '/chat', search: { agent: id }, replace: true })}
        />
      </Bottom>
    </>
  )
}

/** Stays in view while the conversation scrolls under it. */
function Bottom({ children }: { readonly children: React.ReactNode }) {
  return (
    <div className="sticky bottom-[calc(3rem+env(safe-area-inset-bottom))] z-10 -mx-4 bg-paper px-4 pb-5 pt-2 md:bottom-0 md:pb-3">
      {children}
    </div>
  )
}

/** On narrow screens the list of conversations is a dialog. */
function ThreadsButton({ current }: { readonly current: number | null }) {
  const { t } = useWords()
  const [isOpen, setOpen] = useState(false)
  return (
    <div className="shrink-0 lg:hidden">
      <Button onClick={() => setOpen(true)} aria-haspopup="dialog">
        <MessagesSquare size={16} strokeWidth={1.5} aria-hidden />
        <span className="max-sm:sr-only">{t('chat.threads')}</span>
      </Button>
      <Dialog open={isOpen} onClose={() => setOpen(false)} title={t('chat.threads')}>
        <ThreadList current={current} onChosen={() => setOpen(false)} />
      </Dialog>
    </div>
  )
}
