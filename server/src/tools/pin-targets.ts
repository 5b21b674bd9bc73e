import { failure, success, type Outcome, type Problem } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { ProviderTarget } from '#providers/contract.ts'
import type { Registry } from '#providers/registry.ts'
import { heldTool, readingArguments } from './describe-target.ts'
import type { CallTool, ToolCallRequest } from './tool-call.ts'

/** A call that its user is to be asked about. */
export interface PinnedCall extends Pick<ToolCallRequest, 'tool' | 'requestId'> {
  readonly arguments: unknown
  readonly connectionId: number
}

/** Milliseconds for a title to be looked up: a few searches. */
const DEADLINE_MS = 10_000

/** The tool itself will say the same, and do nothing. */
const LEFT_TO_THE_TOOL: ReadonlySet<Problem['code']> = new Set(['not_found', 'invalid_arguments'])

/**
 * The arguments with ids in place of titles. A user approves what bears the title now; whatever bears it when the call is
 * made may be something else. Read by the provider's own tool, as the caller; no request where ids were given.
 */
export async function pinTargets(
  deps: { readonly registry: Pick<Registry, 'tool'>; readonly callTool: CallTool },
  principal: Principal,
  { tool, arguments: given, ...call }: PinnedCall,
): Promise<Outcome<unknown>> {
  if (typeof given !== 'object' || given === null) return success(given)
  const pinned = new Map<string, unknown>(Object.entries(given))
  for (const target of deps.registry.tool(tool)?.provider.targets ?? []) {
    const title = pinned.get(target.argument)
    if (typeof title !== 'string' || target.keepsTitle === true || target.isId(title)) continue
    const read = readingArguments(target, Object.fromEntries(pinned))
    const id = await idOf(deps.callTool, principal, { target, title, read, ...call })
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
  callTool: CallTool,
  principal: Principal,
  { target, title, read: given, connectionId, requestId }: Naming,
): Promise<Outcome<string>> {
  const read = await callTool(principal, {
    tool: target.tool,
    arguments: given,
    connectionId,
    confirmed: false,
    ...heldTool(principal, target.tool),
    ...(requestId === undefined ? {} : { requestId }),
    signal: AbortSignal.timeout(DEADLINE_MS),
  })
  if (!read.ok && LEFT_TO_THE_TOOL.has(read.problem.code)) return success(title)
  if (!read.ok && read.problem.code === 'ambiguous') return read
  const id = read.ok ? target.idOf(read.value.result) : null
  if (id !== null) return success(id)
  const why = read.ok ? '' : ` (${read.problem.code})`
  return failure(
    'invalid_arguments',
    `The user has to approve this call, and what bears the title in ${target.argument} could not be looked up${why}. Call again with its id or URL.`,
    { path: `arguments.${target.argument}` },
  )
}
