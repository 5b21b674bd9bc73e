import type { InstanceFacts } from '#operations/instance.ts'
import { VERSION } from '#kernel/version.ts'
import { adviceOf } from './advice.ts'
import type { Config } from './config.ts'

/** The settings of this process that whoever administers it may see: no address of a database, no secret. */
export function instanceFactsOf(config: Config): InstanceFacts {
  const { limits } = config
  return {
    version: VERSION,
    production: config.production,
    publicUrl: config.publicUrl,
    signUp: config.signUp,
    limitsStore: limits.store,
    limits: [
      { setting: 'CHAVEIRO_REQUESTS_PER_MINUTE', value: limits.requestsPerMinute },
      { setting: 'CHAVEIRO_TOOL_CALLS_PER_MINUTE', value: limits.toolCallsPerMinute },
      { setting: 'CHAVEIRO_CONCURRENT_TOOL_CALLS', value: limits.concurrentToolCalls },
      { setting: 'CHAVEIRO_CONNECTS_PER_MINUTE', value: limits.connectsPerMinute },
      { setting: 'CHAVEIRO_TOKEN_FAILURES_PER_MINUTE', value: limits.tokenFailuresPerMinute },
      { setting: 'CHAVEIRO_RUN_STEPS', value: limits.runSteps },
      { setting: 'CHAVEIRO_RUN_TOKENS', value: limits.runTokens },
      { setting: 'CHAVEIRO_RUN_SECONDS', value: limits.runSeconds },
      { setting: 'CHAVEIRO_RUNS_PER_USER', value: limits.runsPerUser },
    ],
    advice: adviceOf(config),
  }
}
