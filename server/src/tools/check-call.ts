import { findForCall } from '#connections/find-for-call.ts'
import type { ConnectionDeps, ConnectionRow } from '#connections/connection.ts'
import type { Principal } from '#kernel/principal.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import { findToolFor, readArguments } from './steps.ts'
import type { ToolCallRequest } from './tool-call.ts'
import type { CatalogDeps } from './tool-source.ts'

/** A call as its user is asked about it. */
export type CheckedCall = Pick<ToolCallRequest, 'tool' | 'arguments'>

/**
 * What a call would be refused for whatever its user decides: an unknown tool, arguments that do not fit, no connection. Nobody
 * is asked about such a call. Sends nothing and records nothing.
 * @returns the connection that the call would be made with now
 */
export async function checkCall(
  deps: Pick<ConnectionDeps, 'registry' | 'cache' | 'publicUrl' | 'blocks'> & CatalogDeps,
  principal: Principal,
  call: CheckedCall,
): Promise<Outcome<Pick<ConnectionRow, 'id' | 'label'>>> {
  const found = await findToolFor(deps, principal.userId, call.tool)
  if (!found.ok) return found
  const { provider, tool, own } = found.value
  const input = readArguments(tool, { ...call, confirmed: false })
  if (!input.ok) return input
  const connection = await findForCall(deps, principal, provider, own?.connectionId)
  return connection.ok ? success({ id: connection.value.id, label: connection.value.label }) : connection
}
