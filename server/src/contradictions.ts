import type { Environment } from './config.ts'

/** What makes no sense together, the settings that it depends on, and the sentence for it. */
const CONTRADICTIONS: readonly [(settings: Environment) => boolean, readonly (keyof Environment)[], string][] = [
  [
    (settings) => settings.MCP_ENCRYPTION_KEY !== undefined && settings.MCP_ENCRYPTION_KEY_FILE !== undefined,
    ['MCP_ENCRYPTION_KEY', 'MCP_ENCRYPTION_KEY_FILE'],
    'MCP_ENCRYPTION_KEY and MCP_ENCRYPTION_KEY_FILE are both set; keep one of them',
  ],
  [
    (settings) => settings.CHAVEIRO_LIMITS_STORE === 'redis' && settings.REDIS_URL === undefined,
    ['CHAVEIRO_LIMITS_STORE', 'REDIS_URL'],
    'CHAVEIRO_LIMITS_STORE is redis, but REDIS_URL is not set',
  ],
  [
    (settings) => settings.CHAVEIRO_LIMITS_STORE === 'postgres' && settings.DATABASE_URL === undefined,
    ['CHAVEIRO_LIMITS_STORE', 'DATABASE_URL'],
    'CHAVEIRO_LIMITS_STORE is postgres, but DATABASE_URL is not set',
  ],
  [
    (settings) => settings.DATABASE_OWNER_URL !== undefined && settings.DATABASE_URL === undefined,
    ['DATABASE_OWNER_URL', 'DATABASE_URL'],
    'DATABASE_OWNER_URL is set without DATABASE_URL',
  ],
  [
    (settings) => settings.NODE_ENV === 'production' && settings.PUBLIC_URL === undefined,
    ['NODE_ENV', 'PUBLIC_URL'],
    'PUBLIC_URL must be set in production: the address that people reach this server by',
  ],
  [
    (settings) => settings.NODE_ENV === 'production' && settings.CHAVEIRO_CONFORMANCE === '1',
    ['NODE_ENV', 'CHAVEIRO_CONFORMANCE'],
    'CHAVEIRO_CONFORMANCE is for tests of the protocol; it must not be 1 in production',
  ],
  [
    (settings) => settings.OPENAI_COMPATIBLE_BASE_URL !== undefined && settings.OPENAI_COMPATIBLE_MODELS.length === 0,
    ['OPENAI_COMPATIBLE_BASE_URL', 'OPENAI_COMPATIBLE_MODELS'],
    'OPENAI_COMPATIBLE_MODELS must name the models of OPENAI_COMPATIBLE_BASE_URL, separated by commas',
  ],
]

/**
 * What the settings say against each other, in sentences for the operator.
 * @param faulty names of settings at fault: neither set nor absent, so what depends on one is left until it can be read
 */
export function contradictions(settings: Environment, faulty: ReadonlySet<string>): string[] {
  return CONTRADICTIONS.filter(([holds, names]) => holds(settings) && !names.some((name) => faulty.has(name))).map(
    ([, , sentence]) => sentence,
  )
}
