import type { Database, Transaction } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import { failure, ProblemError } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import { CONNECT_ERROR } from '#connections/connection.ts'
import { principalOf, readSessionToken, standingOf, type ConnectSessionRow } from './session.ts'
import { findSession, trimSessions, useSession } from './store.ts'

export interface OpenSessionDeps {
  readonly database: Database
  readonly clock: Clock
  /** Whether the session, token or client that made the link would still be let in. */
  readonly stillValid: (principal: Principal) => Promise<boolean>
}

/** A link that somebody follows. */
export interface OpenedSession {
  readonly standing: 'open' | 'used' | 'expired'
  readonly row: ConnectSessionRow
  readonly principal: Principal
  /** As it stood in the link. */
  readonly token: string
  /**
   * Uses the link up, in the transaction that stores what was connected by it: both happen, or neither.
   * @throws ProblemError where it was used or ran out meanwhile
   */
  readonly use: (tx: Transaction) => Promise<void>
}

/** @returns null for what never was, was removed, is of another provider, or whose maker is let in no more */
export async function openSession(
  deps: OpenSessionDeps,
  { token, provider }: { readonly token: string; readonly provider: string },
): Promise<OpenedSession | null> {
  const read = readSessionToken(token)
  if (read === null) return null
  const row = await deps.database.asUser(read.userId, (tx) => findSession(read.userId, tx, read.hash))
  if (row === undefined || row.provider !== provider) return null
  const principal = principalOf(row)
  if (!(await deps.stillValid(principal))) return null
  const standing = standingOf(row, deps.clock.now())
  return { standing, row, principal, token, use: (tx) => use(deps, row, tx) }
}

async function use({ clock }: OpenSessionDeps, { user_id: userId, id }: ConnectSessionRow, tx: Transaction) {
  if (await useSession(userId, tx, { id, now: clock.now() })) return
  const detail = 'This link was used already, or its time is over. Nothing was stored; ask for a new one.'
  throw new ProblemError(failure('conflict', detail, { extra: { [CONNECT_ERROR]: 'unknown' } }).problem)
}

/**
 * Ends a link by which nothing is to be connected.
 * @returns false where it was used or over before
 */
export async function endSession(
  { database, clock }: Pick<OpenSessionDeps, 'database' | 'clock'>,
  { row: { user_id: userId, id } }: Pick<OpenedSession, 'row'>,
): Promise<boolean> {
  return database.asUser(userId, (tx) => useSession(userId, tx, { id, now: clock.now() }))
}

/** Removes every link of a user. */
export async function dropSessions(userId: number, tx: Transaction): Promise<void> {
  await trimSessions(userId, tx, 0)
}
