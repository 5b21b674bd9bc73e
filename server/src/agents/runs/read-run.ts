import { pendingApprovals } from '#agents/approvals/of-run.ts'
import { approvalView } from '#agents/approvals/approval.ts'
import type { AgentDependencies } from '#agents/dependencies.ts'
import { readAnswer } from '#agents/threads/messages.ts'
import type { Transaction } from '#db/database.ts'
import type { Principal } from '#kernel/principal.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import { failedToolsOf, missingToolsOf, type FailedTool, type MissingTool } from './failed-tools.ts'
import { runNotFound, runView, type RunRow } from './run.ts'
import { findRun, openRuns } from './store.ts'

interface WholeRun extends ReturnType<typeof runView> {
  readonly approvals: ReturnType<typeof approvalView>[]
  readonly failed_tools: FailedTool[]
  readonly missing_tools: MissingTool[]
}

/** A run of the caller with what it waits for, and what it could not do. */
export async function readRun(
  deps: Pick<AgentDependencies, 'database' | 'clock'>,
  { userId }: Principal,
  id: number,
): Promise<Outcome<WholeRun>> {
  const now = deps.clock.now()
  return deps.database.asUser(userId, async (tx) => {
    const run = await findRun(userId, tx, id)
    if (run === undefined) return runNotFound()
    const pending = await pendingApprovals(userId, tx, id, now)
    const said = await readAnswer(userId, tx, id)
    return success({
      ...runView(run),
      approvals: pending.map((row) => approvalView(row, now)),
      failed_tools: [...failedToolsOf(said)],
      missing_tools: [...missingToolsOf(said)],
    })
  })
}

/** The row itself, for the other verbs. */
export async function readRunRow(
  deps: Pick<AgentDependencies, 'database'>,
  userId: number,
  id: number,
): Promise<RunRow | undefined> {
  return deps.database.asUser(userId, (tx) => findRun(userId, tx, id))
}

/** The ids of the runs of a thread that work or wait. */
export async function runsAtWork(userId: number, tx: Transaction, threadId: number): Promise<number[]> {
  return (await openRuns(userId, tx, threadId)).map(({ id }) => id)
}
