import {
  isInputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type CallToolResult,
  type InputRequiredResult,
  type Tool,
} from '@modelcontextprotocol/server'
import type { Catalog, PolicyOf } from '#tools/tool-call.ts'
import { callAsUser, type CallAsUserDeps } from './call-as-user.ts'
import { failedResult, resultOf } from './result.ts'
import type { Asking, Exchange, Source, ToolCall } from './source.ts'
import { toolDefinition } from './tool-definition.ts'
import { showsSearch } from './toolset.ts'

/** The tools of the providers, through the one pipeline. */

export interface ProviderToolDeps extends CallAsUserDeps {
  readonly catalog: Catalog
  readonly policyOf: PolicyOf
  /** A longer list than this is left to the search tools. */
  readonly toolsShown: number
}

export function providerTools(deps: ProviderToolDeps): Source {
  const definitionsOf = listsOfDefinitions(deps.catalog)
  return {
    async listTools(asking) {
      const names = await listedNames(deps, asking)
      return definitionsOf(showsSearch(asking.toolset, names.length, deps.toolsShown) ? [] : names)
    },
    callTool: (call, exchange) =>
      deps.catalog.entry(call.name) === undefined ? undefined : callProviderTool(deps, call, exchange),
  }
}

/** Lists that were asked for, kept: most users see the same, and the same list is the same array. */
const LISTS_MAXIMUM = 500

function listsOfDefinitions(catalog: Catalog): (names: readonly string[]) => readonly Tool[] {
  const definitions = new Map(catalog.entries.map((entry) => [entry.name, toolDefinition(entry)]))
  const lists = new Map<string, readonly Tool[]>()
  return (names) => {
    const key = names.join(',')
    const known = lists.get(key)
    if (known !== undefined) return known
    if (lists.size >= LISTS_MAXIMUM) lists.clear()
    const list = names.flatMap((name) => definitions.get(name) ?? [])
    lists.set(key, list)
    return list
  }
}

/** What this user may list under this URL, in the catalog's order: all but what their own policy denies. */
export async function listedNames(
  deps: Pick<ProviderToolDeps, 'catalog' | 'policyOf'>,
  { principal, toolset }: Pick<Asking, 'principal' | 'toolset'>,
): Promise<readonly string[]> {
  const names = deps.catalog.entries.filter((entry) => toolset.includes(entry)).map(({ name }) => name)
  const policies = await deps.policyOf(principal, names)
  return names.filter((name) => policies.get(name) !== 'deny')
}

/** Characters of an unknown name that are repeated in the answer: more than tools have. */
export const REPEATED_NAME_CHARACTERS = 80

/** A tool outside of the URL's toolset does not exist there. */
export function unknownTool(name: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `Tool ${name.slice(0, REPEATED_NAME_CHARACTERS)} not found`)
}

async function callProviderTool(
  deps: ProviderToolDeps,
  call: ToolCall,
  exchange: Exchange,
): Promise<CallToolResult | InputRequiredResult> {
  const entry = deps.catalog.entry(call.name)
  if (entry === undefined || !exchange.toolset.includes(entry)) throw unknownTool(call.name)
  const outcome = await callAsUser(deps, call, exchange)
  if (!outcome.ok) return failedResult(outcome.problem)
  return isInputRequiredResult(outcome.value) ? outcome.value : resultOf(outcome.value)
}
