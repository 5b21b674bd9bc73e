import type { Clock } from '#kernel/clock.ts'
import type { ConnectionContext } from './context.ts'
import type { OpenedCredential, SealedRow } from './seal.ts'

/**
 * Credentials of connections that were opened moments ago, so that a busy user's calls do not each take the cipher. An
 * entry stands for one row exactly as it was when it opened: user, provider, connection, version, token, tag and key. A
 * row of which any of these differs is not found here, and has to open by itself.
 */
export interface OpenedCredentials {
  readonly find: (context: ConnectionContext, row: SealedRow) => OpenedCredential | undefined
  readonly keep: (context: ConnectionContext, row: SealedRow, credential: OpenedCredential) => void
  /** Forgets everything. */
  readonly clear: () => void
  readonly size: () => number
}

/** Users who call within the same moments; about a kilobyte each. The one that was used longest ago goes first. */
const MAXIMUM_ENTRIES = 2_000
/** An agent's next call comes within seconds. */
const IDLE_MS = 60_000
const SWEEP_INTERVAL_MS = 15_000

interface Entry {
  readonly context: ConnectionContext
  readonly row: SealedRow
  readonly credential: OpenedCredential
  usedAt: number
}

export function createOpenedCredentials(clock: Clock): OpenedCredentials {
  const entries = new Map<string, Entry>()
  let timer: NodeJS.Timeout | undefined

  /** Runs while there is something to forget, and holds no process open. */
  function sweepLater(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      const oldest = clock.now().getTime() - IDLE_MS
      for (const [token, entry] of entries) if (entry.usedAt <= oldest) entries.delete(token)
      if (entries.size > 0) sweepLater()
    }, SWEEP_INTERVAL_MS).unref()
  }

  return {
    find(context, row) {
      const entry = entries.get(row.token)
      if (entry === undefined || !isSame(entry, context, row)) return undefined
      entries.delete(row.token)
      const now = clock.now().getTime()
      if (now - entry.usedAt >= IDLE_MS) return undefined
      entry.usedAt = now
      entries.set(row.token, entry) // a Map keeps the order in which its keys came
      return entry.credential
    },
    keep(context, row, credential) {
      const oldest = entries.size >= MAXIMUM_ENTRIES ? entries.keys().next().value : undefined
      if (oldest !== undefined) entries.delete(oldest)
      const { userId, provider, connectionId, version } = context
      const own = { userId, provider, connectionId, version }
      entries.set(row.token, { context: own, row: { ...row }, credential, usedAt: clock.now().getTime() })
      sweepLater()
    },
    clear() {
      clearTimeout(timer)
      timer = undefined
      entries.clear()
    },
    size: () => entries.size,
  }
}

function isSame(entry: Entry, context: ConnectionContext, row: SealedRow): boolean {
  return (
    entry.context.userId === context.userId &&
    entry.context.provider === context.provider &&
    entry.context.connectionId === context.connectionId &&
    entry.context.version === context.version &&
    entry.row.token === row.token &&
    entry.row.bindingTag === row.bindingTag &&
    entry.row.keyId === row.keyId
  )
}
