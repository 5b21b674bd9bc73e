import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useCallback } from 'react'
import { client, threadQuery, threadsQuery } from '../api.ts'
import {
  dismiss,
  followLive,
  markStopping,
  useLiveRun,
  type LiveRun,
  type Stream,
  type ThreadKey,
} from './live-runs.ts'
import type { Turn } from './turn.ts'

export interface Conversation {
  readonly live: LiveRun | undefined
  readonly isBusy: boolean
  readonly send: (agentId: number, message: string) => void
  readonly decide: (approval: ApprovalDecision) => void
  /** Follows a run that an earlier visit began. */
  readonly reconnect: (runId: number) => void
  /** Goes on with a run that a crash cut off. */
  readonly resume: (runId: number) => void
  readonly stop: () => void
  readonly dismiss: () => void
}

export interface ApprovalDecision {
  readonly id: number
  readonly decision: 'approve' | 'deny'
  /** What was shown. */
  readonly arguments: Readonly<Record<string, unknown>>
  /** The turn that asked. */
  readonly turn: Turn
}

export function useConversation(key: ThreadKey): Conversation {
  const queries = useQueryClient()
  const router = useRouter()
  const live = useLiveRun(key)

  const follow = useCallback(
    (stream: Stream, more: { asked?: string; before?: Turn } = {}) => {
      void followLive({
        key,
        stream,
        ...more,
        follow: (runId) => client.runs.stream(runId),
        onPlace(threadId) {
          // Somebody who went elsewhere meanwhile stays there.
          if (router.state.location.pathname !== '/chat') return
          void router.navigate({ to: '/chat/$threadId', params: { threadId: String(threadId) }, replace: true })
        },
        onEnd: (threadId) =>
          Promise.all([
            queries.invalidateQueries({ queryKey: threadsQuery.queryKey, exact: true }),
            ...(threadId === null ? [] : [queries.fetchQuery({ ...threadQuery(threadId), staleTime: 0 })]),
          ]).catch(() => undefined),
      })
    },
    [key, router, queries],
  )

  return {
    live,
    isBusy: live !== undefined && live.state !== 'ended',
    send: (agentId, message) =>
      follow(client.chat.stream({ agent_id: agentId, message, ...(key === 'new' ? {} : { thread_id: key }) }), {
        asked: message,
      }),
    decide: ({ id, decision, arguments: shown, turn }) =>
      follow(client.approvals.decideAndStream(id, { decision, arguments: shown }), { before: turn }),
    reconnect: (runId) => follow(client.runs.stream(runId)),
    resume: (runId) => follow(client.runs.resumeAndStream(runId)),
    stop() {
      if (live?.runId === undefined || live.runId === null) return
      markStopping(key)
      // Where it cannot be stopped any more it has ended, and its stream says so.
      client.runs.stop(live.runId).catch(() => undefined)
    },
    dismiss: () => dismiss(key),
  }
}
