import { getToolName, isToolUIPart, type DynamicToolUIPart, type ToolUIPart, type UIMessage } from 'ai'
import { asStored } from '#db/jsonb.ts'
import { digestOf } from '#kernel/canonical.ts'
import { splitErrorText, type ToolOutput } from './tool-output.ts'

/**
 * A turn that is asked for again may lead to the same writes. Those of the turn that it stands in the place of were made
 * already: their outcome is given again, and nothing is written a second time.
 */

/** A write of a turn that was replaced. */
export interface EarlierCall {
  readonly tool: string
  readonly runId: number
  readonly toolCallId: string
  /** Digests of the tool with what the model asked for, and with what was sent: ids may stand in place of titles. */
  readonly asked: string
  readonly made: string
  /** What was sent. */
  readonly arguments: unknown
  /** How it ended; null where a crash cut it off, so that only the ledger knows. */
  readonly outcome: EarlierOutcome | null
}

type EarlierOutcome =
  | { readonly ok: true; readonly output: ToolOutput }
  | { readonly ok: false; readonly errorText: string }

interface Call {
  readonly toolCallId: string
  readonly tool: string
  readonly arguments: unknown
}

export interface Repeats {
  /** The earlier call that this one repeats. The same call asked about twice is the same answer; each is repeated once. */
  readonly of: (call: Call) => EarlierCall | undefined
}

type CallPart = ToolUIPart | DynamicToolUIPart

/** @param answer what the run has come to: its calls have taken theirs */
export function createRepeats(earlier: readonly EarlierCall[], answer: Pick<UIMessage, 'parts'>): Repeats {
  const taken = new Map<string, EarlierCall>()
  const repeats: Repeats = {
    of(call) {
      const known = taken.get(call.toolCallId)
      if (known !== undefined) return known
      const digest = digestOfCall(call)
      const used = new Set(taken.values())
      const found = earlier.find((one) => !used.has(one) && (one.asked === digest || one.made === digest))
      if (found !== undefined) taken.set(call.toolCallId, found)
      return found
    },
  }
  for (const part of answer.parts.filter(isToolUIPart)) repeats.of(callOf(part))
  return repeats
}

/** An answer that was replaced, and what was sent of its calls where its user was asked, by the id of the call. */
export interface ReplacedAnswer {
  readonly runId: number
  readonly parts: UIMessage['parts']
  readonly sent: ReadonlyMap<string, unknown>
}

/**
 * The writes of turns that were replaced one after the other, oldest first. One that a later turn repeated is one write.
 * @param changes whether a tool may change anything
 */
export function earlierCalls(answers: readonly ReplacedAnswer[], changes: (tool: string) => boolean): EarlierCall[] {
  const found: EarlierCall[] = []
  for (const { runId, parts, sent } of answers) {
    const before = createRepeats(found, { parts: [] })
    const calls = parts.filter(isToolUIPart).filter((part) => changes(getToolName(part)))
    const written = calls.filter((part) => before.of(callOf(part)) === undefined)
    found.push(...written.flatMap((part) => earlierCall(part, runId, sent.get(part.toolCallId))))
  }
  return found
}

/** Errors after which the same call could take effect twice. */
const MAY_HAVE_EFFECT: ReadonlySet<string> = new Set(['outcome_unknown', 'partly_done', 'cancelled', 'internal_error'])

/** None where nothing was sent, or what was sent had no effect: such a call is made like any other. */
function earlierCall(part: CallPart, runId: number, sent: unknown): EarlierCall[] {
  const call = callOf(part)
  const outcome = outcomeOf(part)
  if (outcome === undefined) return []
  const made = sent === undefined ? call : { ...call, arguments: sent }
  return [{ ...made, runId, asked: digestOfCall(call), made: digestOfCall(made), outcome }]
}

function outcomeOf(part: CallPart): EarlierOutcome | null | undefined {
  if (part.state === 'output-available') return { ok: true, output: part.output as ToolOutput }
  if (part.state === 'input-available' || part.state === 'approval-responded') return null
  if (part.state !== 'output-error') return undefined
  const { errorText } = part
  return MAY_HAVE_EFFECT.has(splitErrorText(errorText).code) ? { ok: false, errorText } : undefined
}

function callOf(part: CallPart): Call {
  return { toolCallId: part.toolCallId, tool: getToolName(part), arguments: part.input }
}

function digestOfCall({ tool, arguments: given }: Pick<Call, 'tool' | 'arguments'>): string {
  return digestOf(asStored([tool, given ?? {}]))
}
