import { canonicalJson } from '#kernel/canonical.ts'
import { hash } from 'node:crypto'

/**
 * The chain: each event's hash covers its own fields and the hash before it. It shows edits, gaps and reordering to anyone
 * who can read the table. It does not stop an owner of the database from rewriting the whole chain: for that, keep the
 * head's hash (printed by the verification) somewhere else.
 */

export const FIRST_HASH = '0'.repeat(64)

export interface ChainedEvent {
  readonly id: number
  readonly user_id: number | null
  readonly type: string
  readonly outcome: string
  readonly actor: unknown
  readonly target: unknown
  readonly details: unknown
  readonly request_id: string | null
  readonly at: Date
  readonly previous_hash: string
}

/** SHA-256 over the canonical JSON of the event with its predecessor's hash, hex. */
export function hashEvent(event: ChainedEvent): string {
  const { id, user_id, type, outcome, actor, target, details, request_id, at, previous_hash } = event
  const text = canonicalJson([
    id,
    user_id,
    type,
    outcome,
    actor,
    target,
    details,
    request_id,
    at.toISOString(),
    previous_hash,
  ])
  return hash('sha256', text, 'hex')
}

/** What is wrong with the next event of a chain, or null. */
export function faultOf(
  event: ChainedEvent & { readonly hash: string },
  before: { readonly id: number; readonly hash: string },
): string | null {
  if (event.id !== before.id + 1) return `event ${before.id + 1} is missing`
  if (event.previous_hash !== before.hash) return `event ${event.id} does not follow event ${before.id}`
  if (event.hash !== hashEvent(event)) return `event ${event.id} was changed`
  return null
}
