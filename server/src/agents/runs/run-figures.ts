import type { Transaction } from '#db/database.ts'
import type { UsagePlace, UsageQuestion } from '#tools/usage.ts'
import { readRunFigures } from './store.ts'

/** Figures of runs of agents. Models that are none count no tokens. */
export interface RunFigures extends UsagePlace {
  readonly runs: number
  readonly input_tokens: number
  readonly output_tokens: number
  /** US dollars; null where no run had a price. */
  readonly cost_usd: number | null
}

export type RunQuestion = Pick<UsageQuestion, 'agentId' | 'from' | 'interval' | 'timeZone' | 'to'>

/** Figures of a user's own runs; their groups are agents. */
export function runFigures(userId: number, tx: Transaction, question: RunQuestion): Promise<readonly RunFigures[]> {
  return readRunFigures(userId, tx, question)
}
