import type { Hono } from 'hono'
import { createAgents, type Agents } from '#agents/agents.ts'
import { createModels } from '#agents/models/create-models.ts'
import { createRouter } from '#agents/router/router.ts'
import { auditRoutes } from '#audit/routes.ts'
import { createProviderApps, type ProviderApps } from '#connections/authorization/apps.ts'
import { applyChange } from '#connections/cache.ts'
import { connectedProviders } from '#connections/connected-providers.ts'
import { disconnectAll } from '#connections/disconnect-all.ts'
import { readInstallation } from '#connections/read-installation.ts'
import type { IdentityOptions } from '#identity/dependencies.ts'
import { createIdentity, type Identity } from '#identity/identity.ts'
import { allowedOrigins } from '#identity/same-origin.ts'
import { startRunRecovery } from '#jobs/recover-abandoned-runs.ts'
import type { Rounds } from '#jobs/rounds.ts'
import { startConnectionCare } from '#jobs/tend-connections.ts'
import { createConcurrencyGate } from '#kernel/concurrency.ts'
import type { AppEnv, AppRouter, RequireScope } from '#kernel/http.ts'
import { VERSION } from '#kernel/version.ts'
import { consoleRoutes } from '#operations/console.ts'
import { documentationRoutes } from '#operations/documentation.ts'
import { healthRoutes } from '#operations/health.ts'
import type { InstanceFacts } from '#operations/instance.ts'
import { createRegistry, type Registry } from '#providers/registry.ts'
import { createAgentPolicies } from '#tools/agent-policies.ts'
import { createCallTool, type CallDeps } from '#tools/call.ts'
import { createCatalog } from '#tools/catalog.ts'
import { connectionUseRoutes } from '#tools/connection-uses.ts'
import { checkCall } from '#tools/check-call.ts'
import { describeTarget } from '#tools/describe-target.ts'
import { pinTargets } from '#tools/pin-targets.ts'
import type { AuthorizationServerParts } from '#oauth/create-authorization-server.ts'
import { createPolicyOf } from '#tools/policy.ts'
import { applyPolicyChange, type PolicyCache } from '#tools/policy-cache.ts'
import { toolRoutes } from '#tools/routes.ts'
import { usageRoutes } from '#usage/routes.ts'
import type { CallTool } from '#tools/tool-call.ts'
import { createMcp, type Mcp, type McpOptions } from '#mcp/mcp.ts'
import { MEETING_LIMITS, type ServerDeps } from '#mcp/upstreams/authorize-server.ts'
import { learnAgain } from '#mcp/upstreams/change-routes.ts'
import { remoteServers } from '#mcp/upstreams/provider.ts'
import { authSecretOf } from '#vault/keys.ts'
import { createVault } from '#vault/seal.ts'
import { createApp } from './app.ts'
import { authorizationOf } from './authorization.ts'
import { clientAccessRoutes } from './client-access.ts'
import { listNewTools } from './connect-by-session.ts'
import { connectionFeatures } from './connection-features.ts'
import { doorOf } from './door.ts'
import { instanceFactsOf } from './instance-facts.ts'
import { accessPartsOf } from './renewals.ts'
import { pagesOf } from './pages.ts'
import { remoteToolsOf, type RemoteTools } from './remote-tools.ts'
import { sharedOf, type Foundations, type Shared } from './shared.ts'
import { agentLimitsOf, connectionFor, modelFetch, takeFrom, trustedOrigins } from './wiring.ts'

/** Wires the parts of the house to each other. Everything that lives as long as the process is made here, and ended here. */

export interface House {
  readonly app: AppRouter
  /** Every request of a socket comes in here: answered at once where it is plain, or passed on to the app. */
  readonly enter: Mcp['enter']
  /** What providers are asked that nobody waits for; begun when requests are taken, so that no provider holds up a start. */
  readonly begin: () => void
  /** From now on probes say that no more requests should come. */
  readonly stopAccepting: () => void
  /** Ends the runs of this process; they can be resumed. Before requests are waited for, because chats wait for runs. */
  readonly endRuns: () => Promise<void>
  /** Ends listeners and sockets, after the last request; the database is the caller's. */
  readonly close: () => Promise<void>
}

/** Milliseconds between two rounds through the caches for what is idle. */
const SWEEP_INTERVAL_MS = 30_000

