import { renewDue, testQuiet, type TendDeps } from '#connections/tend.ts'
import { MILLISECONDS_PER_MINUTE } from '#kernel/clock.ts'
import type { Rounds } from './rounds.ts'

/** The rounds in which connections are renewed and tested. Replicas share the work: whoever takes a row has it alone. */
export interface ConnectionCare {
  /** Ends the rounds and waits for the one under way. */
  readonly stop: () => Promise<void>
}

const ROUND_MS = MILLISECONDS_PER_MINUTE
/** Part of a round by which it is longer or shorter, so that replicas that started together drift apart. */
const JITTER = 0.2

export type ConnectionCareDeps = Omit<TendDeps, 'acrossUsers'> &
  Pick<TendDeps, 'database'> & { readonly rounds?: Pick<Rounds, 'note'> }

/** @param roundMs milliseconds between two rounds */
export function startConnectionCare(deps: ConnectionCareDeps, roundMs = ROUND_MS): ConnectionCare {
  const { database, log } = deps
  const renewing: TendDeps = { ...deps, acrossUsers: (work) => database.asSystem('renew access that ends', work) }
  const testing: TendDeps = { ...deps, acrossUsers: (work) => database.asSystem('test quiet connections', work) }
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  let current: Promise<void> = Promise.resolve()

  async function round(): Promise<void> {
    const jobs = [
      ['renew_connections', () => renewDue(renewing)],
      ['test_connections', () => testQuiet(testing)],
    ] as const
    for (const [job, work] of jobs) {
      if (isStopped) return
      const failed = await work().then(
        () => false,
        (error: unknown) => {
          log.warn({ error }, 'A round of looking after connections failed')
          return true
        },
      )
      deps.rounds?.note(job, !failed)
    }
  }

  function later(): void {
    const wait = roundMs * (1 - JITTER + Math.random() * 2 * JITTER)
    timer = setTimeout(() => {
      current = round().finally(() => {
        if (!isStopped) later()
      })
    }, wait).unref()
  }

  later()
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await current
    },
  }
}
