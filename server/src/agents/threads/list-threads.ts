import type { AgentDependencies } from '#agents/dependencies.ts'
import { pageOf, type Page, type PageRequest } from '#agents/page.ts'
import type { Principal } from '#kernel/principal.ts'
import { listThreads as listRows } from './store.ts'
import type { ThreadRow } from './thread.ts'

/** The caller's threads, newest first. */
export async function listThreads(
  deps: Pick<AgentDependencies, 'database'>,
  { userId }: Principal,
  request: PageRequest & { readonly agentId?: number | undefined },
): Promise<Page<ThreadRow>> {
  const rows = await deps.database.asUser(userId, (tx) =>
    listRows(userId, tx, {
      limit: request.limit + 1,
      ...(request.cursor === undefined ? {} : { before: request.cursor }),
      ...(request.agentId === undefined ? {} : { agentId: request.agentId }),
    }),
  )
  return pageOf(rows, request.limit, (row) => row.id)
}
