import type { Transaction } from '#db/database.ts'
import { deleteAgentPolicies, deletePolicy, policiesStatement } from './store.ts'

/** Removes what a user decided about tools that are others from now on. The caches hear of it from the database. */
export async function forgetPolicies(
  userId: number,
  tx: Transaction,
  isOver: (tool: string) => boolean,
): Promise<void> {
  const { rows } = await policiesStatement(userId).execute(tx)
  for (const tool of new Set(rows.map((row) => row.tool).filter(isOver))) {
    await deletePolicy(userId, tx, tool)
    await deleteAgentPolicies(userId, tx, tool)
  }
}
