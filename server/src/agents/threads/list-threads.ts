import type { AgentDependencies } from '#agents/dependencies.ts'
import { pageOf, type Page, type PageRequest } from '#agents/page.ts'
import type { Principal } from '#kernel/principal.ts'
import { listThreads as listRows } from './store.ts'
import type { ThreadRow } from './thread.ts'

/** Words of one search: more say nothing that the first did not. */
const WORDS_MAXIMUM = 8

/** The caller's threads, newest first; those in which every word of a search was said, where there is one. */
export async function listThreads(
  deps: Pick<AgentDependencies, 'database'>,
  { userId }: Principal,
  request: PageRequest & { readonly agentId?: number | undefined; readonly search?: string | undefined },
): Promise<Page<ThreadRow>> {
  const words = (request.search ?? '').split(/\s+/).filter((word) => word !== '')
  const rows = await deps.database.asUser(userId, (tx) =>
    listRows(userId, tx, {
      limit: request.limit + 1,
      words: words.slice(0, WORDS_MAXIMUM),
      ...(request.cursor === undefined ? {} : { before: request.cursor }),
      ...(request.agentId === undefined ? {} : { agentId: request.agentId }),
    }),
  )
  return pageOf(rows, request.limit, (row) => row.id)
}
