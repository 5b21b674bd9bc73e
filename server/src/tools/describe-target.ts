import type { Principal } from '#kernel/principal.ts'
import { shownText } from '#kernel/shown-text.ts'
import type { Registry } from '#providers/registry.ts'
import type { CallTool, ToolCallRequest } from './tool-call.ts'

export interface DescribedCall extends Pick<ToolCallRequest, 'tool'> {
  readonly arguments: Readonly<Record<string, unknown>>
  readonly connectionId: number
  readonly requestId: string
}

/** Milliseconds that a question may wait for a title: a person is about to be asked, and can decide by the ids. */
const DEADLINE_MS = 2_000
/** Characters of a title that are shown. */
const SHOWN_CHARACTERS = 120

/**
 * What a call is about, in the words of whoever named it: the title of the page that an argument names, for example. Read by
 * the provider's own tool, as the caller, with all that the pipeline asks of a call. Text from outside; null where it
 * cannot be had at once.
 */
export async function describeTarget(
  deps: { readonly registry: Pick<Registry, 'tool'>; readonly callTool: CallTool },
  principal: Principal,
  { tool, arguments: given, connectionId, requestId }: DescribedCall,
): Promise<string | null> {
  const targets = deps.registry.tool(tool)?.provider.targets ?? []
  const target = targets.find(({ argument }) => typeof given[argument] === 'string')
  if (target === undefined) return null
  try {
    const read = await deps.callTool(principal, {
      tool: target.tool,
      arguments: { [target.argument]: given[target.argument] },
      connectionId,
      confirmed: false,
      ...heldTool(principal, target.tool),
      requestId,
      signal: AbortSignal.timeout(DEADLINE_MS),
    })
    const title = read.ok ? target.titleOf(read.value.result) : null
    return title === null ? null : shownText(title, SHOWN_CHARACTERS) || null
  } catch {
    // Whatever went wrong with the title, the question itself can be asked.
    return null
  }
}

/** Read for the person who is asked: the agent that asks need not hold the tool that reads a title. */
export function heldTool({ agentId }: Principal, tool: string): Pick<ToolCallRequest, 'agentTools'> {
  return agentId === undefined ? {} : { agentTools: [tool] }
}
