import type { Principal } from '#kernel/principal.ts'
import type { ToolCallRequest } from './tool-call.ts'

/** Read for the person who is asked: the agent that asks need not hold the tool that reads a title. */
export function heldTool({ agentId }: Principal, tool: string): Pick<ToolCallRequest, 'agentTools'> {
  return agentId === undefined ? {} : { agentTools: [tool] }
}
