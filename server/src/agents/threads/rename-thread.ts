import type { AgentDependencies } from '#agents/dependencies.ts'
import type { Principal } from '#kernel/principal.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import { changeThread } from './store.ts'
import { threadNotFound, type ThreadRow } from './thread.ts'

/** Gives a thread of the caller another title. */
export async function renameThread(
  deps: Pick<AgentDependencies, 'database' | 'clock'>,
  { userId }: Principal,
  { id, title }: { readonly id: number; readonly title: string },
): Promise<Outcome<ThreadRow>> {
  const row = await deps.database.asUser(userId, (tx) =>
    changeThread(userId, tx, id, { title, updated_at: deps.clock.now() }),
  )
  return row === undefined ? threadNotFound() : success(row)
}
