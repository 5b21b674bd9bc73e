import type { AgentDependencies } from '#agents/dependencies.ts'
import { pageOf, type PageRequest } from '#agents/page.ts'
import type { Principal } from '#kernel/principal.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import { findThread, newestMessages } from './store.ts'
import { messageView, threadNotFound, threadView } from './thread.ts'

type ThreadAnswer = ReturnType<typeof threadView> & {
  readonly messages: ReturnType<typeof messageView>[]
  readonly next_cursor: number | null
}

/** A thread of the caller with its newest messages in order; the cursor leads to older ones. */
export async function readThread(
  deps: Pick<AgentDependencies, 'database'>,
  { userId }: Principal,
  { id, page, replaced }: { readonly id: number; readonly page: PageRequest; readonly replaced?: boolean },
): Promise<Outcome<ThreadAnswer>> {
  return deps.database.asUser(userId, async (tx) => {
    const thread = await findThread(userId, tx, id)
    if (thread === undefined) return threadNotFound()
    const rows = await newestMessages(userId, tx, id, {
      before: page.cursor,
      limit: page.limit + 1,
      replaced: replaced === true,
    })
    const { rows: shown, nextCursor } = pageOf(rows, page.limit, (row) => row.id)
    const messages = [...shown].reverse().map(messageView)
    return success({ ...threadView(thread), messages, next_cursor: nextCursor })
  })
}
