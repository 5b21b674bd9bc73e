import type { UpstreamPlace } from './pool.ts'

/**
 * Learns the tools of a remote server again after it has said, to one user's client, that they are others now: for that
 * user alone, soon, and not more often than now and then, however often the server says so.
 */
export interface Relearning {
  readonly due: (place: Pick<UpstreamPlace, 'userId' | 'connectionId'>) => void
  readonly close: () => void
}

/** Milliseconds in which a server may say it several times for one change. */
const SETTLE_MS = 200
/** Milliseconds between two lists of one connection. */
const INTERVAL_MS = 10_000
/** Connections that were learned within the interval; what comes beyond is seen with the next call. */
const PENDING_MAXIMUM = 1_000

interface Pending {
  timer: NodeJS.Timeout
  isAsked: boolean
}

/** @param learn asks the server for its tools, as a call of its user's; never rejects */
export function createRelearning(learn: (userId: number, connectionId: number) => Promise<void>): Relearning {
  const pending = new Map<string, Pending>()

  return {
    due({ userId, connectionId }) {
      const key = `${userId}:${connectionId}`
      const known = pending.get(key)
      if (known !== undefined) {
        known.isAsked = true
        return
      }
      if (pending.size >= PENDING_MAXIMUM) return
      const later = (milliseconds: number) => setTimeout(turn, milliseconds).unref()
      const entry: Pending = { isAsked: true, timer: later(SETTLE_MS) }
      function turn(): void {
        if (!entry.isAsked) {
          pending.delete(key)
          return
        }
        entry.isAsked = false
        entry.timer = later(INTERVAL_MS)
        void learn(userId, connectionId)
      }
      pending.set(key, entry)
    },
    close() {
      for (const { timer } of pending.values()) clearTimeout(timer)
      pending.clear()
    },
  }
}
