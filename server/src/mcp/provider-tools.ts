import {
  isInputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type CallToolResult,
  type InputRequiredResult,
  type Tool,
} from '@modelcontextprotocol/server'
import type { Principal } from '#kernel/principal.ts'
import type { Catalog, CatalogEntry, PolicyOf } from '#tools/tool-call.ts'
import { catalogFor, type CatalogDeps } from '#tools/tool-source.ts'
import { callAsUser, type CallAsUserDeps } from './call-as-user.ts'
import { failedResult, resultOf } from './result.ts'
import type { Asking, Exchange, Source, ToolCall } from './source.ts'
import { toolDefinition } from './tool-definition.ts'
import { showsSearch } from './toolset.ts'

/** The tools of the providers and those of the user's own remote servers, through the one pipeline. */

export interface ProviderToolDeps extends CallAsUserDeps, CatalogDeps {
  readonly policyOf: PolicyOf
  readonly connectedProviders: (principal: Principal) => Promise<ReadonlySet<string>>
  /** A longer list than this is left to the search tools. */
  readonly toolsShown: number
}

export function providerTools(deps: ProviderToolDeps): Source {
  const definitionsOf = listsOfDefinitions(deps.catalog)
  return {
    async listTools(asking) {
      const catalog = await catalogFor(deps, asking.principal.userId)
      const names = await listedNames(deps, asking)
      if (showsSearch(asking.toolset, names.length, deps.toolsShown)) return definitionsOf([])
      const shared = definitionsOf(names.filter((name) => deps.catalog.entry(name) !== undefined))
      return catalog === deps.catalog ? shared : [...shared, ...ownDefinitions(deps.catalog, catalog, names)]
    },
    async callTool(call, exchange) {
      const entry = (await catalogFor(deps, exchange.principal.userId)).entry(call.name)
      if (entry === undefined)
        return (await isWithheld(deps, call, exchange)) ? callWithheld(deps, call, exchange) : undefined
      return callProviderTool(deps, call, { exchange, entry })
    },
  }
}

/** Definitions of one user's own tools: made for that user's list alone, and kept with no other's. */
function ownDefinitions(shared: Catalog, catalog: Catalog, names: readonly string[]): readonly Tool[] {
  return names.flatMap((name) => {
    const entry = shared.entry(name) === undefined ? catalog.entry(name) : undefined
    return entry === undefined ? [] : [toolDefinition(entry)]
  })
}

/** Whether it is the user's own tool that may not be called now, rather than none. */
async function isWithheld(deps: CatalogDeps, call: ToolCall, { principal }: Exchange): Promise<boolean> {
  const own = await deps.ownTools?.toolsOf(principal.userId)
  return own?.find(call.name)?.withheld !== undefined
}

/** The pipeline says why, and sends nothing. */
async function callWithheld(deps: CallAsUserDeps, call: ToolCall, exchange: Exchange): Promise<CallToolResult> {
  const request = { tool: call.name, arguments: call.arguments, confirmed: false, requestId: exchange.requestId }
  const outcome = await deps.callTool(exchange.principal, request)
  return outcome.ok ? resultOf(outcome.value) : failedResult(outcome.problem)
}

const NOBODY_ASKED: ReadonlySet<string> = new Set()

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

/**
 * What this user may list under this URL, in the catalog's order: all but what their own policy denies. A model reads the
 * whole list before every answer, so tools of services that the user does not have stay out of it; they can be called.
 */
export async function listedNames(
  deps: CatalogDeps & Pick<ProviderToolDeps, 'policyOf' | 'connectedProviders'>,
  { principal, toolset }: Pick<Asking, 'principal' | 'toolset'>,
): Promise<readonly string[]> {
  const { entries } = await catalogFor(deps, principal.userId)
  const connected = toolset.connectedOnly ? await deps.connectedProviders(principal) : NOBODY_ASKED
  const isListed = ({ provider }: CatalogEntry) => connected.size === 0 || connected.has(provider)
  const names = entries.filter((entry) => toolset.includes(entry) && isListed(entry)).map(({ name }) => name)
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
  { exchange, entry }: { readonly exchange: Exchange; readonly entry: CatalogEntry },
): Promise<CallToolResult | InputRequiredResult> {
  if (!exchange.toolset.includes(entry)) throw unknownTool(call.name)
  const outcome = await callAsUser(deps, call, exchange)
  if (!outcome.ok) return failedResult(outcome.problem)
  return isInputRequiredResult(outcome.value) ? outcome.value : resultOf(outcome.value)
}
