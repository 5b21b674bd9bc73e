import type { Transaction } from '#db/database.ts'
import { deletePolicy, policiesStatement } from './store.ts'

/** Removes what a user decided about tools that are others from now on. The caches hear of it from the database. */
export async function forgetPolicies(
  userId: number,
  tx: Transaction,
  isOver: (tool: string) => boolean,
): Promise<void> {
  const { rows } = await policiesStatement(userId).execute(tx)
  for (const { tool } of rows.filter((row) => isOver(row.tool))) await deletePolicy(userId, tx, tool)
}
