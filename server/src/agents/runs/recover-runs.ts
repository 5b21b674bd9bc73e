import type { Transaction } from '#db/database.ts'
import { interruptRun } from './interrupt-run.ts'
import { abandonedRuns } from './store.ts'

/** Runs in one transaction: their recorded chunks are read whole. */
const BATCH_SIZE = 20

/**
 * Marks as interrupted every run, of whichever user, that gave no sign of life after `lastSign`. Call it at start and from
 * time to time: where one process serves the database alone, its own start is proof that no earlier run lives.
 * @param acrossUsers runs work under the role that sees all users, for the reason that its giver names
 * @returns how many were marked
 */
export async function recoverRuns(options: {
  readonly acrossUsers: <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>
  readonly lastSign: Date
  readonly now: Date
}): Promise<number> {
  let marked = 0
  for (;;) {
    const count = await options.acrossUsers(async (tx) => {
      const runs = await abandonedRuns(tx, options.lastSign, BATCH_SIZE)
      for (const run of runs) await interruptRun(run.user_id, tx, run, options.now)
      return runs.length
    })
    marked += count
    if (count < BATCH_SIZE) return marked
  }
}
