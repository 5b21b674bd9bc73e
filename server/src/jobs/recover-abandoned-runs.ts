import { recoverRuns } from '#agents/runs/recover-runs.ts'
import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import type { Rounds } from './rounds.ts'

export interface RunRecovery {
  /** Ends the rounds and waits for the one under way. */
  readonly stop: () => Promise<void>
}

/**
 * Finds the runs of processes that died: once before anything else starts, then again and again, because other replicas
 * die too. Their users can resume them.
 */
export async function startRunRecovery({
  database,
  clock,
  log,
  abandonedMs,
  rounds,
}: {
  readonly database: Database
  readonly clock: Clock
  readonly log: Pick<Log, 'warn' | 'error'>
  /** Milliseconds without a sign of life after which a run counts as abandoned, and between two rounds. */
  readonly abandonedMs: number
  readonly rounds?: Pick<Rounds, 'note'>
}): Promise<RunRecovery> {
  async function round(toleranceMs: number): Promise<void> {
    const now = clock.now()
    const count = await recoverRuns({
      acrossUsers: (work) => database.asSystem('interrupt abandoned runs', work),
      lastSign: new Date(now.getTime() - toleranceMs),
      now,
    })
    if (count > 0) log.warn({ count }, 'Runs of a process that died were interrupted')
  }

  /** One run that cannot be marked must not keep the server from starting. */
  async function look(toleranceMs: number): Promise<void> {
    const failed = await round(toleranceMs).then(
      () => false,
      (error: unknown) => {
        log.error({ error }, 'Abandoned runs were not looked for')
        return true
      },
    )
    rounds?.note('recover_runs', !failed)
  }

  // The embedded database has one process at a time: that this one starts proves that no earlier run lives.
  await look(database.engine === 'pglite' ? 0 : abandonedMs)
  let current: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    current = look(abandonedMs)
  }, abandonedMs).unref()
  return {
    async stop() {
      clearInterval(timer)
      await current
    },
  }
}