export async function compose(foundations: Foundations): Promise<House> {
  const { config, keys } = foundations
  const secret = config.authSecret ?? authSecretOf(keys)
  const shared = sharedOf(foundations)
  const authorization = await authorizationOf(shared)
  const identity = identityOf(shared, authorization, async ({ userId, principal, requestId }) => {
    const ended = await disconnectAll(deps, principal, userId, requestId)
    // Of a user whom another deletion has taken meanwhile, nothing is left to end.
    return ended.ok ? ended.value : []
  })
  const deps = await toolDepsOf(shared, identity.requireScope)
  const callTool = createCallTool(deps)
  const agents = await agentsOf(shared, { ...deps, stillValid: identity.stillValid }, callTool)
  const mcp = await mcpOf(shared, { ...deps, callTool, secret, approvals: agents.approvalDesk }, identity)
  const remoteTools = { tools: deps.remote.tools, callTool }
  let stopping = false
  const features = [
    identity.routes(),
    authorization.server.routes(),
    ...clientAccessRoutes({ ...deps, server: authorization.server, identity, authSecret: secret }),
    ...connectionFeatures({ ...deps, ...remoteTools }, identity),
    toolRoutes({ ...deps, callTool }),
    connectionUseRoutes(deps),
    agents.router,
    auditRoutes(deps),
    usageRoutes(deps),
    mcp.routes,
  ]
  const linked = { ...deps, onConnected: listNewTools({ ...shared, ...remoteTools }) }
  const pages = pagesOf({ deps: linked, identity, agents, clients: authorization.server })
  const app = await appOf(shared, { ...deps, features, pages, isStopping: () => stopping })
  const stopListening = await listenForChanges(shared, { ...deps, callTool, stillValid: identity.stillValid })
  const care = startConnectionCare(deps)
  return {
    app,
    enter: mcp.enter,
    begin: () => void deps.refresher.waiting.endLeftovers(),
    stopAccepting: () => void (stopping = true),
    async endRuns() {
      await Promise.all([agents.close(), mcp.close()])
    },
    async close() {
      await care.stop()
      await deps.refresher.close()
      await Promise.all([identity.close(), authorization.server.close()])
      await Promise.all([shared.ledgerQueue.flush(), shared.audit.flush()])
      await stopListening()
      deps.vault.close()
      await Promise.all([shared.limits.close(), shared.egress.close()])
    },
  }
}

type Learning = Pick<Identity, 'stillValid'> & { readonly callTool: CallTool }

/** What a row of another replica, or of the operator, changed is forgotten here, and so is what nobody uses. */
async function listenForChanges(
  { database, cache, policies }: Shared,
  { blocks, remote, ...learning }: Pick<ToolDeps, 'blocks' | 'remote'> & Learning,
): Promise<() => Promise<void>> {
  const stops = await Promise.all([
    database.listen('connection_changed', (payload) => applyChange(cache, payload)),
    database.listen('policy_changed', (payload) => applyPolicyChange(policies, payload)),
    database.listen('provider_blocked', () => void blocks.reload()),
    remote.listen((userId, connectionId) => learnAgain({ tools: remote.tools, ...learning }, { userId, connectionId })),
  ])
  const sweeping = setInterval(() => {
    cache.sweep()
    remote.pool.sweep()
  }, SWEEP_INTERVAL_MS).unref()
  return async () => {
    clearInterval(sweeping)
    remote.close()
    await Promise.all(stops.map((stop) => stop()))
  }
}

/** Knows the access tokens of the authorization server, and asks it whether their grants still stand. */
function identityOf(
  { config, keys, ...shared }: Shared,
  { server, verifier }: AuthorizationServerParts,
  beforeUserDeleted: NonNullable<IdentityOptions['beforeUserDeleted']>,
): Identity {
  const identity = createIdentity({
    ...shared,
    beforeUserDeleted,
    bearerVerifiers: [verifier],
    signUpMode: config.signUp,
    trustedIssuers: config.trustedIssuers,
    publicUrl: config.publicUrl,
    trustedOrigins: trustedOrigins(config),
    authSecret: config.authSecret ?? authSecretOf(keys),
  })
  return {
    ...identity,
    stillValid: async (principal) => (await identity.stillValid(principal)) && (await server.stillValid(principal)),
    stillPresent: async (principal) => (await identity.stillPresent(principal)) && (await server.stillValid(principal)),
  }
}

