import type { Audit } from '#audit/audit.ts'
import type { Log } from '#kernel/log.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Credential } from '#providers/contract.ts'
import { unknownConnection } from './connection.ts'
import type { ConnectionDeps, ConnectionRow } from './connection.ts'
import { createLeftovers, endLeftover, forgetAnswer, type LeftoverDeps, type Leftovers } from './leftovers.ts'
import { openAnswer, sealAnswer, type AnswerContents } from './renewed-answer.ts'
import { digestOfGrant, expiryOf } from './renewal.ts'
import type { SpooledAnswer } from './spool.ts'
import { lockConnection, updateConnection } from './store.ts'

/**
 * Puts new tokens into their row. They are on disk, sealed, before the row is written and until it is; nobody uses them
 * before. What the database does not take is offered to it again every second, and by the next start of the server.
 */
export interface RenewalKeeper {
  /** The row with the new tokens; `unavailable` where they wait for the database. */
  readonly keep: (row: ConnectionRow, before: Credential, renewed: Credential) => Promise<Outcome<ConnectionRow>>
  /** True while tokens of this connection wait for the database: then the provider must not be asked. */
  readonly isWaiting: (row: Pick<ConnectionRow, 'user_id' | 'id'>) => boolean
  /** Offers what waits to the database once more. Never throws. */
  readonly offerAgain: () => Promise<void>
  /** Takes up what an earlier process could not commit. Asks no provider: what has to be ended there waits for {@link endLeftovers}. */
  readonly takeUp: () => Promise<void>
  readonly endLeftovers: Leftovers['begin']
  readonly close: () => void
}

export interface KeeperDeps extends Pick<ConnectionDeps, 'database' | 'vault' | 'cache' | 'clock'>, LeftoverDeps {
  readonly audit: Audit
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
  /** The name of this installation, which its database keeps. */
  readonly installation: string
}

/** Milliseconds between two offers: other processes wait for longer before they take over. */
const OFFER_INTERVAL_MS = 1_000
const RETRY_SECONDS = 5

interface Waiting {
  readonly key: string
  readonly answer: SpooledAnswer
  /** Where it lies on disk; null where the disk did not take it. */
  readonly name: string | null
}

interface Kept {
  readonly row: ConnectionRow | undefined
  readonly isRenewed: boolean
  /** Tokens of a grant that no row holds any more. */
  readonly leftover?: AnswerContents
}

export function createRenewalKeeper(deps: KeeperDeps): RenewalKeeper {
  const waiting = new Set<Waiting>()
  const leftovers = createLeftovers(deps)
  let timer: NodeJS.Timeout | undefined

  function offerLater(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      void offerAgain()
    }, OFFER_INTERVAL_MS).unref()
  }

  async function offerAgain(): Promise<void> {
    for (const entry of waiting) {
      try {
        const kept = await commit(deps, entry.answer)
        waiting.delete(entry)
        await settle(deps, leftovers, { ...entry, kept })
      } catch (error) {
        deps.log.warn({ connection_id: entry.answer.connection_id, error }, 'Renewed tokens wait for the database')
      }
    }
    if (waiting.size > 0) offerLater()
  }

  return {
    async keep(row, before, renewed) {
      const answer = sealAnswer(deps, { installation: deps.installation, row, before, renewed })
      const name = await deps.spool.write(answer).catch((error: unknown) => {
        deps.log.error({ connection_id: row.id, error }, 'Renewed tokens could not be written to disk')
        return null
      })
      try {
        return await commitNow(deps, answer, name)
      } catch (error) {
        waiting.add({ key: keyOf(row), answer, name })
        offerLater()
        deps.log.error({ connection_id: row.id, error }, 'Renewed tokens wait for the database')
        return waitForDatabase()
      }
    },
    isWaiting(row) {
      const key = keyOf(row)
      return [...waiting].some((entry) => entry.key === key)
    },
    offerAgain,
    async takeUp() {
      const found = await deps.spool.read()
      for (const { name, answer } of found) {
        waiting.add({ key: keyOf({ user_id: answer.user_id, id: answer.connection_id }), answer, name })
      }
      if (found.length > 0) deps.log.warn({ count: found.length }, 'Renewed tokens of an earlier process are taken up')
      await offerAgain()
    },
    endLeftovers: leftovers.begin,
    close() {
      leftovers.close()
      clearTimeout(timer)
    },
  }
}

/** What a call answers while the tokens that it needs wait for the database. */
export function waitForDatabase(): ReturnType<typeof failure> {
  return failure('unavailable', 'New access was received and could not be stored yet. Nothing is lost; try again.', {
    retryAfterSeconds: RETRY_SECONDS,
  })
}

