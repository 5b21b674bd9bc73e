import { randomUUID } from 'node:crypto'
import { setTimeout as pauseFor } from 'node:timers/promises'
import { withDeadline } from '#kernel/deadline.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Credential } from '#providers/contract.ts'
import type { Vault } from '#vault/seal.ts'
import { needsReauthorization, unknownConnection } from './connection.ts'
import type { ConnectionDeps, ConnectionRow } from './connection.ts'
import { createRenewalKeeper, waitForDatabase, type KeeperDeps, type RenewalKeeper } from './keep-renewal.ts'
import { markReauthorization } from './mark.ts'
import { isDue, refreshTokenOf, renewedCredential, type Renewal, type RenewGrant } from './renewal.ts'
import { keysOfAnswers, resealAnswers, type Resealed } from './renewed-answer.ts'
import { claimRenewal, findConnection, releaseRenewal } from './store.ts'

/**
 * Renews access that ends, with one request to the provider however many calls wait for it: in this process they share
 * one flight; between processes the one that holds the claim in the row asks, and the others read the row until it has
 * new tokens. No transaction is open meanwhile. New tokens are committed before anyone uses them, and only an answer that
 * says so ends a grant.
 */
export interface Refresher {
  /** The credential, renewed first where it is about to end. */
  readonly fresh: (userId: number, row: ConnectionRow, why?: Occasion) => Promise<Outcome<Current>>
  /** New tokens that lie on disk until the database has them. */
  readonly waiting: Pick<RenewalKeeper, 'takeUp' | 'endLeftovers'> & {
    readonly reseal: () => Promise<Resealed>
    readonly keysInUse: () => Promise<ReadonlyMap<string, number>>
  }
  /** Waits for the requests under way. */
  readonly close: () => Promise<void>
}

export interface Current {
  readonly row: ConnectionRow
  readonly credential: Credential
}

/** Why to renew what need not have ended yet. */
export interface Occasion {
  /** The provider refused this credential, whatever its end. */
  readonly rejected?: Credential
  /** Its time in the background has come. */
  readonly isAhead?: boolean
}

export interface RefresherDeps
  extends KeeperDeps, Pick<ConnectionDeps, 'database' | 'vault' | 'cache' | 'clock' | 'registry' | 'publicUrl'> {
  readonly renewGrant: RenewGrant
  /** Fails while the owner has cut the provider off. */
  readonly checkBlock: (provider: string) => Outcome<null>
  /** Replaces the wait between two looks at a row that another process renews. */
  readonly pause?: (milliseconds: number) => Promise<unknown>
}

/** Milliseconds for a token endpoint: calls wait for it. */
const REQUEST_MS = 8_000
/** Milliseconds after which a claim that does not change belongs to a process that died: its request, and time to commit. */
const ABANDONED_MS = 12_000
/** Milliseconds that calls wait for another process; beyond {@link ABANDONED_MS}, so that one of them takes over. */
const LONGEST_WAIT_MS = 25_000
/** Milliseconds between two looks, and what is added at random. */
const LOOK_INTERVAL_MS = 60
const LOOK_JITTER_MS = 60
const RETRY_SECONDS = 5

type Flight = Promise<Outcome<Current>>

export function createRefresher(deps: RefresherDeps): Refresher {
  const keeper = createRenewalKeeper(deps)
  const work = { ...deps, keeper, process: randomUUID(), pause: deps.pause ?? ((ms: number) => pauseFor(ms)) }
  const flights = new Map<string, Flight>()

  /** The flight of this connection: the one under way, or a new one. */
  function board(userId: number, row: ConnectionRow, why: Occasion): Flight {
    const key = `${userId}:${row.id}`
    const underWay = flights.get(key)
    if (underWay !== undefined) return underWay
    const flight = renew(work, userId, row, why).finally(() => flights.delete(key))
    flights.set(key, flight)
    return flight
  }

  return {
    async fresh(userId, row, why = {}) {
      const isEager = why.rejected !== undefined || why.isAhead === true
      if (!isEager && !isDue(row, deps.clock.now())) return currentOf(deps, userId, row)
      const first = await board(userId, row, why)
      // The flight may have been another's, who was content with what there was.
      const isContent = first.ok && isSame(first.value.credential, why)
      const result = isContent ? await board(userId, first.value.row, why) : first
      return !isEager && isStillGood(result, row, deps.clock.now()) ? currentOf(deps, userId, row) : result
    },
    waiting: { ...keeper, reseal: () => resealAnswers(deps), keysInUse: () => keysOfAnswers(deps) },
    async close() {
      await Promise.allSettled(flights.values())
      keeper.close()
    },
  }
}

/** The provider gave nothing new, and the old token has some seconds left. */
function isStillGood(result: Outcome<Current>, { expires_at }: ConnectionRow, now: Date): boolean {
  return !result.ok && result.problem.code === 'provider_unavailable' && expires_at !== null && expires_at > now
}

interface Work extends RefresherDeps {
  readonly keeper: RenewalKeeper
  /** Begins every claim of this process. */
  readonly process: string
  readonly pause: (milliseconds: number) => Promise<unknown>
}

