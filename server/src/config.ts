import { resolve } from 'node:path'
import { z } from 'zod'
import { hostKeys } from '#kernel/egress-target.ts'
import type { ModelPrice, ModelsConfiguration } from '#agents/models/model.ts'
import { parseClients, type PreRegisteredClient } from '#oauth/clients/pre-registered.ts'
import { parseTrustedIssuers, type TrustedIssuer } from '#identity/external/trusted-issuers.ts'
import type { OAuthApp } from '#providers/contract.ts'
import { contradictions } from './contradictions.ts'
import { httpUrl, providerAppsOf, providerUrls } from './provider-settings.ts'

/** The only reader of the environment. Every problem is listed at once, with the variable's name and what it may hold. */

export interface Config {
  readonly production: boolean
  readonly host: string
  readonly port: number
  /** Address that people and providers reach us by, without a trailing slash. */
  readonly publicUrl: string
  /** Host headers that are answered besides the public one. */
  readonly allowedHosts: readonly string[]
  /** How many reverse proxies in front of us append to X-Forwarded-For. */
  readonly trustedProxyHops: number
  readonly dataDirectory: string
  readonly databaseUrl: string | undefined
  readonly databaseOwnerUrl: string | undefined
  readonly databasePoolSize: number
  readonly redisUrl: string | undefined
  readonly encryptionKey: string | undefined
  readonly encryptionKeyFile: string | undefined
  readonly authSecret: string | undefined
  readonly signUp: 'open' | 'invitation' | 'closed'
  readonly trustedIssuers: readonly TrustedIssuer[]
  /** MCP clients that need not register themselves. */
  readonly oauthClients: readonly PreRegisteredClient[]
  /** `host` or `host:port` where users' remote MCP servers may be although it is private or plain HTTP. */
  readonly remoteServerHosts: readonly string[]
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Provider id → the operator's own base address for it (`<PROVIDER>_API_URL`). */
  readonly providerApiUrls: ReadonlyMap<string, string>
  /** Provider id → the operator's app there (`<PROVIDER>_CLIENT_ID` and `_SECRET`); only where both are set. */
  readonly providerApps: ReadonlyMap<string, OAuthApp>
  /** Provider id → the setting that is missing, where one of the two is set; ids of no provider may be among them. */
  readonly incompleteApps: ReadonlyMap<string, string>
  readonly limits: LimitsConfig
  readonly models: ModelsConfiguration
  /** What Prometheus must send as a bearer token to read /metrics. */
  readonly metricsToken: string | undefined
  readonly connectionIdleSeconds: number
  readonly connectionCacheSize: number
  /** Tools that an MCP list shows at most; a longer one shows two that search and call. */
  readonly mcpToolsShown: number
  /** Adds what the conformance suite of the Model Context Protocol asks a server for. Never in production. */
  readonly conformance: boolean
}

