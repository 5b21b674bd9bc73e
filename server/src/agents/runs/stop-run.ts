import type { AgentContext } from '#agents/dependencies.ts'
import type { Principal } from '#kernel/principal.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import { STOPPED } from './active-runs.ts'
import { runNotFound, runView } from './run.ts'
import { findRun, requestStop } from './store.ts'
import { withdrawRun } from './withdraw-run.ts'

/** Milliseconds to wait for a run of this process to end, so that the answer can already say so. */
const STOP_PATIENCE_MS = 2_000

/** Ends a run of the caller wherever it works: here at once, in another process at its next heartbeat. */
export async function stopRun(
  context: AgentContext,
  { userId }: Principal,
  id: number,
): Promise<Outcome<ReturnType<typeof runView>>> {
  const at = context.clock.now()
  const known = await context.database.asUser(userId, async (tx) => {
    const run = await findRun(userId, tx, id)
    if (run?.status === 'waiting') await withdrawRun(userId, tx, run, { reason: 'The run was stopped.', at })
    if (run?.status === 'running') await requestStop(userId, tx, id, at)
    return run !== undefined
  })
  if (!known) return runNotFound()
  const active = context.activeRuns.find(userId, id)
  if (active !== undefined) {
    active.abort(STOPPED)
    await Promise.race([active.finished, patience()])
  }
  const run = await context.database.asUser(userId, (tx) => findRun(userId, tx, id))
  return run === undefined ? runNotFound() : success(runView(run))
}

function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, STOP_PATIENCE_MS).unref())
}
