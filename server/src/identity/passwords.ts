import { hashPassword, verifyPassword } from 'better-auth/crypto'
import { ProblemError } from '#kernel/problem.ts'

/** How passwords are hashed and compared: scrypt with the login library's own parameters (64 MB, tens of milliseconds). */
export interface Passwords {
  /** @throws ProblemError `unavailable` where too many wait already. */
  readonly hash: (password: string) => Promise<string>
  /** @throws ProblemError as {@link Passwords.hash}. */
  readonly verify: (given: { readonly hash: string; readonly password: string }) => Promise<boolean>
}

/**
 * Hashes at the same time. They run in libuv's four threads, where file and name look-ups of every other request wait, and
 * take 64 MB each.
 */
const PLACES = 2
/** Waiting behind them. More would wait longer than a client does. */
const WAITING_MAXIMUM = 100
const BUSY_RETRY_SECONDS = 5

const SCRYPT: Passwords = { hash: hashPassword, verify: verifyPassword }

/** @param algorithm for tests, where hundreds of accounts are made; anything else keeps the default. */
export function createPasswords(algorithm: Passwords = SCRYPT): Passwords {
  const waiting: (() => void)[] = []
  let working = 0

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (working < PLACES) working += 1
    else await place()
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      // The place goes straight to who waits longest.
      if (next === undefined) working -= 1
      else next()
    }
  }

  function place(): Promise<void> {
    if (waiting.length >= WAITING_MAXIMUM) {
      throw new ProblemError({
        code: 'unavailable',
        detail: 'Too many people sign in at this moment. Try again in a few seconds.',
        retryAfterSeconds: BUSY_RETRY_SECONDS,
      })
    }
    return new Promise((resolve) => waiting.push(resolve))
  }

  return {
    hash: (password) => inTurn(() => algorithm.hash(password)),
    verify: (given) => inTurn(() => algorithm.verify(given)),
  }
}