export interface LimitsConfig {
  readonly store: 'memory' | 'postgres' | 'redis'
  readonly requestsPerMinute: number
  readonly toolCallsPerMinute: number
  readonly concurrentToolCalls: number
  readonly connectsPerMinute: number
  readonly tokenFailuresPerMinute: number
  readonly runSteps: number
  readonly runTokens: number
  readonly runSeconds: number
  readonly runsPerUser: number
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n- ${problems.join('\n- ')}`,
    )
    this.problems = problems
  }
}

const PER_MINUTE = 'a whole number above 0: how many a minute'
const count = (fallback: number, meaning = PER_MINUTE) =>
  z.coerce.number(meaning).int(meaning).positive(meaning).default(fallback)
const text = z.string().optional()
const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'an address such as postgres://user:password@host/database',
})
const list = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  )

const HIGHEST_PORT = 65_535

function areHosts(entries: readonly string[]): boolean {
  try {
    return hostKeys(entries).size >= entries.length
  } catch {
    return false
  }
}

/** `openai/gpt-5.4-mini=0.25:2` */
const PRICE = /^([a-z0-9-]+\/.+)=(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/
const PRICE_MEANING =
  'US dollars for a million tokens read and written, such as openai/gpt-5.4-mini=0.25:2, separated by commas'

function priceOf(text: string): [string, ModelPrice][] {
  const [, model, input, output] = PRICE.exec(text) ?? []
  return model === undefined ? [] : [[model, { input: Number(input), output: Number(output) }]]
}

const environmentSchema = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test'], 'production, development or test').default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce
    .number('a port number')
    .int('a port number')
    .min(0, 'a port number')
    .max(HIGHEST_PORT, 'a port number')
    .default(8001),
  PUBLIC_URL: httpUrl.optional(),
  CHAVEIRO_ALLOWED_HOSTS: list,
  CHAVEIRO_TRUSTED_PROXY_HOPS: z.coerce
    .number('a whole number')
    .int('a whole number')
    .min(0, 'a whole number')
    .default(0),
  CHAVEIRO_DATA_DIR: z.string().default('./data'),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_OWNER_URL: postgresUrl.optional(),
  DATABASE_POOL_SIZE: count(10, 'a whole number above 0'),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'an address such as redis://host:6379' }).optional(),
  MCP_ENCRYPTION_KEY: text,
  MCP_ENCRYPTION_KEY_FILE: text,
  CHAVEIRO_AUTH_SECRET: z.string().min(32, 'at least 32 characters').optional(),
  CHAVEIRO_SIGN_UP: z.enum(['open', 'invitation', 'closed'], 'open, invitation or closed').optional(),
  CHAVEIRO_TRUSTED_ISSUERS: text,
  CHAVEIRO_OAUTH_CLIENTS: text,
  CHAVEIRO_REMOTE_SERVER_HOSTS: list.refine(areHosts, 'hosts such as tools.example.internal:8080, separated by commas'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'trace, debug, info, warn, error or silent')
    .default('info'),
  CHAVEIRO_LIMITS_STORE: z.enum(['memory', 'postgres', 'redis'], 'memory, postgres or redis').optional(),
  CHAVEIRO_REQUESTS_PER_MINUTE: count(600),
  CHAVEIRO_TOOL_CALLS_PER_MINUTE: count(180),
  CHAVEIRO_CONCURRENT_TOOL_CALLS: count(8, 'a whole number above 0'),
  CHAVEIRO_CONNECTS_PER_MINUTE: count(20),
  CHAVEIRO_TOKEN_FAILURES_PER_MINUTE: count(60),
  CHAVEIRO_RUN_STEPS: count(8, 'a whole number above 0'),
  CHAVEIRO_RUN_TOKENS: count(200_000, 'a whole number above 0'),
  CHAVEIRO_RUN_SECONDS: count(120, 'a whole number of seconds above 0'),
  CHAVEIRO_RUNS_PER_USER: count(4, 'a whole number above 0'),
  CHAVEIRO_METRICS_TOKEN: z.string().min(16, 'at least 16 characters').optional(),
  CHAVEIRO_CONNECTION_IDLE_SECONDS: count(300, 'a whole number of seconds above 0'),
  CHAVEIRO_CONNECTION_CACHE_SIZE: count(10_000, 'a whole number above 0'),
  CHAVEIRO_MCP_TOOLS_SHOWN: count(60, 'a whole number above 0'),
  CHAVEIRO_CONFORMANCE: z.enum(['0', '1'], '0 or 1').default('0'),
  CHAVEIRO_DEFAULT_MODEL: z
    .string()
    .regex(/^[a-z0-9-]+\/.+$/, 'provider/model, for example openai/gpt-5.2')
    .optional(),
  ANTHROPIC_API_KEY: text,
  ANTHROPIC_BASE_URL: httpUrl.optional(),
  OPENAI_API_KEY: text,
  OPENAI_BASE_URL: httpUrl.optional(),
  GOOGLE_GENERATIVE_AI_API_KEY: text,
  GOOGLE_BASE_URL: httpUrl.optional(),
  OPENAI_COMPATIBLE_BASE_URL: httpUrl.optional(),
  OPENAI_COMPATIBLE_API_KEY: text,
  OPENAI_COMPATIBLE_MODELS: list,
  CHAVEIRO_MODEL_PRICES: list
    .refine((prices) => prices.every((price) => PRICE.test(price)), PRICE_MEANING)
    .transform((prices) => new Map(prices.flatMap(priceOf))),
})

/** The settings as they were read, by the names of their variables. */
export type Environment = z.output<typeof environmentSchema>

/** The names of every setting, for the test of the documentation. */
export const SETTINGS = Object.keys(environmentSchema.shape)

/** `.env` of the working directory, where there is one; the real environment wins. */
export function readEnvironment(): NodeJS.ProcessEnv {
  try {
    process.loadEnvFile()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return process.env
}

/** @throws ConfigError with every problem at once. */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const { config, problems } = readConfig(environment)
  if (problems.length === 0) return config
  // A migration needs no key, so the lack of one alone is the server's to refuse, when it opens its keys.
  const keyless = config.production && config.encryptionKey === undefined && config.encryptionKeyFile === undefined
  throw new ConfigError(keyless ? [...problems, KEY_MISSING] : problems)
}

const KEY_MISSING =
  'MCP_ENCRYPTION_KEY not set; in production set it or MCP_ENCRYPTION_KEY_FILE. `chaveiro keys generate` makes a key'

/** Every problem, and the configuration without the settings that are at fault: enough to look for further ones. */
export function readConfig(environment: NodeJS.ProcessEnv): { config: Config; problems: readonly string[] } {
  // An empty value is what a commented-out line of a compose file leaves behind: the same as none.
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  )
  const issues = environmentSchema.safeParse(given).error?.issues ?? []
  const faulty = new Set(issues.map(({ path }) => String(path[0])))
  const settings = environmentSchema.parse(
    Object.fromEntries(Object.entries(given).filter(([name]) => !faulty.has(name))),
  )
  const urls = providerUrls(given as Record<string, string>)
  const trusted = parseTrustedIssuers(settings.CHAVEIRO_TRUSTED_ISSUERS, publicUrlOf(settings))
  const oauth = parseClients(settings.CHAVEIRO_OAUTH_CLIENTS)
  const problems = [
    ...issues.map(({ path, message }) => `${path.join('.')} must be ${message}${shownValue(String(path[0]), given)}`),
    ...urls.problems,
    ...trusted.problems,
    ...oauth.problems,
    ...contradictions(settings, faulty),
  ]
  const lists = {
    providerApiUrls: urls.urls,
    ...providerAppsOf(given as Record<string, string>),
    trustedIssuers: trusted.issuers,
    oauthClients: oauth.clients,
  }
  return { config: configOf(settings, lists), problems }
}

/** Settings whose value may be repeated: numbers, or a word of a list. The rest may hold a secret, addresses included. */
const SHOWN_SETTINGS =
  /^(NODE_ENV|PORT|LOG_LEVEL|CHAVEIRO_SIGN_UP|CHAVEIRO_CONFORMANCE|CHAVEIRO_LIMITS_STORE|CHAVEIRO_MODEL_PRICES|.*_(PER_MINUTE|POOL_SIZE|CACHE_SIZE|HOPS|CALLS|TOOLS_SHOWN)|CHAVEIRO_(CONNECTION_IDLE|RUN|RUNS)_[A-Z_]+)$/
const LONGEST_SHOWN = 40

function shownValue(name: string, given: Readonly<Record<string, string | undefined>>): string {
  const value = given[name] ?? ''
  return SHOWN_SETTINGS.test(name) && value.length <= LONGEST_SHOWN ? `, not ${JSON.stringify(value)}` : ''
}

function publicUrlOf(settings: Environment): string {
  return settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`
}

