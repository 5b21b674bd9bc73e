import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import { findGrantOwner, noteGrantUse, type GrantOwner } from './grant-store.ts'

/** Grants with their users, kept for moments and dropped as soon as the database says that either has changed. */
export interface GrantCache {
  readonly get: (userId: number, grantId: number) => Promise<GrantOwner | undefined>
  /** Everything of one user, or everything where null. */
  readonly forget: (userId: number | null) => void
}

/** Milliseconds: where a message of the database was lost, a revoked grant lives at most this long. */
const MAXIMUM_AGE_MS = 5_000
const MAXIMUM_GRANTS = 10_000
/** Milliseconds between two notes that a grant is in use. */
const USE_INTERVAL_MS = 60_000

interface Entry {
  readonly userId: number
  readonly readAt: number
  readonly grant: Promise<GrantOwner | undefined>
}

export function createGrantCache({ database, clock }: { database: Database; clock: Clock }): GrantCache {
  const entries = new Map<number, Entry>()
  function read(userId: number, grantId: number, now: number): Entry {
    const at = new Date(now)
    const use = { now: at, notedBefore: new Date(now - USE_INTERVAL_MS) }
    const grant = database.asSystem('authenticate an OAuth client', async (tx) => {
      const owner = await findGrantOwner(userId, grantId, tx)
      if (owner !== undefined && owner.revoked_at === null) await noteGrantUse({ userId, id: grantId }, use, tx)
      return owner
    })
    const entry = { userId, readAt: now, grant }
    if (entries.size >= MAXIMUM_GRANTS) entries.delete(entries.keys().next().value ?? 0)
    entries.set(grantId, entry)
    // A failed read must not be remembered; one that was replaced meanwhile is no longer in the map.
    grant.catch(() => {
      if (entries.get(grantId) === entry) entries.delete(grantId)
    })
    return entry
  }
  return {
    get(userId, grantId) {
      const now = clock.now().getTime()
      const entry = entries.get(grantId)
      const isFresh = entry !== undefined && entry.userId === userId && now - entry.readAt < MAXIMUM_AGE_MS
      return (isFresh ? entry : read(userId, grantId, now)).grant
    },
    forget(userId) {
      if (userId === null) entries.clear()
      else for (const [id, entry] of entries) if (entry.userId === userId) entries.delete(id)
    },
  }
}
