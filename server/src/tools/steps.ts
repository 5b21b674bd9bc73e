import { problemOfIssues } from '#kernel/http.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Provider, Tool, ToolResult } from '#providers/contract.ts'
import type { Registry } from '#providers/registry.ts'
import type { Catalog, PolicyDecision, ToolCallRequest } from './tool-call.ts'
import { catalogFor, type CatalogDeps, type OwnTool } from './tool-source.ts'

/** The pure steps of the pipeline: each takes what is known and says yes, or what is wrong. */

export interface Found {
  readonly provider: Provider
  readonly tool: Tool
  /** Present for a tool of the user's own: the connection that it belongs to, and the way to it. */
  readonly own?: Pick<OwnTool, 'connectionId' | 'edge' | 'isUpkeep'>
}

/** A tool by its name: the providers' first, so that no other can stand in its place, then the user's own. */
export async function findToolFor(
  { registry, ...deps }: CatalogDeps & { readonly registry: Pick<Registry, 'tool'> },
  userId: number,
  name: string,
): Promise<Outcome<Found>> {
  const known = registry.tool(name)
  if (known !== undefined) return success(known)
  const own = (await deps.ownTools?.toolsOf(userId))?.find(name)
  if (own?.withheld !== undefined) return { ok: false, problem: own.withheld }
  if (own !== undefined) return success({ provider: own.provider, tool: own.tool, own })
  return findTool(() => undefined, await catalogFor(deps, userId), name)
}

/** @returns `not_found` with the nearest name, which a model can take at once */
export function findTool(lookup: (name: string) => Found | undefined, catalog: Catalog, name: string): Outcome<Found> {
  const found = lookup(name)
  if (found !== undefined) return success(found)
  const near = catalog.closest(name)
  const advice = near === undefined ? 'GET /api/tools lists the tools.' : `Did you mean ${near}?`
  return failure('not_found', `There is no tool "${name.slice(0, SHOWN_CHARACTERS)}". ${advice}`)
}

const SHOWN_CHARACTERS = 80

/**
 * @param confirmed whether the user has seen this call and said yes
 * @returns `denied`, or `approval_required` where the user has yet to be asked
 */
export function checkPolicy(decision: PolicyDecision, tool: Tool, confirmed: boolean): Outcome<null> {
  if (decision === 'deny') {
    return failure('denied', `Your policy denies ${tool.name}. Change it with PUT /api/tools/${tool.name}/policy.`)
  }
  if (decision === 'ask' && !confirmed) {
    return failure('approval_required', `${tool.name} changes or removes something, so it waits for your approval.`)
  }
  return success(null)
}

/** @returns the arguments as the tool takes them, or `invalid_arguments` with the path of the first fault */
export function readArguments(tool: Tool, request: ToolCallRequest): Outcome<Record<string, unknown>> {
  const parsed = tool.input.safeParse(request.arguments ?? {})
  if (parsed.success) return success(parsed.data as Record<string, unknown>)
  const problem = problemOfIssues(parsed.error.issues, 'invalid_arguments')
  return { ok: false, problem: { ...problem, path: `arguments.${problem.path ?? ''}`.replace(/\.$/, '') } }
}

/** Characters of text that a model or a person can still use. */
const MAXIMUM_TEXT_CHARACTERS = 50_000
/** Bytes of JSON in one answer. */
const MAXIMUM_VALUE_BYTES = 400_000

/** The last line of defence against a result without bounds: providers cap theirs with better advice. */
export function capResult(result: ToolResult): ToolResult {
  const advice = 'The result was cut. Ask for less: a smaller page_size, a narrower filter, or one item at a time.'
  const isLong = result.text.length > MAXIMUM_TEXT_CHARACTERS
  const isBig = !isSmall(result.value) && Buffer.byteLength(JSON.stringify(result.value)) > MAXIMUM_VALUE_BYTES
  if (!isLong && !isBig) return result
  return {
    ...result,
    text: isLong ? result.text.slice(0, MAXIMUM_TEXT_CHARACTERS) : result.text,
    value: isBig ? null : result.value,
    truncated: result.truncated ?? advice,
  }
}

/** Bytes that JSON makes of one UTF-16 unit at most: \\u0000. */
const BYTES_PER_CHARACTER = 6
/** Bytes of a number, a literal or the signs around a member at most. */
const BYTES_PER_VALUE = 32

/** True where the JSON of a value surely fits, found without writing it: nearly every value is far below the limit. */
function isSmall(value: unknown): boolean {
  let left = MAXIMUM_VALUE_BYTES
  const fits = (each: unknown): boolean => {
    left -= BYTES_PER_VALUE + (typeof each === 'string' ? each.length * BYTES_PER_CHARACTER : 0)
    if (left < 0) return false
    if (typeof each !== 'object' || each === null) return true
    if (Array.isArray(each)) return each.every(fits)
    if ('toJSON' in each) return false
    for (const key in each) {
      left -= BYTES_PER_VALUE + key.length * BYTES_PER_CHARACTER
      if (!fits((each as Readonly<Record<string, unknown>>)[key])) return false
    }
    return true
  }
  return fits(value)
}
