import type { Database } from '#db/database.ts'
import type { Log } from '#kernel/log.ts'
import { insertCallsStatement, type FinishedCall } from './store.ts'

/**
 * Rows of the ledger that nobody waits for: calls that only read and are over. They are written in groups, each user's own
 * under that user's name. A process that is killed takes along what it had not written yet; the use of the credential was
 * on record before the call.
 */
export interface LedgerQueue {
  /** Resolves at once, unless the database has fallen so far behind that the caller has to wait for it. */
  readonly add: (userId: number, row: FinishedCall) => Promise<void>
  /** Resolves once everything that was added so far is written, or given up. */
  readonly flush: () => Promise<void>
}

export interface LedgerQueueDependencies {
  readonly database: Database
  readonly log: Pick<Log, 'error'>
  /** Told how many rows were lost, for the metric. */
  readonly onLost: (count: number) => void
}

/** Milliseconds in which rows gather: the calls that a busy user makes in a second share one statement. */
const LINGER_MS = 1_000
/** Rows that wait at most; half a kilobyte each. */
const MAXIMUM_WAITING = 10_000
/** Rows in one statement: about a quarter of a megabyte. */
const BATCH_SIZE = 500

export function createLedgerQueue(deps: LedgerQueueDependencies): LedgerQueue {
  let waiting = new Map<number, FinishedCall[]>()
  let count = 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const rows = waiting
    waiting = new Map()
    count = 0
    writing = writing.then(() => writeAll(rows))
    return writing
  }

  async function writeAll(byUser: ReadonlyMap<number, readonly FinishedCall[]>): Promise<void> {
    for (const [userId, rows] of byUser) {
      for (let start = 0; start < rows.length; start += BATCH_SIZE) {
        await write(userId, rows.slice(start, start + BATCH_SIZE))
      }
    }
  }

  async function write(userId: number, rows: readonly FinishedCall[]): Promise<void> {
    try {
      await deps.database.userStatement(userId, insertCallsStatement(userId, rows))
    } catch (error) {
      deps.onLost(rows.length)
      deps.log.error({ user_id: userId, count: rows.length, error }, 'The end of calls could not be recorded')
    }
  }

  return {
    async add(userId, row) {
      if (count >= MAXIMUM_WAITING) await flush()
      const rows = waiting.get(userId)
      if (rows === undefined) waiting.set(userId, [row])
      else rows.push(row)
      count += 1
      timer ??= setTimeout(() => void flush(), LINGER_MS)
    },
    flush,
  }
}