interface ToolDeps
  extends CallDeps, Pick<ServerDeps, 'returnOrigins' | 'servers'>, Pick<McpOptions, 'connectedProviders'> {
  readonly requireScope: RequireScope
  readonly policies: PolicyCache
  readonly apps: ProviderApps
  readonly remote: RemoteTools
  readonly rounds: Rounds
  readonly facts: InstanceFacts
}

/** What connections, tools and agents work with. */
async function toolDepsOf(shared: Shared, requireScope: RequireScope): Promise<ToolDeps> {
  const { config, keys, clock, limits, metrics, policies } = shared
  const registry = await createRegistry(undefined, [remoteServers])
  const catalog = createCatalog(registry)
  const remote = remoteToolsOf({ ...shared, registry, publicUrl: config.publicUrl })
  const vault = createVault(keys, clock)
  const apps = createProviderApps({ ...shared, vault, settings: config.providerApps })
  const installation = await readInstallation(shared.database)
  const access = accessPartsOf({
    ...shared,
    registry,
    vault,
    installation,
    publicUrl: config.publicUrl,
    findApp: apps.find,
  })
  await access.blocks.reload()
  await access.refresher.waiting.takeUp()
  return {
    ...shared,
    ...access,
    apps,
    servers: shared.egress.open(MEETING_LIMITS),
    returnOrigins: allowedOrigins(config.publicUrl, trustedOrigins(config)),
    registry,
    catalog,
    remote,
    ownTools: remote.tools,
    requireScope,
    publicUrl: config.publicUrl,
    policyOf: createPolicyOf({ policies, catalog, ownTools: remote.tools }),
    connectedProviders: (principal) => connectedProviders(shared, principal),
    vault,
    facts: instanceFactsOf(config),
    takeConnect: (userId) => takeFrom(limits.connects, userId, 'attempts to connect'),
    takeToolCall: (userId) => takeFrom(limits.toolCalls, userId, 'tool calls'),
    enter: createConcurrencyGate(config.limits.concurrentToolCalls).enter,
    observe: metrics.countToolCall,
  }
}

/** Agents, after the runs that an earlier process left behind were marked. */
async function agentsOf(
  { config, ...shared }: Shared,
  deps: CallDeps & Pick<Identity, 'requireScope' | 'stillValid'>,
  callTool: CallTool,
): Promise<Agents> {
  const limits = agentLimitsOf(config)
  const recovery = await startRunRecovery({ ...shared, abandonedMs: limits.abandonedMs })
  const models = createModels(config.models, { fetch: modelFetch(shared.egress, config.models), createRouter })
  const agents = createAgents({
    ...deps,
    callTool,
    connectionFor: connectionFor(deps),
    checkCall: (principal, call) => checkCall(deps, principal, call),
    describeTarget: (principal, call) => describeTarget({ ...deps, callTool }, principal, call),
    pinTargets: (principal, call) => pinTargets({ ...deps, callTool }, principal, call),
    agentPolicies: createAgentPolicies(shared.policies),
    models,
    limits,
  })
  return {
    ...agents,
    async close() {
      await recovery.stop()
      await agents.close()
    },
  }
}

/** `/mcp`, over the one pipeline of tool calls. */
async function mcpOf(
  shared: Shared,
  deps: ToolDeps & Pick<McpOptions, 'callTool' | 'secret' | 'approvals'>,
  identity: Identity,
): Promise<Mcp> {
  const { conformance, mcpToolsShown } = shared.config
  return createMcp({
    ...deps,
    ...doorOf(shared),
    resolve: identity.resolve,
    admit: identity.admit,
    stillValid: identity.stillPresent,
    providers: deps.registry.providers.map(({ id }) => id),
    version: VERSION,
    conformance,
    toolsShown: mcpToolsShown,
  })
}

interface AppContents {
  readonly features: readonly AppRouter[]
  readonly registry: Registry
  /** For browsers: no part of the described API. */
  readonly pages: readonly Hono<AppEnv>[]
  readonly isStopping: () => boolean
}

async function appOf({ config, database, log, metrics }: Shared, contents: AppContents): Promise<AppRouter> {
  const { features, pages, registry, isStopping } = contents
  return createApp({
    ...config,
    log,
    observe: metrics.observe,
    features: [
      healthRoutes({ database, isStopping }),
      metrics.routes(config.metricsToken, config.production),
      ...features,
      documentationRoutes(
        features,
        config.publicUrl,
        registry.providers.map(({ id }) => id),
      ),
      ...pages,
      await consoleRoutes(),
    ],
  })
}