function configOf(
  settings: Environment,
  lists: Pick<Config, 'providerApiUrls' | 'providerApps' | 'incompleteApps' | 'trustedIssuers' | 'oauthClients'>,
): Config {
  const production = settings.NODE_ENV === 'production'
  return {
    production,
    host: settings.HOST,
    port: settings.PORT,
    publicUrl: publicUrlOf(settings),
    allowedHosts: settings.CHAVEIRO_ALLOWED_HOSTS,
    trustedProxyHops: settings.CHAVEIRO_TRUSTED_PROXY_HOPS,
    dataDirectory: resolve(settings.CHAVEIRO_DATA_DIR),
    databaseUrl: settings.DATABASE_URL,
    databaseOwnerUrl: settings.DATABASE_OWNER_URL,
    databasePoolSize: settings.DATABASE_POOL_SIZE,
    redisUrl: settings.REDIS_URL,
    encryptionKey: settings.MCP_ENCRYPTION_KEY,
    encryptionKeyFile: settings.MCP_ENCRYPTION_KEY_FILE,
    authSecret: settings.CHAVEIRO_AUTH_SECRET,
    signUp: settings.CHAVEIRO_SIGN_UP ?? (production ? 'invitation' : 'open'),
    ...lists,
    remoteServerHosts: settings.CHAVEIRO_REMOTE_SERVER_HOSTS,
    logLevel: settings.LOG_LEVEL,
    limits: limitsOf(settings),
    models: modelsOf(settings),
    metricsToken: settings.CHAVEIRO_METRICS_TOKEN,
    connectionIdleSeconds: settings.CHAVEIRO_CONNECTION_IDLE_SECONDS,
    connectionCacheSize: settings.CHAVEIRO_CONNECTION_CACHE_SIZE,
    mcpToolsShown: settings.CHAVEIRO_MCP_TOOLS_SHOWN,
    conformance: settings.CHAVEIRO_CONFORMANCE === '1',
  }
}

