import { getToolName, isToolUIPart, type UIMessage } from 'ai'
import type { CatalogEntry } from '#tools/tool-call.ts'
import type { ToolOutput } from './tool-output.ts'

/**
 * What the model of a run has read, by where it came from. A text that strangers wrote may tell the model to carry what it
 * read elsewhere to them, and no filter finds every such text. So where private data and a stranger's text have met in one
 * conversation, whatever carries words outside waits for the user, who sees the exact arguments. The rule looks at where
 * results came from alone, never at what they say. It knows what the model is shown: text that has left the window of the
 * conversation is not counted.
 */
export interface Provenance {
  /** The connections whose data was read. */
  readonly read: Set<number>
  /** Those of them whose results strangers wrote; null where it is not known any more which. */
  readonly outside: Set<number | null>
}

/** How a call of a run ended. */
export interface EndedCall {
  readonly tool: string
  /** Null where the call failed. */
  readonly output: Pick<ToolOutput, 'connection' | 'source'> | null
}

/** The tools of an agent that provenance is judged by. */
type KnownTools = readonly Pick<CatalogEntry, 'name' | 'connection_id'>[]

/** What the model reads at the start of a stretch: the answers before, and what this one has come to. */
export function provenanceOf(conversation: readonly UIMessage[], tools: KnownTools): Provenance {
  const provenance: Provenance = { read: new Set(), outside: new Set() }
  for (const part of conversation.flatMap(({ parts }) => parts).filter(isToolUIPart)) {
    const tool = getToolName(part)
    if (part.state === 'output-available') noteCall(provenance, tools, { tool, output: part.output as ToolOutput })
    if (part.state === 'output-error') noteCall(provenance, tools, { tool, output: null })
  }
  return provenance
}

/** A failure tells no private data, but it may be told in a stranger's words. */
export function noteCall(provenance: Provenance, tools: KnownTools, { tool, output }: EndedCall): void {
  if (output !== null) {
    provenance.read.add(output.connection.id)
    if (output.source !== undefined) provenance.outside.add(output.connection.id)
    return
  }
  const known = tools.find(({ name }) => name === tool)
  // What is not among the tools any more may have been a stranger's.
  if (known === undefined) provenance.outside.add(null)
  else if (known.connection_id !== undefined) provenance.outside.add(known.connection_id)
}

/**
 * Whether a call waits for the user because of what the model has read: another connection's data and a stranger's text.
 * A call of a stranger's tool carries its arguments outside, whatever the stranger says that it does.
 */
export function carriesOutside(
  { read, outside }: Provenance,
  { annotations, connection_id }: Pick<CatalogEntry, 'annotations' | 'connection_id'>,
): boolean {
  if (annotations.readOnly && connection_id === undefined) return false
  return [...outside].some((stranger) => [...read].some((connection) => connection !== stranger))
}
