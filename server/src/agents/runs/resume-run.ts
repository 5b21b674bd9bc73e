import type { AgentContext } from '#agents/dependencies.ts'
import type { Principal } from '#kernel/principal.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { ActiveRun } from './active-runs.ts'
import { lastSignOfLife, threadBusy } from './begin-run.ts'
import { continueRun } from './continue-run.ts'
import { interruptRun } from './interrupt-run.ts'
import { prepareAgent } from './prepare-agent.ts'
import { runNotFound } from './run.ts'
import { findRun } from './store.ts'
import { startStretch } from './work.ts'

/**
 * Goes on with a run whose process died, from its last recorded step. A call that had been made is made again under the
 * same key: the ledger answers with what happened, and a write is not repeated.
 */
export async function resumeRun(
  context: AgentContext,
  principal: Principal,
  id: number,
  requestId: string,
): Promise<Outcome<ActiveRun>> {
  const { userId } = principal
  const now = context.clock.now()
  const run = await context.database.asUser(userId, async (tx) => {
    const found = await findRun(userId, tx, id)
    if (found?.status !== 'running' || found.heartbeat_at > lastSignOfLife(context, now)) return found
    await interruptRun(userId, tx, found, now)
    return findRun(userId, tx, id)
  })
  if (run === undefined) return runNotFound()
  if (run.status === 'running') return threadBusy(id)
  if (run.status !== 'interrupted') return failure('conflict', `Run ${id} was not interrupted: it is ${run.status}.`)
  const prepared = await prepareAgent(context, principal, run.agent_id)
  if (!prepared.ok) return prepared
  const continued = await context.database.asUser(userId, (tx) => continueRun(context, tx, run))
  if (continued === null) return failure('conflict', `The conversation went on after run ${id}. Send a new message.`)
  return success(startStretch(context, { ...prepared.value, ...continued, requestId }))
}
