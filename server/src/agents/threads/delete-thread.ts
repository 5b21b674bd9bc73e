import type { AgentContext } from '#agents/dependencies.ts'
import { STOPPED } from '#agents/runs/active-runs.ts'
import { runsAtWork } from '#agents/runs/read-run.ts'
import type { Principal } from '#kernel/principal.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import { removeThread } from './store.ts'
import { threadNotFound } from './thread.ts'

/** Deletes a thread of the caller with its messages, runs and approvals. What still works in it here is stopped. */
export async function deleteThread(
  context: AgentContext,
  { userId }: Principal,
  id: number,
): Promise<Outcome<{ deleted: true; id: number }>> {
  const { working, removed } = await context.database.asUser(userId, async (tx) => ({
    working: await runsAtWork(userId, tx, id),
    removed: await removeThread(userId, tx, id),
  }))
  for (const runId of working) context.activeRuns.find(userId, runId)?.abort(STOPPED)
  return removed ? success({ deleted: true, id }) : threadNotFound()
}
