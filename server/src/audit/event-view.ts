import type { AuditRow } from './store.ts'

/** An event as the API shows it. The hashes stay inside: the verification is their only reader. */
export interface EventView {
  readonly id: number
  readonly type: string
  readonly outcome: string
  readonly actor: Record<string, unknown>
  readonly target: Record<string, unknown>
  readonly details: Record<string, unknown>
  readonly request_id: string | null
  readonly at: string
}

export function eventView(row: AuditRow): EventView {
  const { id, type, outcome, actor, target, details, request_id, at } = row
  return { id, type, outcome, actor, target, details, request_id, at: at.toISOString() }
}
