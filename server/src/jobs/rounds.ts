import type { Clock } from '#kernel/clock.ts'

/** When each kind of background work of this process last ended, for whoever looks after the server. */

export interface Round {
  readonly job: string
  readonly ended_at: string
  readonly succeeded: boolean
}

export interface Rounds {
  readonly note: (job: string, succeeded: boolean) => void
  /** The last of each kind. */
  readonly last: () => readonly Round[]
}

export function createRounds(clock: Clock): Rounds {
  const rounds = new Map<string, Round>()
  return {
    note(job, succeeded) {
      rounds.set(job, { job, ended_at: clock.now().toISOString(), succeeded })
    },
    last: () => [...rounds.values()],
  }
}
