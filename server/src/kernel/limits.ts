import ipaddr from 'ipaddr.js'
import { Redis } from 'ioredis'
import {
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible'
import { failure, success, type Outcome } from './problem.ts'

/**
 * How often somebody may do something. Counts are shared by all replicas through PostgreSQL or Redis, one atomic step each,
 * in fixed windows: across the edge of two windows up to twice the points can pass.
 *
 * While the shared store does not answer, each replica counts in its own memory: limits become looser by the number of
 * replicas, but neither does everybody get in freely nor is everybody locked out.
 */

export interface LimitSetting {
  readonly points: number
  readonly windowSeconds: number
}

/** Every named limit with its default. Keys are user ids, addresses ({@link addressKey}) or digests, never secrets. */
export const DEFAULT_LIMITS = {
  /** Requests of one user, whatever token or protocol they come by: ten a second. */
  requests: { points: 600, windowSeconds: 60 },
  /** Tool calls of one user. The providers themselves allow about three requests a second. */
  toolCalls: { points: 180, windowSeconds: 60 },
  /** Attempts to connect: each one is a request to a provider with a key that may be guessed. */
  connects: { points: 20, windowSeconds: 60 },
  /** Wrong passwords for one account from one address. */
  signInAccountAddress: { points: 10, windowSeconds: 900 },
  /** Wrong passwords from one address for any account: stuffing. High enough for an office behind one address. */
  signInAddress: { points: 50, windowSeconds: 900 },
  /** Wrong passwords for one account from anywhere that are recorded one by one. They never refuse anybody. */
  signInAccount: { points: 200, windowSeconds: 3_600 },
  /** Records that one account has more of them. */
  signInAccountAlarm: { points: 1, windowSeconds: 3_600 },
  /** Wrong passwords of everyone together that are recorded one by one. They never refuse anybody. */
  signInGlobal: { points: 600, windowSeconds: 60 },
  /** Records that the instance has more of them. */
  signInGlobalAlarm: { points: 1, windowSeconds: 60 },
  /** Accounts asked for from one address. */
  signUpAddress: { points: 30, windowSeconds: 3_600 },
  /** Other e-mail addresses that one user asks for: nobody has more in a day, and each one tells whether it is taken. */
  emailChanges: { points: 5, windowSeconds: 86_400 },
  /** Refused tokens from one address. */
  tokenFailures: { points: 60, windowSeconds: 60 },
  /** Authorization requests from one address: each one is a row for ten minutes. */
  clientAuthorizations: { points: 300, windowSeconds: 60 },
  /** OAuth clients that register themselves from one address: a person sets up a few, an office behind one address some dozens. */
  clientRegistrations: { points: 60, windowSeconds: 3_600 },
  /** Documents of OAuth clients fetched for one address: each one is a request to a host that it named. */
  clientDocuments: { points: 60, windowSeconds: 60 },
} as const satisfies Record<string, LimitSetting>

export type LimitName = keyof typeof DEFAULT_LIMITS

export type Taken = { readonly ok: true } | { readonly ok: false; readonly retryAfterSeconds: number }

/** What was taken as an outcome: a refusal is `rate_limited` with this sentence and the seconds to wait. */
export function outcomeOfTaken(taken: Taken, detail: string): Outcome<null> {
  if (taken.ok) return success(null)
  return failure('rate_limited', detail, { retryAfterSeconds: taken.retryAfterSeconds })
}

export interface Limit {
  /** Counts `cost` points (1 by default) against a key, all or nothing being allowed. Never rejects. */
  readonly take: (key: string | number, cost?: number) => Promise<Taken>
  /** Undoes a `take` of an attempt that turned out to be fine. Never rejects. */
  readonly giveBack: (key: string | number, cost?: number) => Promise<void>
}

export interface Limits extends Readonly<Record<LimitName, Limit>> {
  readonly close: () => Promise<void>
}

export type LimitStore =
  | { readonly kind: 'memory' }
  | {
      readonly kind: 'postgres'
      /** Runs one statement with `$1` parameters as a role that may write the table `rate_limits`. */
      readonly query: (statement: string, parameters: readonly unknown[]) => Promise<readonly unknown[]>
    }
  | { readonly kind: 'redis'; readonly url: string }

export interface LimitsOptions {
  readonly store: LimitStore
  readonly settings?: Partial<Record<LimitName, LimitSetting>>
  /** Told of every failure of the store, for the metric and (rarely) the log. */
  readonly onStoreError: (error: Error) => void
}

/** Milliseconds for one Redis command: a slow limit must not become the slowest part of a request. */
const REDIS_COMMAND_TIMEOUT_MS = 500

/** A store that is away refuses nobody: until it is back, each process counts alone. */
export function createLimits(options: LimitsOptions): Limits {
  const backend = openBackend(options)
  const limits = {} as Record<LimitName, Limit>
  for (const name of Object.keys(DEFAULT_LIMITS) as LimitName[]) {
    const { points, windowSeconds } = options.settings?.[name] ?? DEFAULT_LIMITS[name]
    const memory = new RateLimiterMemory({ keyPrefix: name, points, duration: windowSeconds })
    limits[name] = createLimit(backend.limiter({ keyPrefix: name, points, duration: windowSeconds }) ?? memory, {
      memory,
      onStoreError: options.onStoreError,
    })
  }
  return { ...limits, close: backend.close }
}

interface LimiterOptions {
  readonly keyPrefix: string
  readonly points: number
  readonly duration: number
}

interface Backend {
  /** The shared limiter, or null where memory alone counts. */
  readonly limiter: (options: LimiterOptions) => RateLimiterAbstract | null
  readonly close: () => Promise<void>
}

function openBackend({ store, onStoreError }: LimitsOptions): Backend {
  if (store.kind === 'memory') return { limiter: () => null, close: async () => {} }
  if (store.kind === 'postgres') return postgresBackend(store.query)
  const redis = new Redis(store.url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: REDIS_COMMAND_TIMEOUT_MS,
  })
  // Without a listener a lost connection would end the process; ioredis reconnects by itself.
  redis.on('error', onStoreError)
  return {
    limiter: (options) => new RateLimiterRedis({ ...options, storeClient: redis, rejectIfRedisNotReady: true }),
    close: async () => redis.disconnect(),
  }
}

