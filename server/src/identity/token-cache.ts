import type { Clock } from '#kernel/clock.ts'
import type { ApiTokenOwner } from './api-token-store.ts'

/**
 * What was found out about tokens that were just used, by hash, so that a busy client does not cost a transaction (or the
 * check of a signature) a request. What ends a token clears its user's entries at once: in this process by the use case,
 * in others by NOTIFY. Expiry and suspension until a date are judged at every use, from the row.
 */
export interface TokenCache<Row extends OfUser = ApiTokenOwner> {
  readonly get: (hash: string) => Row | undefined
  /**
   * To be called before the look-up: gives the function that keeps its result. It keeps nothing where anything was
   * cleared meanwhile, for the row may be older than that change.
   */
  readonly beginLookup: () => (hash: string, row: Row) => void
  /** Forgets one user's tokens, or everybody's where messages may have been missed. */
  readonly forget: (userId: number | null) => void
}

interface OfUser {
  readonly user_id: number
}

/** How long an ended token could go on working if the database's message about it were lost. */
const ENTRY_LIFETIME_MS = 5_000
/** Tokens in use within that time; half a kilobyte each. */
const ENTRIES_MAXIMUM = 10_000

interface Entry<Row> {
  readonly row: Row
  readonly keptUntil: number
}

export function createTokenCache<Row extends OfUser = ApiTokenOwner>(clock: Clock): TokenCache<Row> {
  const entries = new Map<string, Entry<Row>>()
  let clearings = 0

  return {
    get(hash) {
      const entry = entries.get(hash)
      if (entry === undefined) return undefined
      if (entry.keptUntil > clock.now().getTime()) return entry.row
      entries.delete(hash)
      return undefined
    },
    beginLookup() {
      const clearingsBefore = clearings
      return (hash, row) => {
        if (clearings !== clearingsBefore) return
        // The oldest first: a Map keeps the order in which its keys came.
        const oldest = entries.size >= ENTRIES_MAXIMUM ? entries.keys().next().value : undefined
        if (oldest !== undefined) entries.delete(oldest)
        entries.set(hash, { row, keptUntil: clock.now().getTime() + ENTRY_LIFETIME_MS })
      }
    },
    forget(userId) {
      clearings += 1
      if (userId === null) return entries.clear()
      for (const [hash, { row }] of entries) if (row.user_id === userId) entries.delete(hash)
    },
  }
}
