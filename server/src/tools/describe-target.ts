import type { ApprovalSubject, TargetOutcome } from '#db/agent-tables.ts'
import { isRecord } from '#kernel/json-values.ts'
import type { Principal } from '#kernel/principal.ts'
import { shownLines, shownText } from '#kernel/shown-text.ts'
import type { ProviderTarget } from '#providers/contract.ts'
import type { Registry } from '#providers/registry.ts'
import { heldTool } from './held-tool.ts'
import { mayReadTarget } from './may-read-target.ts'
import type { CallTool, PolicyOf, ToolCallRequest } from './tool-call.ts'

export interface DescribedCall extends Pick<ToolCallRequest, 'tool'> {
  readonly arguments: Readonly<Record<string, unknown>>
  readonly connectionId: number
  readonly requestId: string
}

/** What a call would touch. */
export interface CallDescription extends ApprovalSubject {
  /** The title of the first that has one, in one line. */
  readonly target: string | null
}

interface DescribeDependencies {
  readonly registry: Pick<Registry, 'tool'>
  readonly callTool: CallTool
  readonly policyOf: PolicyOf
}

/** Milliseconds that a question may wait for titles: a person is about to be asked, and can decide by the ids. */
const DEADLINE_MS = 2_000
/** Characters of a title that are shown. */
const SHOWN_CHARACTERS = 120
/** Characters of a text: a long paragraph. Whoever wants to read more opens the page. */
const TEXT_CHARACTERS = 2_000
/** Things named by one call that are read: each is a request to the provider. */
const MOST_TARGETS = 4
/** Replaced texts that are shown: a person reads no more before deciding. */
const MOST_TEXTS = 20

/**
 * What a call is about, in the words of whoever wrote it: the title of the page that an argument names, the text of the block
 * that it replaces. Read by the provider's own tools, as the caller, with all that the pipeline asks of a call; null where
 * the call names nothing that could be read.
 */
export async function describeTarget(
  deps: DescribeDependencies,
  principal: Principal,
  call: DescribedCall,
): Promise<CallDescription | null> {
  const entry = deps.registry.tool(call.tool)
  const named = (entry?.provider.targets ?? []).filter((target) => isNamed(target, call)).slice(0, MOST_TARGETS)
  if (entry === undefined || named.length === 0) return null
  const read = await Promise.all(named.map((target) => readTarget(deps, principal, { target, call })))
  const targets = read.map(({ argument, title, outcome }) => ({ argument, title, outcome }))
  const first = targets.find(({ title }) => title !== null)?.title ?? null
  return {
    target: first === null ? null : shownText(first, SHOWN_CHARACTERS),
    targets,
    now: entry.tool.annotations.destructive
      ? read.flatMap(({ now }) => replaced(now, call.arguments)).slice(0, MOST_TEXTS)
      : [],
  }
}

/** What stays a title until the call is made says by itself what it means. */
function isNamed(target: ProviderTarget, { arguments: given }: DescribedCall): boolean {
  const value = given[target.argument]
  if (typeof value !== 'string' && typeof value !== 'number') return false
  return target.keepsTitle === undefined || target.isId(String(value))
}

interface ReadTarget {
  readonly argument: string
  readonly title: string | null
  readonly outcome: TargetOutcome
  readonly now: Readonly<Record<string, unknown>>
}

async function readTarget(
  deps: DescribeDependencies,
  principal: Principal,
  { target, call }: { readonly target: ProviderTarget; readonly call: DescribedCall },
): Promise<ReadTarget> {
  const { argument } = target
  const given = String(call.arguments[argument])
  const deadline = AbortSignal.timeout(DEADLINE_MS)
  const unread = (outcome: TargetOutcome): ReadTarget => ({
    argument,
    title: null,
    outcome: deadline.aborted ? 'not_in_time' : outcome,
    now: {},
  })
  try {
    const over = aborted(deadline)
    const allowed = await Promise.race([mayReadTarget(deps, principal, target.tool), over])
    if (allowed !== true) return unread('not_read')
    const reading = deps.callTool(principal, {
      tool: target.tool,
      arguments: readingArguments(target, call.arguments),
      connectionId: call.connectionId,
      confirmed: false,
      ...heldTool(principal, target.tool),
      requestId: call.requestId,
      signal: deadline,
    })
    const read = await Promise.race([reading, over])
    if (read === null) return unread('not_in_time')
    if (!read.ok) return unread(read.problem.code === 'not_found' ? 'no_such_target' : 'not_read')
    const { result } = read.value
    const title = target.titleOf(result, given)
    return {
      argument,
      title: title === null ? null : shownLines(title, TEXT_CHARACTERS) || null,
      outcome: 'read',
      now: target.nowOf?.(result, given) ?? {},
    }
  } catch {
    // Whatever went wrong with the title, the question itself can be asked.
    return unread('not_read')
  }
}

/** Also where the pipeline itself waits and does not hear the signal. */
function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }))
}

/** What the tool that reads is given, of the arguments of the call. */
export function readingArguments(
  { argument, readAs = argument, within = [] }: ProviderTarget,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const place = within.filter((name) => given[name] !== undefined).map((name) => [name, given[name]] as const)
  return { ...Object.fromEntries(place), [readAs]: given[argument] }
}

/** Of what is there now, that which the call would put something else in place of; a record of fields one by one. */
function replaced(
  now: ReadTarget['now'],
  given: Readonly<Record<string, unknown>>,
  under = '',
): CallDescription['now'] {
  return Object.entries(now).flatMap(([name, value]) => {
    if (!Object.hasOwn(given, name)) return []
    const next = given[name]
    const argument = `${under}${name}`
    if (under === '' && isRecord(value) && isRecord(next)) return replaced(value, next, `${argument}.`)
    const text = textOf(value)
    return text === textOf(next) ? [] : [{ argument, text: shownLines(text, TEXT_CHARACTERS) }]
  })
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value)
}
