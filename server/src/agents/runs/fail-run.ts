import type { AgentContext } from '#agents/dependencies.ts'
import type { RunRow } from './run.ts'
import { endRun } from './store.ts'

/** Ends a run that was started but must not work. */
export async function failRun(context: AgentContext, run: RunRow): Promise<void> {
  const { id, attempt, user_id: userId } = run
  const error = { code: 'internal_error', detail: 'Something went wrong on our side. Nothing was done.' } as const
  const end = { status: 'failed', error, at: context.clock.now() } as const
  await context.database.asUser(userId, (tx) => endRun(userId, tx, { id, attempt, from: 'running' }, end))
}
