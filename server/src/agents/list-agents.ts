import type { Principal } from '#kernel/principal.ts'
import type { AgentRow } from './agent.ts'
import type { AgentDependencies } from './dependencies.ts'
import { pageOf, type Page, type PageRequest } from './page.ts'
import { listUsableAgents } from './store.ts'

/** The caller's agents and those that are shared with the instance, newest first. */
export async function listAgents(
  deps: Pick<AgentDependencies, 'database'>,
  { userId }: Principal,
  request: PageRequest,
): Promise<Page<AgentRow>> {
  const rows = await deps.database.asUser(userId, (tx) =>
    listUsableAgents(userId, tx, {
      limit: request.limit + 1,
      ...(request.cursor === undefined ? {} : { before: request.cursor }),
    }),
  )
  return pageOf(rows, request.limit, (row) => row.id)
}
