import { legacyStatelessFallback } from '@modelcontextprotocol/server'
import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import type { AppRouter } from '#kernel/http.ts'
import type { Principal, Scope } from '#kernel/principal.ts'
import type { Registry } from '#providers/registry.ts'
import { catalogFor, type CatalogDeps } from '#tools/tool-source.ts'
import { plainAnswers } from './answer-plainly.ts'
import { authInfoOf } from './asking.ts'
import { createUserBuses, type UserBuses } from './bus.ts'
import { mcpRoutes, type EndpointDeps } from './endpoint.ts'
import { createListWatch } from './list-watch.ts'
import { createModern } from './modern.ts'
import { createPlainDoor, type PlainDoor, type PlainDoorDeps } from './plain-door.ts'
import { providerPrompts } from './provider-prompts.ts'
import { providerResources } from './provider-resources.ts'
import { providerTools, type ProviderToolDeps } from './provider-tools.ts'
import { createRunningCalls } from './running-calls.ts'
import { calledTool, searchTools } from './search-tools.ts'
import { listTools, serverFactory } from './server.ts'
import { createSessions } from './sessions.ts'
import type { Source } from './source.ts'
import { watchStreams } from './watch-streams.ts'

/** The MCP endpoint and what lives as long as the process: sessions, open streams, and who hears of changes. */

export interface McpOptions
  extends
    Omit<ProviderToolDeps, 'running'>,
    Pick<EndpointDeps, 'resolve' | 'audit' | 'log' | 'publicUrl' | 'providers'>,
    Omit<PlainDoorDeps, 'answer' | 'sessions'> {
  readonly database: Database
  readonly clock: Clock
  readonly registry: Pick<Registry, 'providers'>
  /** Whether somebody who came in earlier would still be let in. */
  readonly stillValid: (principal: Principal) => Promise<boolean>
  /** Signs session ids and what clients carry between rounds; the same on every replica. */
  readonly secret: string
  readonly version: string
  /** Asked before the providers' own tools. */
  readonly sources?: readonly Source[]
  /** Adds what the protocol's conformance suite asks a server for. */
  readonly conformance?: boolean
}

export interface Mcp {
  readonly routes: AppRouter
  /** Before the router: answers plain messages, and passes all else on. */
  readonly enter: PlainDoor['enter']
  readonly close: () => Promise<void>
}

/** Milliseconds between two rounds through what is open: for what is idle, and for whose right has ended by itself. */
const SWEEP_INTERVAL_MS = 60_000

export async function createMcp(options: McpOptions): Promise<Mcp> {
  const onError = (error: Error) => options.log.debug({ reason: error.name }, 'An MCP message was refused')
  const buses = createUserBuses()
  const running = createRunningCalls()
  const sources = [...sourcesOf({ ...options, running }), ...(await fixturesOf(options, buses))]
  const createServer = serverFactory({
    version: options.version,
    sources,
    stateKey: options.secret,
    onError,
  })
  const watch = createListWatch({ list: (asking) => listTools(sources, asking), onError })
  const sessions = createSessions({ createServer, clock: options.clock, watch, key: options.secret })
  const modern = createModern({ createServer, buses, watch, onError })
  const stateless = legacyStatelessFallback(createServer, onError)
  const streams = await watchStreams(options, {
    async endWhere(isOver, userId) {
      await Promise.all([sessions, modern, running].map((open) => open.endWhere(isOver, userId)))
    },
    listMayHaveChanged: watch.mayHaveChanged,
  })
  const sweeping = setInterval(() => {
    sessions.sweep()
    streams.check()
  }, SWEEP_INTERVAL_MS).unref()
  let isClosing = false
  const door = createPlainDoor({ ...options, answer: plainAnswers({ ...options, sources }), sessions })
  return {
    enter: door.enter,
    routes: mcpRoutes({
      ...options,
      isClosing: () => isClosing,
      sessions,
      modern,
      begunBy: door.begunBy,
      stateless: (request, asking, message) =>
        stateless(request, { authInfo: authInfoOf(asking), ...(message === undefined ? {} : { parsedBody: message }) }),
      scopesOf: scopesOf(options),
    }),
    async close() {
      isClosing = true
      clearInterval(sweeping)
      running.close()
      watch.close()
      await streams.close()
      await Promise.all([sessions.close(), modern.close()])
    },
  }
}

/** Whoever knows a name first answers. */
function sourcesOf(options: McpOptions & Pick<ProviderToolDeps, 'running'>): readonly Source[] {
  const { providers } = options.registry
  const tools = providerTools(options)
  return [
    ...(options.sources ?? []),
    searchTools({ ...options, tools }),
    tools,
    ...providerResources({ ...options, providers }),
    providerPrompts({ ...options, providers }),
  ]
}

/** Loaded only where they are asked for, so that no server of production holds them. */
async function fixturesOf({ conformance }: McpOptions, buses: UserBuses): Promise<readonly Source[]> {
  if (conformance !== true) return []
  const { conformanceFixtures } = await import('./conformance/fixtures.ts')
  return [
    conformanceFixtures({
      toolsChanged: buses.toolsChanged,
      promptsChanged: (userId) => buses.of(userId).publish({ kind: 'prompts_list_changed' }),
    }),
  ]
}

/** A tool that changes something needs both, so that whoever is asked for consent sees all of it. */
function scopesOf(options: CatalogDeps): EndpointDeps['scopesOf'] {
  return async (method, params, { principal, toolset }): Promise<readonly Scope[]> => {
    const called = method === 'tools/call' ? calledTool(params) : undefined
    if (called === undefined) return []
    const entry = (await catalogFor(options, principal.userId)).entry(called.name)
    if (entry === undefined || !toolset.includes(entry)) return []
    return entry.annotations.readOnly ? [] : ['tools:write']
  }
}
