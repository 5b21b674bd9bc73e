import type { Clock } from '#kernel/clock.ts'
import type { Database } from '#db/database.ts'
import { policiesStatement } from './store.ts'
import type { PolicyDecision } from './tool-call.ts'

/**
 * What users decided about tools, by user, so that a call need not ask the database. A change is forgotten at once: in this
 * process by the use case, in others by NOTIFY.
 */
export interface PolicyCache {
  /** The user's own decisions, by tool. */
  readonly decisionsOf: (userId: number) => Promise<ReadonlyMap<string, PolicyDecision>>
  /** Forgets one user's decisions, or everybody's where messages may have been missed. */
  readonly forget: (userId: number | null) => void
}

/** How long a change could go unnoticed if the database's message about it were lost. */
const ENTRY_LIFETIME_MS = 60_000
/** Users who called a tool within that time; most have no decision of their own and cost next to nothing. */
const ENTRIES_MAXIMUM = 10_000

interface Entry {
  readonly decisions: ReadonlyMap<string, PolicyDecision>
  readonly keptUntil: number
}

export function createPolicyCache({ database, clock }: { database: Database; clock: Clock }): PolicyCache {
  const entries = new Map<number, Entry>()
  let changes = 0

  async function load(userId: number): Promise<ReadonlyMap<string, PolicyDecision>> {
    const changesBefore = changes
    const rows = await database.userStatement(userId, policiesStatement(userId))
    const decisions = rows.length === 0 ? NONE : new Map(rows.map(({ tool, decision }) => [tool, decision]))
    // What was read may be older than a change that was heard of meanwhile.
    if (changes === changesBefore) keep(userId, decisions)
    return decisions
  }

  function keep(userId: number, decisions: ReadonlyMap<string, PolicyDecision>): void {
    // The oldest first: a Map keeps the order in which its keys came.
    const oldest = entries.size >= ENTRIES_MAXIMUM ? entries.keys().next().value : undefined
    if (oldest !== undefined) entries.delete(oldest)
    entries.set(userId, { decisions, keptUntil: clock.now().getTime() + ENTRY_LIFETIME_MS })
  }

  return {
    async decisionsOf(userId) {
      const entry = entries.get(userId)
      if (entry !== undefined && entry.keptUntil > clock.now().getTime()) return entry.decisions
      entries.delete(userId)
      return load(userId)
    },
    forget(userId) {
      changes += 1
      if (userId === null) entries.clear()
      else entries.delete(userId)
    },
  }
}

const NONE: ReadonlyMap<string, PolicyDecision> = new Map()

/** Applies a message of the channel `policy_changed`: a user's id; null means that messages may have been missed. */
export function applyPolicyChange(policies: Pick<PolicyCache, 'forget'>, payload: string | null): void {
  const userId = Number(payload)
  policies.forget(payload !== null && Number.isSafeInteger(userId) && userId > 0 ? userId : null)
}
