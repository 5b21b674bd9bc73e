import { setTimeout as delay } from 'node:timers/promises'
import type { UIMessageChunk } from 'ai'
import type { AgentContext } from '#agents/dependencies.ts'
import type { Principal } from '#kernel/principal.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import { runNotFound } from './run.ts'
import { eventsAfter, findRun } from './store.ts'

/** Recorded chunks that are read at once. */
const PAGE_SIZE = 500
/** Milliseconds between two looks at a run that works in another process. */
const POLL_MS = 500

type Chunks = AsyncGenerator<UIMessageChunk, void>

/** Everything that a run has said and done, then what it says and does, until it ends or waits. */
export async function followRun(
  context: AgentContext,
  { userId }: Principal,
  { id, signal }: { readonly id: number; readonly signal: AbortSignal },
): Promise<Outcome<Chunks>> {
  const run = await context.database.asUser(userId, (tx) => findRun(userId, tx, id))
  return run === undefined ? runNotFound() : success(follow(context, { userId, id, signal }))
}

async function* follow(
  context: AgentContext,
  { userId, id, signal }: { userId: number; id: number; signal: AbortSignal },
): Chunks {
  let after = 0
  while (!signal.aborted) {
    const active = context.activeRuns.find(userId, id)
    const { running, events } = await recorded(context, userId, { id, after })
    for (const { sequence, chunk } of events) {
      if (active !== undefined && sequence > active.feed.after) break
      after = sequence
      yield chunk as UIMessageChunk
    }
    if (active !== undefined && after >= active.feed.after) {
      yield* active.feed.follow()
      return
    }
    if (events.length > 0) continue
    if (!running) return
    await delay(POLL_MS, undefined, { signal }).catch(() => {})
  }
}

/** The state is read before the chunks: a run that has ended by then has left all of them. */
async function recorded(context: AgentContext, userId: number, { id, after }: { id: number; after: number }) {
  return context.database.asUser(userId, async (tx) => {
    const run = await findRun(userId, tx, id)
    return {
      running: run?.status === 'running',
      events: await eventsAfter(userId, tx, id, { after, limit: PAGE_SIZE }),
    }
  })
}
