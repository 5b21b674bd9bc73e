import type { CallToolResult, InputRequiredResult, Tool } from '@modelcontextprotocol/server'
import { failure } from '#kernel/problem.ts'
import { closestOf } from '#tools/catalog.ts'
import type { Catalog, PolicyOf } from '#tools/tool-call.ts'
import { catalogFor, type CatalogDeps } from '#tools/tool-source.ts'
import { listedNames, REPEATED_NAME_CHARACTERS, type ProviderToolDeps } from './provider-tools.ts'
import { createRanking, type Ranking } from './rank-tools.ts'
import { failedResult } from './result.ts'
import { signatureOf } from './signature.ts'
import type { Asking, Exchange, Source, ToolCall } from './source.ts'
import { showsSearch } from './toolset.ts'

/**
 * Two tools in place of many: one finds tools, the other calls one. A model reads two definitions instead of hundreds, and
 * pays for the others only when it looks for them.
 */

export interface SearchToolDeps extends CatalogDeps {
  readonly policyOf: PolicyOf
  readonly connectedProviders: ProviderToolDeps['connectedProviders']
  /** From more tools than this on, a list shows these two instead. */
  readonly toolsShown: number
  /** Calls the tools that are found: the very source that serves them directly. */
  readonly tools: Pick<Source, 'callTool'>
}

const SEARCH = 'search_tools'
const CALL = 'call_tool'

/** A name that means one of the two wherever a client calls it. */
export function isSearchTool(name: string): boolean {
  return name === SEARCH || name === CALL
}

/** With their inputs these cost a model less than 600 tokens. */
const DEFAULT_RESULTS = 5
const MOST_RESULTS = 20
/** Characters; what is longer is no search. */
const LONGEST_QUERY = 2_000
/** Names in the advice for a wrong one. */
const NEAREST = 3

const searchDefinition: Tool = {
  name: SEARCH,
  title: 'Search tools',
  description:
    'Find tools for a task, in plain words (English or Portuguese). Returns names, what they do and their inputs; run one with call_tool.',
  inputSchema: {
    type: 'object',
    properties: {
      query: { type: 'string', minLength: 1, maxLength: LONGEST_QUERY, description: 'e.g. "add a row to a database"' },
      limit: { type: 'integer', minimum: 1, maximum: MOST_RESULTS, description: `${DEFAULT_RESULTS} without it` },
    },
    required: ['query'],
    additionalProperties: false,
  },
  annotations: { readOnlyHint: true, openWorldHint: false },
}

/** What it may do is what the worst of the tools behind it may do. */
function callDefinition(readOnly: boolean): Tool {
  return {
    name: CALL,
    title: 'Call a tool',
    description: 'Call a tool that search_tools found, by its exact name, with the arguments that it takes.',
    inputSchema: {
      type: 'object',
      properties: {
        name: { type: 'string', description: 'exactly as found' },
        arguments: { type: 'object', description: 'of that tool', additionalProperties: true },
      },
      required: ['name'],
      additionalProperties: false,
    },
    annotations: {
      readOnlyHint: readOnly,
      ...(readOnly ? {} : { destructiveHint: true, idempotentHint: false }),
      openWorldHint: true,
    },
  }
}

/** The same arrays every time: whoever keeps the text of a list knows it again. */
const NOTHING: readonly Tool[] = []
const READ_ONLY_TOOLS: readonly Tool[] = [searchDefinition, callDefinition(true)]
const TOOLS: readonly Tool[] = [searchDefinition, callDefinition(false)]

/**
 * The tool that a `tools/call` really calls: the one inside, where it comes through `call_tool`. Whatever decides on a call
 * by its name must look through this. Undefined where the parameters name none, as far down as one level: `call_tool` does
 * not call itself.
 */
export function calledTool(params: Readonly<Record<string, unknown>>): ToolCall | undefined {
  const outer = toolCallIn(params)
  return outer?.name === CALL ? toolCallIn(outer.arguments) : outer
}

function toolCallIn({ name, arguments: given = {} }: Readonly<Record<string, unknown>>): ToolCall | undefined {
  if (typeof name !== 'string' || typeof given !== 'object' || given === null || Array.isArray(given)) return undefined
  return { name, arguments: given as Readonly<Record<string, unknown>> }
}