/** For a caller who waits. */
async function commitNow(
  deps: KeeperDeps,
  answer: SpooledAnswer,
  name: string | null,
): Promise<Outcome<ConnectionRow>> {
  const kept = await commit(deps, answer)
  if (!kept.ok) return kept
  const { row, leftover: contents } = kept.value
  await (contents === undefined ? forgetAnswer(deps, name) : endLeftover(deps, { answer, name, contents }))
  return row === undefined ? unknownConnection() : success(row)
}

/** What follows once the database has decided. What nobody here can open stays on disk: a start with its key can. */
async function settle(
  deps: KeeperDeps,
  leftovers: Leftovers,
  { answer, name, kept }: Waiting & { readonly kept: Outcome<Kept> },
): Promise<void> {
  if (!kept.ok) return deps.log.error(noteOf(answer, kept.problem.reason), 'Renewed tokens cannot be opened')
  const { leftover: contents } = kept.value
  if (contents === undefined) return forgetAnswer(deps, name)
  if (isOwn(deps, answer)) return leftovers.add({ answer, name, contents })
  deps.log.warn(noteOf(answer, ''), 'Renewed tokens of another installation are left as they are')
}

function keyOf({ user_id, id }: Pick<ConnectionRow, 'user_id' | 'id'>): string {
  return `${user_id}:${id}`
}

function noteOf({ connection_id, key_id }: SpooledAnswer, reason: string | undefined) {
  return { connection_id, key_id, reason: reason ?? '' }
}

/**
 * A copied folder beside another database holds tokens of grants that are in use elsewhere. That this database has no row
 * for them says nothing there.
 */
function isOwn({ installation }: KeeperDeps, answer: SpooledAnswer): boolean {
  return answer.installation === installation
}

/**
 * Fails where it does not open, which no later attempt would change.
 * @throws where the database does not take it
 */
async function commit(deps: KeeperDeps, answer: SpooledAnswer): Promise<Outcome<Kept>> {
  const opened = openAnswer(deps, answer)
  if (!opened.ok) return opened
  const contents = opened.value
  const { continues, credential } = contents
  const userId = answer.user_id
  const kept = await deps.database.asUser(userId, async (tx): Promise<Kept> => {
    const row = await lockConnection(userId, tx, answer.connection_id)
    if (row === undefined) return { row, isRenewed: false, leftover: contents }
    // Renewed by another process: what is there continues the same grant, and ending these might end it.
    if (grantIn(deps, row) !== continues) {
      return { row, isRenewed: false, ...(isGivenAgain(row, contents) ? { leftover: contents } : {}) }
    }
    const version = row.version + 1
    const context = { userId, provider: row.provider, connectionId: row.id, version }
    const sealed = deps.vault.seal(context, credential)
    const now = deps.clock.now()
    const changed = await updateConnection(
      userId,
      tx,
      { id: row.id, version: row.version },
      {
        ...expiryOf(credential, now),
        encrypted_credentials: sealed.token,
        binding_tag: sealed.bindingTag,
        key_id: sealed.keyId,
        version,
        renewal_claim: null,
        last_success_at: now,
        // Another process may have taken the silence of this one for the end of the grant.
        ...(row.status === 'needs_reauthorization' ? { status: 'connected' as const, status_reason: null } : {}),
      },
    )
    if (changed === undefined) throw new Error('A locked row was written by somebody else')
    return { row: changed, isRenewed: true }
  })
  deps.cache.drop(userId)
  await recordKept(deps, answer, kept)
  return success(kept)
}

/** True where the user has connected again since: the row holds another grant, and nobody holds the one before. */
function isGivenAgain(row: ConnectionRow, { granted_at: grantedAt }: AnswerContents): boolean {
  return grantedAt !== undefined && row.connected_at.toISOString() !== grantedAt
}

function grantIn({ vault }: Pick<KeeperDeps, 'vault'>, row: ConnectionRow): string | null {
  const opened = vault.open(
    { userId: row.user_id, provider: row.provider, connectionId: row.id, version: row.version },
    { token: row.encrypted_credentials, bindingTag: row.binding_tag, keyId: row.key_id },
  )
  return opened.ok ? digestOfGrant(opened.value) : null
}

/** The tokens are in their row by now: that their event is missing must not make anyone ask for others. */
async function recordKept(deps: KeeperDeps, answer: SpooledAnswer, { row, isRenewed }: Kept): Promise<void> {
  const event = {
    userId: answer.user_id,
    type: isRenewed ? 'connection.renewed' : 'connection.renewal_discarded',
    outcome: 'success',
    actor: { kind: 'system' },
    target: { kind: 'connection', id: answer.connection_id, provider: answer.provider, label: row?.label ?? '' },
    details: row === undefined ? {} : { version: row.version },
  } as const
  await deps.audit.record(event).catch((error: unknown) => {
    deps.log.error({ connection_id: answer.connection_id, error }, 'A renewal could not be recorded')
  })
}
