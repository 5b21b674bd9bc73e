import type { AgentContext } from '#agents/dependencies.ts'
import type { RunEnd, RunRow } from './run.ts'
import { endRun } from './store.ts'

/** Ends a run that must not work, or whose end could not be stored: whatever happens, it does not stay at work. */
export async function failRun(context: AgentContext, run: RunRow, detail: string): Promise<RunEnd> {
  const { id, attempt, user_id: userId } = run
  const end: RunEnd = { status: 'failed', error: { code: 'internal_error', detail } }
  const at = context.clock.now()
  await context.database.asUser(userId, (tx) => endRun(userId, tx, { id, attempt, from: 'running' }, { ...end, at }))
  return end
}
