import type { Clock } from '#kernel/clock.ts'
import type { Database } from '#db/database.ts'
import { policiesStatement, type PolicyRow } from './store.ts'
import type { PolicyDecision } from './tool-call.ts'

/**
 * What users decided about tools, by user, so that a call need not ask the database. A change is forgotten at once: in this
 * process by the use case, in others by NOTIFY.
 */
export interface PolicyCache {
  /** The user's own decisions for whatever acts in their name, by tool. */
  readonly decisionsOf: (userId: number) => Promise<Decisions>
  /** Those for one agent alone. */
  readonly decisionsForAgent: (userId: number, agentId: number) => Promise<Decisions>
  /** Forgets one user's decisions, or everybody's where messages may have been missed. */
  readonly forget: (userId: number | null) => void
}

/** How long a change could go unnoticed if the database's message about it were lost. */
const ENTRY_LIFETIME_MS = 60_000
/** Users who called a tool within that time; most have no decision of their own and cost next to nothing. */
const ENTRIES_MAXIMUM = 10_000

type Decisions = ReadonlyMap<string, PolicyDecision>

interface Entry {
  readonly decisions: Decisions
  readonly ofAgents: ReadonlyMap<number, Decisions>
  readonly keptUntil: number
}

export function createPolicyCache({ database, clock }: { database: Database; clock: Clock }): PolicyCache {
  const entries = new Map<number, Entry>()
  let changes = 0

  async function load(userId: number): Promise<Entry> {
    const changesBefore = changes
    const rows = await database.userStatement(userId, policiesStatement(userId))
    const entry = { ...sorted(rows), keptUntil: clock.now().getTime() + ENTRY_LIFETIME_MS }
    // What was read may be older than a change that was heard of meanwhile.
    if (changes === changesBefore) keep(userId, entry)
    return entry
  }

  function keep(userId: number, entry: Entry): void {
    // The oldest first: a Map keeps the order in which its keys came.
    const oldest = entries.size >= ENTRIES_MAXIMUM ? entries.keys().next().value : undefined
    if (oldest !== undefined) entries.delete(oldest)
    entries.set(userId, entry)
  }

  async function entryOf(userId: number): Promise<Entry> {
    const entry = entries.get(userId)
    if (entry !== undefined && entry.keptUntil > clock.now().getTime()) return entry
    entries.delete(userId)
    return load(userId)
  }

  return {
    decisionsOf: async (userId) => (await entryOf(userId)).decisions,
    decisionsForAgent: async (userId, agentId) => (await entryOf(userId)).ofAgents.get(agentId) ?? NONE,
    forget(userId) {
      changes += 1
      if (userId === null) entries.clear()
      else entries.delete(userId)
    },
  }
}

const NONE: Decisions = new Map()

function sorted(rows: readonly PolicyRow[]): Pick<Entry, 'decisions' | 'ofAgents'> {
  const decisions = new Map<string, PolicyDecision>()
  const ofAgents = new Map<number, Map<string, PolicyDecision>>()
  for (const { tool, decision, agent_id: agentId } of rows) {
    const group = agentId === null ? decisions : (ofAgents.get(agentId) ?? new Map<string, PolicyDecision>())
    group.set(tool, decision)
    if (agentId !== null) ofAgents.set(agentId, group)
  }
  return { decisions: decisions.size === 0 ? NONE : decisions, ofAgents }
}

/** Applies a message of the channel `policy_changed`: a user's id; null means that messages may have been missed. */
export function applyPolicyChange(policies: Pick<PolicyCache, 'forget'>, payload: string | null): void {
  const userId = Number(payload)
  policies.forget(payload !== null && Number.isSafeInteger(userId) && userId > 0 ? userId : null)
}
