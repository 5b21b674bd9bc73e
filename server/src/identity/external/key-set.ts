import { createLocalJWKSet, errors, type CryptoKey, type JWK, type JWTHeaderParameters } from 'jose'
import type { Clock } from '#kernel/clock.ts'

/** The public keys of one issuer, as they were when they were last asked for. */
export interface KeySet {
  /**
   * The one key that a token names.
   * @throws errors.JOSEError where there is none; KeysUnavailableError where it cannot be told
   */
  readonly keyFor: (header: JWTHeaderParameters) => Promise<CryptoKey>
}

/** The issuer does not answer, and what it answered last is too old to go by. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError'
}

/** How long keys count as the issuer's present ones: a key that it withdraws is used no longer than this. */
const FRESH_MS = 10 * 60_000
/** How long they are used while the issuer does not answer: most tokens live an hour, and a dead issuer makes none. */
const USABLE_MS = 60 * 60_000
/** Between two requests on account of an unknown key: anybody can make those up, and the issuer must not pay for it. */
const UNKNOWN_KEY_COOLDOWN_MS = 10_000
/** Between two requests to an issuer that did not answer. */
export const FAILURE_COOLDOWN_MS = 5_000
/** Keys of one issuer; while it rotates it shows two or three. */
const KEYS_MAXIMUM = 100
/** Base64url characters of a modulus of 2,048 bits; shorter RSA keys are refused (RFC 7518 3.3). */
const SHORTEST_MODULUS = 342

export interface KeySetOptions {
  /** Asks the issuer. Rejects where it does not answer well. */
  readonly fetchKeys: () => Promise<readonly JWK[]>
  readonly clock: Clock
  readonly onFailure: (error: unknown) => void
}

interface Loaded {
  readonly select: ReturnType<typeof createLocalJWKSet>
  readonly at: number
}

export function createKeySet({ fetchKeys, clock, onFailure }: KeySetOptions): KeySet {
  const now = () => clock.now().getTime()
  let loaded: Loaded | undefined
  let askAgainAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | undefined

  async function ask(): Promise<void> {
    askAgainAt = now() + UNKNOWN_KEY_COOLDOWN_MS
    try {
      const keys = (await fetchKeys()).filter(isPublicSigningKey).slice(0, KEYS_MAXIMUM)
      loaded = { select: createLocalJWKSet({ keys }), at: now() }
    } catch (error) {
      askAgainAt = now() + FAILURE_COOLDOWN_MS
      onFailure(error)
    }
  }

  /** Those who come while it is being asked wait for the same answer. */
  async function askUnlessJustDone(): Promise<void> {
    if (asking === undefined && now() < askAgainAt) return
    asking ??= ask().finally(() => (asking = undefined))
    await asking
  }

  async function select(header: JWTHeaderParameters): Promise<CryptoKey> {
    if (loaded === undefined || now() - loaded.at > USABLE_MS) throw new KeysUnavailableError()
    try {
      return await loaded.select(header)
    } catch (error) {
      if (error instanceof errors.JOSEError) throw error
      onFailure(error) // the issuer shows a key that is none
      throw new errors.JWKSNoMatchingKey()
    }
  }

  return {
    async keyFor(header) {
      if (loaded === undefined || now() - loaded.at > FRESH_MS) await askUnlessJustDone()
      try {
        return await select(header)
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
        await askUnlessJustDone()
        return select(header)
      }
    },
  }
}

/** A shared or private key in a public place signs for everybody. */
function isPublicSigningKey(key: JWK): boolean {
  if (key.d !== undefined || key.k !== undefined) return false
  if (key.kty === 'RSA') return typeof key.n === 'string' && key.n.length >= SHORTEST_MODULUS
  return key.kty === 'EC' || key.kty === 'OKP'
}
