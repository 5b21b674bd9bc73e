import { may } from '#access/may.ts'
import type { Principal } from '#kernel/principal.ts'
import { heldTool } from './held-tool.ts'
import type { PolicyOf } from './tool-call.ts'

/**
 * Whether the tool that reads what another call names would run at once for this user. Where it would not, it is not called at
 * all: the user did not ask for that call, so its refusal is nothing for their record and takes nothing from their budget.
 */
export async function mayReadTarget(
  { policyOf }: { readonly policyOf: PolicyOf },
  principal: Principal,
  tool: string,
): Promise<boolean> {
  const { agentTools = null } = heldTool(principal, tool)
  if (!may(principal, 'tool.read', { tool, agentTools }).ok) return false
  return (await policyOf(principal, [tool])).get(tool) === 'allow'
}
