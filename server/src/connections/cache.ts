import { MILLISECONDS_PER_SECOND, type Clock } from '#kernel/clock.ts'
import type { ConnectionRow } from './connection.ts'

/**
 * The connections of the users who are active, as they lie in their rows: sealed. Loaded on demand by one caller while
 * the others wait, bounded, dropped when idle and whenever a row changes (on any replica, by NOTIFY).
 */
export interface ConnectionCache {
  readonly connectionsOf: (userId: number) => Promise<readonly ConnectionRow[]>
  readonly drop: (userId: number) => void
  readonly dropAll: () => void
  /** True at most once a minute, connection and kind of news: then it is worth a write. */
  readonly shouldTouch: (connectionId: number, news?: 'used' | 'failed') => boolean
  /** Removes what has been idle for too long. Called by a timer. */
  readonly sweep: () => void
  readonly size: () => number
}

export interface CacheOptions {
  readonly load: (userId: number) => Promise<readonly ConnectionRow[]>
  readonly clock: Clock
  /** Users kept at most; the least recently used goes first. */
  readonly maximumUsers: number
  readonly idleSeconds: number
}

interface Entry {
  readonly rows: Promise<readonly ConnectionRow[]>
  readonly loadedAt: number
  usedAt: number
}

/** Milliseconds between two writes of the same kind of news of one connection. */
const TOUCH_INTERVAL_MS = 60_000
/** Milliseconds after which rows are read again although nobody said that they changed: a message can be lost. */
const MAXIMUM_AGE_MS = 60_000

export function createConnectionCache({ load, clock, maximumUsers, idleSeconds }: CacheOptions): ConnectionCache {
  const entries = new Map<number, Entry>()
  const touched = new Map<string, number>()

  function add(userId: number, now: number): Entry {
    const entry: Entry = { rows: load(userId), loadedAt: now, usedAt: now }
    // A failed load must not be remembered; one that was dropped meanwhile is no longer in the map.
    entry.rows.catch(() => {
      if (entries.get(userId) === entry) entries.delete(userId)
    })
    return entry
  }

  function evict(): void {
    for (const userId of entries.keys()) {
      if (entries.size <= maximumUsers) return
      entries.delete(userId)
    }
  }

  return {
    async connectionsOf(userId) {
      const now = clock.now().getTime()
      const known = entries.get(userId)
      const entry = known !== undefined && now - known.loadedAt < MAXIMUM_AGE_MS ? known : add(userId, now)
      entry.usedAt = now
      // Re-insertion keeps the map in the order of use.
      entries.delete(userId)
      entries.set(userId, entry)
      evict()
      const rows = await entry.rows
      // Dropped while it was loading: what was read may be older than the change.
      return entries.get(userId) === entry ? rows : load(userId)
    },
    drop(userId) {
      entries.delete(userId)
    },
    dropAll() {
      entries.clear()
    },
    shouldTouch(connectionId, news = 'used') {
      const now = clock.now().getTime()
      const key = `${connectionId}:${news}`
      if (now - (touched.get(key) ?? 0) < TOUCH_INTERVAL_MS) return false
      touched.set(key, now)
      return true
    },
    sweep() {
      const now = clock.now().getTime()
      for (const [userId, entry] of entries)
        if (now - entry.usedAt > idleSeconds * MILLISECONDS_PER_SECOND) entries.delete(userId)
      for (const [key, at] of touched) if (now - at > TOUCH_INTERVAL_MS) touched.delete(key)
    },
    size: () => entries.size,
  }
}

/** The user of a `connection_changed` message, `<user>:<connection>`; null means that messages may have been missed. */
export function applyChange(cache: Pick<ConnectionCache, 'drop' | 'dropAll'>, payload: string | null): void {
  const userId = Number(payload?.split(':')[0])
  if (payload === null || !Number.isSafeInteger(userId)) cache.dropAll()
  else cache.drop(userId)
}
