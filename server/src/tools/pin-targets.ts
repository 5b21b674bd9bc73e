import { failure, success, type Outcome, type Problem } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { ProviderTarget } from '#providers/contract.ts'
import type { Registry } from '#providers/registry.ts'
import { readingArguments } from './describe-target.ts'
import { heldTool } from './held-tool.ts'
import { mayReadTarget } from './may-read-target.ts'
import type { CallTool, PolicyOf, ToolCallRequest } from './tool-call.ts'

/** A call that its user is to be asked about. */
export interface PinnedCall extends Pick<ToolCallRequest, 'tool' | 'requestId'> {
  readonly arguments: unknown
  readonly connectionId: number
}

/** Milliseconds for a title to be looked up: a few searches. */
const DEADLINE_MS = 10_000

/** What the tool itself would say of a title that names nothing, or several: nobody is asked about such a call. */
const FINAL: ReadonlySet<Problem['code']> = new Set(['not_found', 'ambiguous'])

interface PinDependencies {
  readonly registry: Pick<Registry, 'tool'>
  readonly callTool: CallTool
  readonly policyOf: PolicyOf
}

/**
 * The arguments with ids in place of titles. A user approves what bears the title now; whatever bears it when the call is
 * made may be something else. Read by the provider's own tool, as the caller; no request where ids were given.
 * @returns `not_found` or `ambiguous` where a title names nothing or several, as the tool itself would answer
 */
export async function pinTargets(
  deps: PinDependencies,
  principal: Principal,
  { tool, arguments: given, ...call }: PinnedCall,
): Promise<Outcome<unknown>> {
  if (typeof given !== 'object' || given === null) return success(given)
  const pinned = new Map<string, unknown>(Object.entries(given))
  for (const target of deps.registry.tool(tool)?.provider.targets ?? []) {
    const title = pinned.get(target.argument)
    if (typeof title !== 'string' || target.keepsTitle === true || target.isId(title)) continue
    const read = readingArguments(target, Object.fromEntries(pinned))
    const id = await idOf(deps, principal, { target, title, read, ...call })
    if (!id.ok) return id
    pinned.set(target.argument, id.value)
  }
  return success(Object.fromEntries(pinned))
}

interface Naming extends Pick<PinnedCall, 'connectionId' | 'requestId'> {
  readonly target: ProviderTarget
  readonly title: string
  /** What the tool that reads is given. */
  readonly read: Readonly<Record<string, unknown>>
}

async function idOf(
  deps: PinDependencies,
  principal: Principal,
  { target, title, read: given, connectionId, requestId }: Naming,
): Promise<Outcome<string>> {
  if (!(await mayReadTarget(deps, principal, target.tool))) return wantsId(target, 'denied')
  const read = await deps.callTool(principal, {
    tool: target.tool,
    arguments: given,
    connectionId,
    confirmed: false,
    ...heldTool(principal, target.tool),
    ...(requestId === undefined ? {} : { requestId }),
    signal: AbortSignal.timeout(DEADLINE_MS),
  })
  if (!read.ok && isLeftToTheTool(target, title, read.problem)) return success(title)
  if (!read.ok && FINAL.has(read.problem.code)) return read
  const id = read.ok ? target.idOf(read.value.result) : null
  if (id !== null) return success(id)
  return wantsId(target, read.ok ? undefined : read.problem.code)
}

/** The tool says by itself what is wrong with what it is given, and may make what is not there yet. */
function isLeftToTheTool(target: ProviderTarget, title: string, { code }: Problem): boolean {
  return code === 'invalid_arguments' || (code === 'not_found' && target.isMadeByCall?.(title) === true)
}

function wantsId({ argument }: ProviderTarget, reason: string | undefined) {
  const why = reason === undefined ? '' : ` (${reason})`
  return failure(
    'invalid_arguments',
    `The user has to approve this call, and what bears the title in ${argument} could not be looked up${why}. Call again with its id or URL.`,
    { path: `arguments.${argument}` },
  )
}
