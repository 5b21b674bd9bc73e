import { StreamCutError, type StreamEvent } from '@chaveiro/sdk'
import { useSyncExternalStore } from 'react'
import { EMPTY_TURN, placeOf, withEvent, type Turn } from './turn.ts'

/** Turns that are under way. They live beside the pages: who leaves a conversation finds it further on at coming back. */

/** A conversation, or the one that is about to be begun. */
export type ThreadKey = number | 'new'

export interface LiveRun {
  /** What the person wrote, until the thread has it. */
  readonly asked: string | null
  /** The message from which on the thread gives way to this turn. */
  readonly replaces: number | null
  readonly messageId: number | null
  readonly runId: number | null
  readonly turn: Turn
  readonly state: 'streaming' | 'stopping' | 'ended'
  readonly error: unknown
}

export type Stream = AsyncGenerator<StreamEvent, void>

export interface Followed {
  readonly key: ThreadKey
  readonly stream: Stream
  readonly asked?: string
  readonly replaces?: number
  /** What the message had before this stretch of it. */
  readonly before?: Turn
  /** Tells everything of a run anew and goes on with it: for a stream that was cut. */
  readonly follow: (runId: number) => Stream
  readonly onPlace?: (threadId: number) => void
  /** What was said is in the thread now. */
  readonly onEnd: (threadId: number | null) => Promise<unknown>
}

const runs = new Map<ThreadKey, LiveRun>()
const listeners = new Set<() => void>()

function set(key: ThreadKey, run: LiveRun | undefined): void {
  if (run === undefined) runs.delete(key)
  else runs.set(key, run)
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function liveRun(key: ThreadKey): LiveRun | undefined {
  return runs.get(key)
}

export function useLiveRun(key: ThreadKey): LiveRun | undefined {
  return useSyncExternalStore(subscribe, () => liveRun(key))
}

/** Asked again after this; a server that restarts takes some seconds. */
const FOLLOW_AGAIN_MS = 1_500
const FOLLOW_ATTEMPTS = 6

/** Shows a stream as it comes, follows it again where it is cut, and gives way to the thread when it has ended. */
export async function followLive(followed: Followed): Promise<void> {
  const live = track(followed)
  try {
    await live.take(followed.stream, followed.before ?? EMPTY_TURN)
  } catch (error) {
    const rest =
      error instanceof StreamCutError || error instanceof TypeError ? await followAgain(followed, live) : error
    if (rest !== null) live.change({ error: rest })
  }
  live.change({ state: 'ended' })
  await followed.onEnd(live.threadId())
  // An error stays to be read; everything else is in the thread.
  if (live.current().error === null) set(live.key(), undefined)
}

type Tracked = ReturnType<typeof track>

/** @returns null, or why it was given up */
async function followAgain({ follow }: Followed, live: Tracked): Promise<unknown> {
  let last: unknown = null
  for (let attempt = 0; attempt < FOLLOW_ATTEMPTS; attempt += 1) {
    const { runId } = live.current()
    if (runId === null) return last ?? new StreamCutError('The stream was cut before it said which run it is.')
    await new Promise((resolve) => setTimeout(resolve, FOLLOW_AGAIN_MS))
    try {
      await live.take(follow(runId), EMPTY_TURN)
      return null
    } catch (error) {
      last = error
    }
  }
  return last
}

function track({ key: first, asked, replaces, before, onPlace }: Followed) {
  let key = first
  let current: LiveRun = {
    asked: asked ?? null,
    replaces: replaces ?? null,
    messageId: null,
    runId: null,
    turn: before ?? EMPTY_TURN,
    state: 'streaming',
    error: null,
  }
  set(key, current)

  function change(changed: Partial<LiveRun>): void {
    const { state } = runs.get(key) ?? current
    current = { ...current, state, ...changed }
    set(key, current)
  }

  function settle({ messageId, threadId, runId }: NonNullable<ReturnType<typeof placeOf>>): void {
    change({ messageId, runId })
    if (key === threadId) return
    set(key, undefined)
    key = threadId
    set(key, current)
    onPlace?.(threadId)
  }

  return {
    key: () => key,
    threadId: () => (key === 'new' ? null : key),
    current: () => current,
    change,
    async take(stream: Stream, from: Turn): Promise<void> {
      let turn = from
      for await (const event of stream) {
        const place = placeOf(event)
        if (place !== null) settle(place)
        turn = withEvent(turn, event)
        change({ turn })
      }
    },
  }
}

/** Says that a run was asked to stop, until it has. */
export function markStopping(key: ThreadKey): void {
  const run = runs.get(key)
  if (run?.state === 'streaming') set(key, { ...run, state: 'stopping' })
}

export function dismiss(key: ThreadKey): void {
  if (runs.get(key)?.state === 'ended') set(key, undefined)
}