function postgresBackend(query: (statement: string, parameters: readonly unknown[]) => Promise<readonly unknown[]>) {
  const limiters: RateLimiterPostgres[] = []
  const storeClient = {
    async query({ text, values }: { text: string; values: unknown[] }) {
      const rows = await query(text, values)
      return { rows, rowCount: rows.length }
    },
  }
  const backend: Backend = {
    limiter(options) {
      const limiter = new RateLimiterPostgres({
        ...options,
        storeClient,
        storeType: 'client',
        tableName: 'rate_limits',
        tableCreated: true,
        // One limiter sweeps the table for all of them.
        clearExpiredByTimeout: limiters.length === 0,
      })
      limiters.push(limiter)
      return limiter
    },
    async close() {
      const sweeper = limiters[0] as unknown as { _clearExpiredTimeoutId?: NodeJS.Timeout } | undefined
      clearTimeout(sweeper?._clearExpiredTimeoutId)
    },
  }
  return backend
}

interface Fallback {
  readonly memory: RateLimiterMemory
  readonly onStoreError: (error: Error) => void
}

function createLimit(shared: RateLimiterAbstract, { memory, onStoreError }: Fallback): Limit {
  return {
    async take(key, cost = 1) {
      try {
        return await consume(shared, key, cost)
      } catch (error) {
        onStoreError(asError(error))
        return consume(memory, key, cost)
      }
    },
    async giveBack(key, cost = 1) {
      try {
        await shared.reward(key, cost)
      } catch (error) {
        onStoreError(asError(error))
      }
    },
  }
}

/** @throws what the store throws; a refusal is a value. */
async function consume(limiter: RateLimiterAbstract, key: string | number, cost: number): Promise<Taken> {
  try {
    await limiter.consume(key, cost)
    return { ok: true }
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused
    const millisecondsPerSecond = 1_000
    return { ok: false, retryAfterSeconds: Math.max(1, Math.ceil(refused.msBeforeNext / millisecondsPerSecond)) }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

/** One host usually holds a whole /64 of IPv6 (RFC 6177): counting single addresses would count nothing. */
const IPV6_HOST_PREFIX_PARTS = 4

/** The key under which an address is counted: IPv4 as it is, IPv6 by its /64, mapped IPv4 as IPv4. */
export function addressKey(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  const parts = (parsed as ipaddr.IPv6).parts.slice(0, IPV6_HOST_PREFIX_PARTS)
  return `${parts.map((part) => part.toString(16)).join(':')}::/64`
}
