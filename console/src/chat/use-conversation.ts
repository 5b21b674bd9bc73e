import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useMemo } from 'react'
import { client, threadsQuery } from '../api.ts'
import {
  dismiss,
  followLive,
  liveRun,
  markStopping,
  useLiveRun,
  type LiveRun,
  type Stream,
  type ThreadKey,
} from './live-runs.ts'
import { THREAD_PAGES_KEY } from './thread-pages.ts'
import { threadQuery } from './thread-query.ts'
import type { Turn } from './turn.ts'

/** What can be done in a conversation. The same object as long as it is the same conversation. */
export interface ConversationActions {
  /** @param replaces a message of the person, in whose place the new turn is to stand */
  readonly send: (agentId: number, message: string, replaces?: number) => void
  readonly decide: (approval: ApprovalDecision) => void
  /** Follows a run that an earlier visit began. */
  readonly reconnect: (runId: number) => void
  /** Goes on with a run that a crash cut off. */
  readonly resume: (runId: number) => void
  readonly stop: () => void
  readonly dismiss: () => void
}

export interface Conversation extends ConversationActions {
  readonly live: LiveRun | undefined
  readonly isBusy: boolean
}

export interface ApprovalDecision {
  readonly id: number
  readonly decision: 'approve' | 'deny'
  /** Whether the agent need not ask for this tool again. */
  readonly always: boolean
  /** What was shown. */
  readonly arguments: Readonly<Record<string, unknown>>
  /** The turn that asked. */
  readonly turn: Turn
}

export function useConversation(key: ThreadKey): Conversation {
  const live = useLiveRun(key)
  const actions = useConversationActions(key)
  return { ...actions, live, isBusy: live !== undefined && live.state !== 'ended' }
}

interface More {
  readonly asked?: string
  readonly replaces?: number
  readonly before?: Turn
}

export function useConversationActions(key: ThreadKey): ConversationActions {
  const queries = useQueryClient()
  const router = useRouter()
  return useMemo(() => {
    function follow(stream: Stream, more: More = {}): void {
      void followLive({
        key,
        stream,
        ...more,
        follow: (runId) => client.runs.stream(runId),
        onPlace(threadId) {
          // Somebody who went elsewhere meanwhile stays there.
          if (router.state.location.pathname !== '/chat') return
          const { search } = router.state.location.search as { search?: string }
          void router.navigate({
            to: '/chat/$threadId',
            params: { threadId: String(threadId) },
            search: search === undefined ? {} : { search },
            replace: true,
          })
        },
        onEnd: (threadId) =>
          Promise.all([
            queries.invalidateQueries({ queryKey: threadsQuery.queryKey, exact: true }),
            queries.invalidateQueries({ queryKey: THREAD_PAGES_KEY }),
            queries.invalidateQueries({ queryKey: ['agent-policies'] }),
            ...(threadId === null ? [] : [queries.fetchQuery({ ...threadQuery(threadId), staleTime: 0 })]),
          ]).catch(() => undefined),
      })
    }
    return {
      send(agentId, message, replaces) {
        const place = key === 'new' ? {} : { thread_id: key }
        const taken = replaces === undefined ? {} : { replaces_message_id: replaces }
        follow(client.chat.stream({ agent_id: agentId, message, ...place, ...taken }), {
          asked: message,
          ...(replaces === undefined ? {} : { replaces }),
        })
      },
      decide({ id, decision, always, arguments: shown, turn }) {
        const body = { decision, arguments: shown, ...(always ? { always } : {}) }
        follow(client.approvals.decideAndStream(id, body), { before: turn })
      },
      reconnect: (runId) => follow(client.runs.stream(runId)),
      resume: (runId) => follow(client.runs.resumeAndStream(runId)),
      stop() {
        const runId = liveRun(key)?.runId ?? null
        if (runId === null) return
        markStopping(key)
        // Where it cannot be stopped any more it has ended, and its stream says so.
        client.runs.stop(runId).catch(() => undefined)
      },
      dismiss: () => dismiss(key),
    }
  }, [key, router, queries])
}
