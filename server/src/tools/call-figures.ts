import type { Transaction } from '#db/database.ts'
import type { CallFigures, UsageQuestion } from './usage.ts'
import { readCallFigures } from './usage-store.ts'

/**
 * Figures of a user's own tool calls.
 * @throws the database's error `22023` for a time zone that it does not know
 */
export function callFigures(userId: number, tx: Transaction, question: UsageQuestion): Promise<readonly CallFigures[]> {
  return readCallFigures(userId, tx, question)
}
