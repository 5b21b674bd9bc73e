import type { UIMessageChunk } from 'ai'
import { createFeed, type Feed } from './feed.ts'
import type { RunEnd, RunRow } from './run.ts'

/** A run that works in this process. */
export interface ActiveRun {
  readonly userId: number
  readonly runId: number
  readonly threadId: number
  readonly feed: Feed
  /** Resolves, and never rejects, when this stretch is over and its end is stored. */
  readonly finished: Promise<void>
  readonly abort: (reason: RunAbort) => void
}

/** A run whose end is stored already, for those who wait for its answer: these chunks are all that is left to tell. */
export function endedRun(run: RunRow, chunks: readonly UIMessageChunk[]): ActiveRun {
  const feed = createFeed(0)
  for (const chunk of chunks) feed.push(chunk)
  feed.close()
  const { user_id: userId, id: runId, thread_id: threadId } = run
  return { userId, runId, threadId, feed, finished: Promise.resolve(), abort: () => {} }
}

/** Why a run is told to end. It is the reason of the abort signal that models and tools get. */
export class RunAbort extends Error {
  readonly end: RunEnd

  constructor(end: RunEnd) {
    super(end.error?.detail ?? end.status)
    this.name = 'AbortError'
    this.end = end
  }
}

export const STOPPED = new RunAbort({ status: 'stopped', error: null })
/** Whoever started it would not be let in any more. */
export const ACCESS_ENDED = new RunAbort({
  status: 'stopped',
  error: { code: 'access_ended', detail: 'The access that this run worked with was revoked or has expired.' },
})
/** Another process, or a later stretch, owns the run. */
export const SUPERSEDED = new RunAbort({ status: 'interrupted', error: null })
/** The server stops; the run can be resumed. */
const SHUTDOWN = new RunAbort({ status: 'interrupted', error: null })

export interface ActiveRuns {
  readonly add: (run: ActiveRun) => void
  readonly remove: (run: ActiveRun) => void
  /** The user's own run, where it works in this process. */
  readonly find: (userId: number, runId: number) => ActiveRun | undefined
  /** Aborts every run and waits for their ends to be stored. */
  readonly close: () => Promise<void>
}

export function createActiveRuns(): ActiveRuns {
  const runs = new Map<number, ActiveRun>()
  return {
    add: (run) => void runs.set(run.runId, run),
    remove(run) {
      if (runs.get(run.runId) === run) runs.delete(run.runId)
    },
    find(userId, runId) {
      const run = runs.get(runId)
      return run?.userId === userId ? run : undefined
    },
    async close() {
      const all = [...runs.values()]
      for (const run of all) run.abort(SHUTDOWN)
      await Promise.all(all.map((run) => run.finished))
    },
  }
}
