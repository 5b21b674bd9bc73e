import type { AgentDependencies } from '#agents/dependencies.ts'
import { DEFAULT_AGENT_LIMITS, type AgentLimits } from '#agents/limits.ts'
import { findForCall } from '#connections/find-for-call.ts'
import type { Database } from '#db/database.ts'
import { operatorHostsOf } from '#identity/external/trusted-issuers.ts'
import { MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'
import type { Egress } from '#kernel/egress.ts'
import { createLimits, type Limit, type Limits } from '#kernel/limits.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { CallDeps } from '#tools/call.ts'
import { findToolFor } from '#tools/steps.ts'
import type { CatalogDeps } from '#tools/tool-source.ts'
import type { ModelsConfiguration } from '#agents/models/model.ts'
import type { Config } from './config.ts'

/** How settings become the options of parts. */

const SECONDS_PER_MINUTE = 60

/** Hosts that the operator named in the settings: they alone may be private. */
export function operatorHosts(config: Config): string[] {
  const { anthropicUrl, openaiUrl, googleUrl, compatibleUrl } = config.models
  const urls = [...config.providerApiUrls.values(), anthropicUrl, openaiUrl, googleUrl, compatibleUrl]
  return [
    ...urls.filter((url) => url !== undefined).map((url) => new URL(url).host),
    ...config.trustedIssuers.flatMap(operatorHostsOf),
  ]
}

/** Origins besides our own whose pages may use the session, and that users may be led back to. */
export function trustedOrigins({ allowedHosts }: Config): string[] {
  return allowedHosts.flatMap((host) => [`https://${host}`, `http://${host}`])
}

/** The usual addresses of the model providers; an operator's own replaces one. */
const MODEL_HOSTS = ['api.anthropic.com', 'api.openai.com', 'generativelanguage.googleapis.com']

/** Reaches the vendors of models, and the operator’s own addresses of them, only. */
export function modelFetch(egress: Egress, models: ModelsConfiguration): typeof globalThis.fetch {
  const own = [models.anthropicUrl, models.openaiUrl, models.googleUrl, models.compatibleUrl]
    .filter((url) => url !== undefined)
    .map((url) => new URL(url).host)
  return egress.bind({ hosts: [...MODEL_HOSTS, ...own], purpose: 'model' })
}

export function limitsOf(config: Config, database: Database, onStoreError: (error: Error) => void): Limits {
  const perMinute = (points: number) => ({ points, windowSeconds: SECONDS_PER_MINUTE })
  return createLimits({
    store: limitStore(config, database),
    onStoreError,
    settings: {
      requests: perMinute(config.limits.requestsPerMinute),
      toolCalls: perMinute(config.limits.toolCallsPerMinute),
      connects: perMinute(config.limits.connectsPerMinute),
      tokenFailures: perMinute(config.limits.tokenFailuresPerMinute),
    },
  })
}

function limitStore(config: Config, database: Database): Parameters<typeof createLimits>[0]['store'] {
  if (config.limits.store === 'redis' && config.redisUrl !== undefined) return { kind: 'redis', url: config.redisUrl }
  if (config.limits.store === 'postgres') return { kind: 'postgres', query: database.loginQuery }
  return { kind: 'memory' }
}

/** Takes one from a user's budget, or says how long to wait. */
export async function takeFrom(limit: Limit, userId: number, what: string): Promise<Outcome<null>> {
  const taken = await limit.take(userId)
  if (taken.ok) return success(null)
  const { retryAfterSeconds } = taken
  return failure('rate_limited', `Too many ${what}. Try again in ${retryAfterSeconds} seconds.`, { retryAfterSeconds })
}

export function agentLimitsOf({ limits }: Config): AgentLimits {
  return {
    ...DEFAULT_AGENT_LIMITS,
    stepsPerRun: limits.runSteps,
    tokensPerRun: limits.runTokens,
    runMs: limits.runSeconds * MILLISECONDS_PER_SECOND,
    runsPerUser: limits.runsPerUser,
  }
}

/** The connection that a call of a tool would use now: what an approval is bound to. */
export function connectionFor(
  deps: Pick<CallDeps, 'registry' | 'cache' | 'publicUrl' | 'blocks'> & CatalogDeps,
): AgentDependencies['connectionFor'] {
  return async (userId, tool) => {
    const found = await findToolFor(deps, userId, tool)
    if (!found.ok) return found
    return findForCall(deps, { userId }, found.value.provider, found.value.own?.connectionId)
  }
}