export function searchTools(deps: SearchToolDeps): Source {
  const rankingOf = rankings(deps.catalog)
  return {
    async listTools(asking) {
      const { toolset } = asking
      const { entries } = await catalogFor(deps, asking.principal.userId)
      const included = entries.filter((entry) => toolset.includes(entry))
      // Whatever the user denies, there are not more than these.
      if (!showsSearch(toolset, included.length, deps.toolsShown)) return NOTHING
      const names = await listedNames(deps, asking)
      if (!showsSearch(toolset, names.length, deps.toolsShown)) return NOTHING
      return included.every(({ annotations }) => annotations.readOnly) ? READ_ONLY_TOOLS : TOOLS
    },
    callTool(call, exchange) {
      if (call.name === SEARCH) return search({ ...deps, rankingOf }, call, exchange)
      if (call.name === CALL) return callFound({ ...deps, rankingOf }, call, exchange)
      return undefined
    },
  }
}

type RankingOf = (catalog: Catalog) => Ranking
type Deps = SearchToolDeps & { readonly rankingOf: RankingOf }

/** That of the providers' tools is made at once; one with a user's own tools when its user first searches. */
function rankings(shared: Catalog): RankingOf {
  const known = new WeakMap<Catalog, Ranking>([[shared, createRanking(shared.entries)]])
  return (catalog) => {
    const ranking = known.get(catalog) ?? createRanking(catalog.entries)
    known.set(catalog, ranking)
    return ranking
  }
}

async function search(deps: Deps, { arguments: given }: ToolCall, asking: Asking): Promise<CallToolResult> {
  const { query, limit = DEFAULT_RESULTS, ...others } = given
  const isQuery = typeof query === 'string' && query.trim() !== '' && query.length <= LONGEST_QUERY
  const isLimit = Number.isInteger(limit) && Number(limit) >= 1 && Number(limit) <= MOST_RESULTS
  if (!isQuery || !isLimit || Object.keys(others).length > 0) {
    const detail = `${SEARCH} takes query (a text of at most ${LONGEST_QUERY} characters) and limit (1 to ${MOST_RESULTS}).`
    return refused(detail)
  }
  const names = new Set(await listedNames(deps, asking))
  const catalog = await catalogFor(deps, asking.principal.userId)
  const found = deps.rankingOf(catalog).rank(query, names, Number(limit))
  const text =
    found.length === 0
      ? `No tool fits. Try other words, or a shorter query; there are ${names.size} tools.`
      : found.map((name) => describe(catalog, name)).join('\n\n')
  return { content: [{ type: 'text', text }] }
}

function describe(catalog: Catalog, name: string): string {
  const entry = catalog.entry(name)
  if (entry === undefined) return name
  const asks = entry.annotations.destructive ? ' [changes or removes]' : ''
  return `${name}${asks}: ${entry.description}\narguments: ${signatureOf(entry.input_schema) || 'none'}`
}

async function callFound(
  deps: Deps,
  { arguments: given }: ToolCall,
  exchange: Exchange,
): Promise<CallToolResult | InputRequiredResult> {
  const call = toolCallIn(given)
  const isWhole = Object.keys(given).every((member) => member === 'name' || member === 'arguments')
  if (call === undefined || !isWhole) {
    return refused(`${CALL} takes name (the name of a tool) and arguments (an object).`)
  }
  const entry = (await catalogFor(deps, exchange.principal.userId)).entry(call.name)
  // What is in no catalog may still be the user's own tool that waits for them, and then the call says so.
  if (entry !== undefined && !exchange.toolset.includes(entry)) return unknown(deps, call.name, exchange)
  return (await deps.tools.callTool?.(call, exchange)) ?? unknown(deps, call.name, exchange)
}

/** The nearest by its letters, then by its words: among what this user may list here, so that no other name is told. */
async function unknown(deps: Deps, name: string, asking: Asking): Promise<CallToolResult> {
  const shown = name.slice(0, REPEATED_NAME_CHARACTERS)
  const names = await listedNames(deps, asking)
  const closest = closestOf(shown, names)
  const catalog = await catalogFor(deps, asking.principal.userId)
  const alike = deps.rankingOf(catalog).rank(shown, new Set(names), NEAREST)
  const nearest = [...new Set([...(closest === undefined ? [] : [closest]), ...alike])].slice(0, NEAREST)
  const advice = nearest.length === 0 ? `Find one with ${SEARCH}.` : `Nearest: ${nearest.join(', ')}.`
  return failedResult(failure('not_found', `There is no tool "${shown}" here. ${advice}`).problem)
}

function refused(detail: string): CallToolResult {
  return failedResult(failure('invalid_arguments', detail).problem)
}
