import {
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type ClientCapabilities,
  type Server,
  type ServerContext,
  type Tool,
} from '@modelcontextprotocol/server'
import { ajv } from './schema-validator.ts'
import { askingOf } from './asking.ts'
import { CheckedServer } from './checked-server.ts'
import { unknownTool } from './provider-tools.ts'
import type { Asking, Exchange, PendingState, Source } from './source.ts'

/**
 * The library's low-level server for one message or one session. The high-level one would turn every tool's schema into
 * JSON Schema again for each request.
 */

export interface ServerOptions {
  readonly version: string
  readonly sources: readonly Source[]
  /** At least 32 characters; the same on every replica. Signs what clients carry from one round to the next. */
  readonly stateKey: string
  readonly onError: (error: Error) => void
}

/** Makes the servers of this process. */
export type CreateServer = () => Server

/** Seconds for a user to answer: the approval that the state points to lives as long. */
const STATE_SECONDS = 600
/** Milliseconds for which a client may use a list without asking again; changes are announced to whoever listens. */
const LIST_TTL_MS = 60_000

const INSTRUCTIONS =
  "Tools act on the accounts that this user has connected, with this user's own permissions. When a tool answers with a link, give it to the user as it is."

export function serverFactory(options: ServerOptions): CreateServer {
  const codec = createRequestStateCodec<PendingState>({
    key: options.stateKey,
    ttlSeconds: STATE_SECONDS,
    bind: bindingOf,
  })
  const capabilities = capabilitiesOf(options.sources)
  const mint: Mint = (state, context) => codec.mint(state, context)
  return () => {
    const server = new CheckedServer(serverInfoOf(options.version), {
      capabilities,
      instructions: INSTRUCTIONS,
      jsonSchemaValidator: ajv,
      cacheHints: CACHE_HINTS,
      requestState: { verify: (state, context) => codec.verify(state, context) },
    })
    // The library's hook, not an event of the platform.
    Object.assign(server, { onerror: options.onError })
    installTools(server, options.sources, mint)
    installResources(server, options.sources, mint)
    installPrompts(server, options.sources, mint)
    for (const source of options.sources) source.install?.(server)
    return server
  }
}

export function serverInfoOf(version: string) {
  return { name: 'chaveiro', title: 'Chaveiro', version }
}

/** The tools of all sources; one source's list as it is where the others have none. */
export async function listTools(sources: readonly Source[], asking: Asking): Promise<readonly Tool[]> {
  const lists: (readonly Tool[])[] = []
  for (const source of sources) {
    const list = (await source.listTools?.(asking)) ?? []
    if (list.length > 0) lists.push(list)
  }
  return lists.length === 1 ? (lists[0] ?? []) : lists.flat()
}

/** Everything that a user may see is theirs alone. */
export const PRIVATE = { ttlMs: LIST_TTL_MS, cacheScope: 'private' } as const
const CACHE_HINTS = {
  'server/discover': PRIVATE,
  'tools/list': PRIVATE,
  'prompts/list': PRIVATE,
  'resources/list': PRIVATE,
  'resources/templates/list': PRIVATE,
  'resources/read': { ttlMs: 0, cacheScope: 'private' },
} as const

/** A state that one user's client was given is worth nothing to anybody else, nor to that user's other clients. */
function bindingOf(context: ServerContext): string {
  const { userId, via } = askingOf(context).principal
  return `${context.mcpReq.method}\0${userId}\0${via.kind}\0${via.id}`
}

function capabilitiesOf(sources: readonly Source[]) {
  const offers = (part: keyof Source) => sources.some((source) => source[part] !== undefined)
  return Object.assign(
    { tools: { listChanged: true } },
    offers('readResource') ? { resources: {} } : {},
    offers('getPrompt') ? { prompts: {} } : {},
    offers('complete') ? { completions: {} } : {},
    ...sources.map((source) => source.capabilities ?? {}),
  ) as object
}

type Mint = (state: PendingState, context: ServerContext) => Promise<string>

function installTools(server: Server, sources: readonly Source[], mint: Mint): void {
  server.setRequestHandler('tools/list', async (_request, context) => {
    return { tools: [...(await listTools(sources, askingOf(context)))] }
  })
  server.setRequestHandler('tools/call', async (request, context) => {
    const { name, arguments: given } = request.params
    const exchange = exchangeOf(server, context, mint)
    for (const source of sources) {
      const answer = await source.callTool?.({ name, arguments: given ?? {} }, exchange)
      if (answer !== undefined) return answer
    }
    throw unknownTool(name)
  })
}

function installResources(server: Server, sources: readonly Source[], mint: Mint): void {
  if (!sources.some(({ readResource }) => readResource !== undefined)) return
  server.setRequestHandler('resources/list', (_request, context) => ({
    resources: visible(sources, askingOf(context)).flatMap((source) => [...(source.resources ?? [])]),
  }))
  server.setRequestHandler('resources/templates/list', (_request, context) => ({
    resourceTemplates: visible(sources, askingOf(context)).flatMap((source) => [...(source.resourceTemplates ?? [])]),
  }))
  server.setRequestHandler('resources/read', async (request, context) => {
    const exchange = exchangeOf(server, context, mint)
    for (const source of sources) {
      const answer = source.readResource?.(request.params.uri, exchange)
      if (answer !== undefined) return answer
    }
    throw new ResourceNotFoundError(request.params.uri)
  })
}

function installPrompts(server: Server, sources: readonly Source[], mint: Mint): void {
  if (sources.some(({ getPrompt }) => getPrompt !== undefined)) {
    server.setRequestHandler('prompts/list', (_request, context) => ({
      prompts: sources.flatMap((source) => [...(source.listPrompts?.(askingOf(context)) ?? [])]),
    }))
    server.setRequestHandler('prompts/get', async (request, context) => {
      const { name, arguments: given } = request.params
      const exchange = exchangeOf(server, context, mint)
      for (const source of sources) {
        const answer = source.getPrompt?.({ name, arguments: given ?? {} }, exchange)
        if (answer !== undefined) return answer
      }
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'There is no prompt with this name')
    })
  }
  if (!sources.some(({ complete }) => complete !== undefined)) return
  server.setRequestHandler('completion/complete', async (request, context) => {
    const { ref, argument } = request.params
    const exchange = exchangeOf(server, context, mint)
    for (const source of sources) {
      const answer = source.complete?.(ref, argument, exchange)
      if (answer !== undefined) return answer
    }
    return { completion: { values: [] } }
  })
}

function visible(sources: readonly Source[], { toolset }: Asking): readonly Source[] {
  return sources.filter((source) => source.isVisible?.(toolset) ?? true)
}

function exchangeOf(server: Server, context: ServerContext, mint: Mint): Exchange {
  const envelope: Readonly<Record<string, unknown>> = context.mcpReq.envelope ?? {}
  const declared = envelope[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined
  const capabilities = declared ?? server.getClientCapabilities()
  const state: unknown = context.mcpReq.requestState()
  return {
    ...askingOf(context),
    context,
    clientCan: (ability) => canElicit(capabilities?.elicitation, ability),
    mintState: (pending) => mint(pending, context),
    state: state as PendingState | undefined,
  }
}

/** A client that declares elicitation and no mode means the form (2025-11-25, client/elicitation, "Capabilities"). */
function canElicit(declared: object | undefined, ability: 'elicit_form' | 'elicit_url'): boolean {
  if (declared === undefined) return false
  if (ability === 'elicit_url') return 'url' in declared
  return 'form' in declared || !('url' in declared)
}