/** Looks until the row needs nothing more, or until the claim is ours and the provider has answered. */
async function renew(work: Work, userId: number, tried: ConnectionRow, why: Occasion): Promise<Outcome<Current>> {
  const startedAt = work.clock.now().getTime()
  let seen: { readonly claim: string | null; readonly since: number } = { claim: null, since: startedAt }
  while (work.clock.now().getTime() - startedAt < LONGEST_WAIT_MS) {
    if (work.keeper.isWaiting(tried)) await work.keeper.offerAgain()
    if (work.keeper.isWaiting(tried)) return waitForDatabase()
    const row = await work.database.asUser(userId, (tx) => findConnection(userId, tx, tried.id))
    const current = usable(work, userId, row)
    if (!current.ok || !needsRenewal(work, current.value, tried, why)) return current
    const now = work.clock.now().getTime()
    const { renewal_claim: claim } = current.value.row
    if (claim !== seen.claim) seen = { claim, since: now }
    if (claim === null || now - seen.since >= patienceFor(work, claim)) {
      const claimed = `${work.process}:${randomUUID()}`
      const key = { id: tried.id, version: current.value.row.version, claim }
      const isOurs = await work.database.asUser(userId, (tx) => claimRenewal(userId, tx, key, claimed))
      const result = isOurs ? await ask(work, current.value, claimed) : undefined
      if (result !== undefined) return result
    } else await work.pause(LOOK_INTERVAL_MS + Math.random() * LOOK_JITTER_MS)
  }
  return unavailable(work, tried, 'another process asks for it')
}

/**
 * This process has one flight for a connection, so a claim of its own is one that it could not release. The embedded
 * database has one process at a time, so there any other claim is of a process that died.
 */
function patienceFor({ database, process }: Work, claim: string): number {
  return database.engine === 'pglite' || claim.startsWith(process) ? 0 : ABANDONED_MS
}

function usable(work: Work, userId: number, row: ConnectionRow | undefined): Outcome<Current> {
  const provider = work.registry.provider(row?.provider ?? '')
  if (row === undefined) return unknownConnection()
  if (row.status === 'connected' && row.is_active) return currentOf(work, userId, row)
  return needsReauthorization(provider ?? { id: row.provider, name: row.label }, row, work.publicUrl)
}

function needsRenewal(work: Work, { row, credential }: Current, tried: ConnectionRow, why: Occasion): boolean {
  if (refreshTokenOf(credential) === null) return false
  if (why.rejected !== undefined) return isSame(credential, why)
  if (why.isAhead === true && row.version === tried.version) return true
  return isDue(row, work.clock.now())
}

function isSame(credential: Credential, { rejected }: Occasion): boolean {
  return rejected !== undefined && credential['access_token'] === rejected['access_token']
}

/** The one request. Undefined where the row changed meanwhile and has to be looked at again. */
async function ask(work: Work, { row, credential }: Current, claim: string): Promise<Outcome<Current> | undefined> {
  const renewal = await request(work, row, credential)
  if (renewal.kind === 'renewed') {
    const kept = await work.keeper.keep(row, credential, renewedCredential(credential, renewal.tokens))
    return kept.ok ? usable(work, row.user_id, kept.value) : kept
  }
  if (renewal.kind === 'ended') {
    const isMarked = await markReauthorization(work, row, { reason: renewal.reason })
    if (!isMarked) return undefined
    return usable(work, row.user_id, { ...row, status: 'needs_reauthorization' })
  }
  work.log.warn({ connection_id: row.id, provider: row.provider, reason: renewal.reason }, 'Access was not renewed')
  const error = { last_error: renewal.reason, last_error_at: work.clock.now() }
  await work.database.asUser(row.user_id, (tx) => releaseRenewal(row.user_id, tx, { id: row.id, claim }, error))
  return unavailable(work, row, renewal.reason)
}

async function request(work: Work, row: ConnectionRow, credential: Credential): Promise<Renewal> {
  const allowed = work.checkBlock(row.provider)
  if (!allowed.ok) return { kind: 'failed', reason: allowed.problem.detail }
  try {
    // Recorded before it is used: where that cannot be done, nothing leaves for the provider.
    await work.audit.record({
      userId: row.user_id,
      type: 'credential.used',
      outcome: 'success',
      actor: { kind: 'system' },
      target: { kind: 'connection', id: row.id, provider: row.provider, label: row.label },
      details: { purpose: 'renew' },
    })
    return await withDeadline(REQUEST_MS, undefined, (signal) => work.renewGrant(row, credential, signal))
  } catch (error) {
    work.log.warn({ connection_id: row.id, provider: row.provider, error }, 'Asking for new access failed')
    return { kind: 'failed', reason: 'The provider did not answer in time or in a form that makes sense.' }
  }
}

/** The credential of the row as it is; nothing is asked or read. */
export function currentOf(
  { vault }: Pick<RefresherDeps, 'vault'>,
  userId: number,
  row: ConnectionRow,
): Outcome<Current> {
  const opened = openRow(vault, userId, row)
  return opened.ok ? success({ row, credential: opened.value }) : opened
}

function openRow(vault: Vault, userId: number, row: ConnectionRow): Outcome<Credential> {
  return vault.openForCall(
    // The caller's own id, not the row's: a row that came from anywhere else does not open.
    { userId, provider: row.provider, connectionId: row.id, version: row.version },
    { token: row.encrypted_credentials, bindingTag: row.binding_tag, keyId: row.key_id },
  )
}

function unavailable(work: Work, row: ConnectionRow, reason: string): ReturnType<typeof failure> {
  const name = work.registry.provider(row.provider)?.name ?? row.label
  return failure(
    'provider_unavailable',
    `The access to ${name} has ended and could not be renewed now. The connection is kept; try again in ${RETRY_SECONDS} seconds.`,
    { retryAfterSeconds: RETRY_SECONDS, reason },
  )
}