function limitsOf(settings: Environment): LimitsConfig {
  return {
    store: settings.CHAVEIRO_LIMITS_STORE ?? (settings.REDIS_URL === undefined ? 'memory' : 'redis'),
    requestsPerMinute: settings.CHAVEIRO_REQUESTS_PER_MINUTE,
    toolCallsPerMinute: settings.CHAVEIRO_TOOL_CALLS_PER_MINUTE,
    concurrentToolCalls: settings.CHAVEIRO_CONCURRENT_TOOL_CALLS,
    connectsPerMinute: settings.CHAVEIRO_CONNECTS_PER_MINUTE,
    tokenFailuresPerMinute: settings.CHAVEIRO_TOKEN_FAILURES_PER_MINUTE,
    runSteps: settings.CHAVEIRO_RUN_STEPS,
    runTokens: settings.CHAVEIRO_RUN_TOKENS,
    runSeconds: settings.CHAVEIRO_RUN_SECONDS,
    runsPerUser: settings.CHAVEIRO_RUNS_PER_USER,
  }
}

function modelsOf(settings: Environment): ModelsConfiguration {
  return {
    defaultModel: settings.CHAVEIRO_DEFAULT_MODEL,
    anthropicKey: settings.ANTHROPIC_API_KEY,
    anthropicUrl: settings.ANTHROPIC_BASE_URL,
    openaiKey: settings.OPENAI_API_KEY,
    openaiUrl: settings.OPENAI_BASE_URL,
    googleKey: settings.GOOGLE_GENERATIVE_AI_API_KEY,
    googleUrl: settings.GOOGLE_BASE_URL,
    compatibleUrl: settings.OPENAI_COMPATIBLE_BASE_URL,
    compatibleKey: settings.OPENAI_COMPATIBLE_API_KEY,
    compatibleModels: settings.OPENAI_COMPATIBLE_MODELS,
    prices: settings.CHAVEIRO_MODEL_PRICES,
  }
}
