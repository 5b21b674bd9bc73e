import type { Principal } from '#kernel/principal.ts'
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
      requestId,
      signal: AbortSignal.timeout(DEADLINE_MS),
    })
    const title = read.ok ? target.titleOf(read.value.result) : null
    return title === null ? null : shown(title)
  } catch {
    // Whatever went wrong with the title, the question itself can be asked.
    return null
  }
}

/** One line of what can be seen. */
function shown(title: string): string | null {
  const line = title
    .slice(0, SHOWN_CHARACTERS * 2)
    .replace(UNSHOWN, '')
    .replace(/\s+/gu, ' ')
    .trim()
  if (line === '') return null
  const characters = Array.from(line)
  return characters.length > SHOWN_CHARACTERS ? `${characters.slice(0, SHOWN_CHARACTERS - 1).join('')}…` : line
}

/** Controls other than spaces, and characters that show as nothing or move others around. */
const UNSHOWN = /(?!\s)[\p{C}\p{Default_Ignorable_Code_Point}]/gu
