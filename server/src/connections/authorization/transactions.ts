import { createHash } from 'node:crypto'
import { endingsOf } from '#connections/standing.ts'
import type { Database, Transaction } from '#db/database.ts'
import { MILLISECONDS_PER_MINUTE, type Clock } from '#kernel/clock.ts'
import type { Principal } from '#kernel/principal.ts'
import { transactionContext, type TransactionKey } from '#vault/context.ts'
import type { Vault } from '#vault/seal.ts'
import { insertTransaction, takeTransactionRow, trimTransactions, type TransactionRow } from './store.ts'

/**
 * Round trips to a provider that have begun and have not come back: sealed, used once, soon over, and bound to the user,
 * to the browser session and to the provider that they were begun with.
 */

export interface TransactionDeps {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
}

/** What the way back needs; sealed, so it may hold the PKCE verifier and a client's secret. */
export type TransactionContents = Readonly<Record<string, unknown>>

/** Minutes for a person to sign in at the provider and to decide. */
const TRANSACTION_MINUTES = 10
/** Of one user at a time. A person has one or two; the oldest goes when there are more. */
const MAXIMUM_OPEN_TRANSACTIONS = 10

export interface TransactionStart {
  readonly provider: string
  readonly state: string
  readonly contents: TransactionContents
  /** What `endingsOf` said when the way began; now where absent, because nothing came before. */
  readonly begunAfter?: number
}

/** Where the contents say after how many endings the way began. */
const BEGUN_AFTER = 'begun_after'

/** @returns when it is over */
export async function beginTransaction(
  deps: TransactionDeps,
  principal: Principal,
  { provider, state, contents, begunAfter }: TransactionStart,
): Promise<Date> {
  const { userId } = principal
  const now = deps.clock.now()
  const expiresAt = new Date(now.getTime() + TRANSACTION_MINUTES * MILLISECONDS_PER_MINUTE)
  const key = { userId, stateHash: hashOf(state), provider, sessionHash: startedBy(principal) }
  const endings = begunAfter ?? (await endingsOf(deps, userId))
  const sealed = deps.vault.seal(transactionContext(key), { ...contents, [BEGUN_AFTER]: endings })
  await deps.database.asUser(userId, async (tx) => {
    await trimTransactions(userId, tx, { now, kept: MAXIMUM_OPEN_TRANSACTIONS - 1 })
    await insertTransaction(userId, tx, {
      state_hash: key.stateHash,
      provider,
      session_hash: key.sessionHash,
      encrypted_transaction: sealed.token,
      binding_tag: sealed.bindingTag,
      key_id: sealed.keyId,
      created_at: now,
      expires_at: expiresAt,
    })
  })
  return expiresAt
}

/**
 * Why a round trip cannot be finished. `unknown` is all that is said of one that was finished before, that was trimmed, that
 * never was, and that is another user's.
 */
export type TransactionFault = 'unknown' | 'expired' | 'other_browser' | 'other_provider'

export type TakenTransaction =
  | {
      readonly ok: true
      readonly contents: TransactionContents
      /** To be compared when something is stored: whether the user's connections have been ended since it began. */
      readonly begunAfter: number
    }
  | {
      readonly ok: false
      readonly fault: TransactionFault
      /** Only where nothing but the time is against it. */
      readonly contents?: TransactionContents
    }

/** Longer than any state that we make. */
const MAXIMUM_STATE_LENGTH = 100

/**
 * Removes the transaction of a state, and hands it out where it is the caller's: of this user, of this browser session (or
 * begun with a token, which knows no browser), of this provider, in time. Whatever is wrong, it cannot be used again.
 * @param principal of a browser session, or of a link for connecting; any other finds nothing
 */
export async function takeTransaction(
  deps: TransactionDeps,
  principal: Principal,
  { provider, state }: { readonly provider: string; readonly state: string | null },
): Promise<TakenTransaction> {
  const { userId, via } = principal
  if (state === null || state.length > MAXIMUM_STATE_LENGTH) return { ok: false, fault: 'unknown' }
  const isLink = principal.connectSessionId !== undefined
  if (via.kind !== 'session' && !isLink) return { ok: false, fault: 'other_browser' }
  const stateHash = hashOf(state)
  const row = await deps.database.asUser(userId, (tx) => takeTransactionRow(userId, tx, stateHash))
  if (row === undefined) return { ok: false, fault: 'unknown' }
  const starters = [startedBy(principal), ...(isLink ? [] : [ofAnySession(userId)])]
  if (!starters.includes(row.session_hash)) {
    return { ok: false, fault: 'other_browser' }
  }
  if (row.provider !== provider) return { ok: false, fault: 'other_provider' }
  const contents = openTransaction(deps.vault, row, { userId, stateHash, provider, sessionHash: row.session_hash })
  if (contents === undefined) return { ok: false, fault: 'unknown' }
  if (row.expires_at <= deps.clock.now()) return { ok: false, fault: 'expired', contents }
  const begunAfter = contents[BEGUN_AFTER]
  // A way without the number began before endings were counted, and so before the first.
  return { ok: true, contents, begunAfter: typeof begunAfter === 'number' ? begunAfter : 0 }
}

function openTransaction(vault: Vault, row: TransactionRow, key: TransactionKey): TransactionContents | undefined {
  const sealed = { token: row.encrypted_transaction, bindingTag: row.binding_tag, keyId: row.key_id }
  const opened = vault.open(transactionContext(key), sealed)
  return opened.ok ? opened.value : undefined
}

/** A program with a token has no browser; its user finishes in any session of theirs, but not by a link. */
function startedBy({ userId, via, connectSessionId }: Principal): string {
  if (connectSessionId !== undefined) return hashOf(`connect_session:${userId}:${connectSessionId}`)
  return via.kind === 'session' ? hashOf(`session:${via.id}`) : ofAnySession(userId)
}

function ofAnySession(userId: number): string {
  return hashOf(`user:${userId}`)
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Closes every way back that is open for a user. */
export async function dropTransactions(userId: number, tx: Transaction, now: Date): Promise<void> {
  await trimTransactions(userId, tx, { now, kept: 0 })
}
