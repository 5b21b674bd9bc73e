import type { AgentRow } from '#agents/agent.ts'
import type { Transaction } from '#db/database.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { changeThread, insertThread, lockThread } from './store.ts'
import { threadNotFound, titleOf, type ThreadRow } from './thread.ts'

/** The thread that a message goes to: the one named, if it is the user's and the agent's, else a new one. */
export async function openThread(
  userId: number,
  tx: Transaction,
  wanted: {
    readonly threadId: number | undefined
    readonly agent: AgentRow
    readonly message: string
    readonly at: Date
  },
): Promise<Outcome<ThreadRow>> {
  const { threadId, agent, message, at } = wanted
  if (threadId === undefined) return success(await insertThread(userId, tx, { agent, title: titleOf(message), at }))
  const thread = await lockThread(userId, tx, threadId)
  if (thread === undefined) return threadNotFound()
  // A thread whose agent was deleted may go on with another.
  if (thread.agent_id !== null && thread.agent_id !== agent.id) {
    return failure('invalid_request', `Thread ${threadId} is with agent ${thread.agent_id}. Start a new thread.`, {
      path: 'thread_id',
    })
  }
  await changeThread(userId, tx, threadId, { updated_at: at })
  return success(thread)
}
