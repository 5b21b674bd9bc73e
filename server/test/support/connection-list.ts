import type { ConnectionDeps, ConnectionView } from '../../src/connections/connection.ts'
import { connections } from '../../src/connections/list.ts'
import { principalOf } from './house.ts'

/** A user's connections as the user sees them. */
export async function list(deps: ConnectionDeps, userId: number): Promise<readonly ConnectionView[]> {
  const outcome = await connections(deps, principalOf(userId))
  if (!outcome.ok) throw new Error(outcome.problem.detail)
  return outcome.value.connections
}
