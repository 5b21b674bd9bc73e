import { getToolName, isToolUIPart, type UIMessage } from 'ai'
import type { CatalogEntry } from '#tools/tool-call.ts'
import type { ToolOutput } from './tool-output.ts'

/**
 * What the model of a run has read, by where it came from. A text that strangers wrote may tell the model to carry what it
 * read elsewhere to them, and no filter finds every such text. So where private data and a stranger's text have met in one
 * conversation, whatever carries words outside waits for the user, who sees the exact arguments. The rule looks at where
 * results came from alone, never at what they say. It knows what the model is shown: text that has left the window of the
 * conversation is not counted.
 *
 * An origin is a connection, or one place in it (a repository, a channel) where strangers write in several: what is in one
 * of them is as private to those who write in another as everything else.
 */
export interface Provenance {
  /** Where data was read. */
  readonly read: Set<string>
  /** Those of them where strangers write; null where it is not known which, or several were mixed. */
  readonly outside: Set<string | null>
}

/** How a call of a run ended. */
export interface EndedCall {
  readonly tool: string
  /** Null where the call failed. */
  readonly output: Pick<ToolOutput, 'connection' | 'source'> | null
}

/** The tools of an agent that provenance is judged by. */
type KnownTools = readonly Pick<CatalogEntry, 'name' | 'annotations' | 'connection_id'>[]

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

export function noteCall(provenance: Provenance, tools: KnownTools, { tool, output }: EndedCall): void {
  const known = tools.find(({ name }) => name === tool)
  if (output === null) return noteFailure(provenance, known)
  const connection = String(output.connection.id)
  const { source } = output
  const opens = known?.annotations.openWorld === true
  if (source === undefined) {
    // What a change in an open world answers without a source is in our words.
    if (opens && !known.annotations.readOnly) return
    provenance.read.add(connection)
    if (opens) provenance.outside.add(null)
    return
  }
  const place = source.kind === 'open_world' ? source.place : undefined
  const origin = typeof place === 'string' ? `${connection}/${place}` : connection
  provenance.read.add(origin)
  // Where several places are mixed, private data and a stranger's text may have met in this very result.
  provenance.outside.add(place === null ? null : origin)
}

/** A failure tells no private data, but a remote server tells it in its own words. Those of providers' tools are ours. */
function noteFailure({ outside }: Provenance, known: KnownTools[number] | undefined): void {
  // What is not among the tools any more may have been a stranger's.
  if (known === undefined) outside.add(null)
  else if (known.connection_id !== undefined) outside.add(String(known.connection_id))
}

/**
 * Whether a call waits for the user because of what the model has read: data of one origin and a stranger's text of another.
 * A call of a remote server's tool carries its arguments outside, whatever the stranger says that it does.
 */
export function carriesOutside(
  { read, outside }: Provenance,
  { annotations, connection_id }: Pick<CatalogEntry, 'annotations' | 'connection_id'>,
): boolean {
  if (annotations.readOnly && connection_id === undefined) return false
  return [...outside].some((stranger) => [...read].some((origin) => origin !== stranger))
}
