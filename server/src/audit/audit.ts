import type { Principal } from '#kernel/principal.ts'

/** What is recorded, and how. Events are noun-verb; none holds a secret, an argument or a result. */

export const EVENT_TYPES = [
  'user.signed_up',
  'user.signed_in',
  'user.sign_in_failed',
  'user.signed_out',
  'user.created',
  'user.changed',
  'user.deleted',
  'invitation.created',
  'invitation.withdrawn',
  'api_token.created',
  'api_token.revoked',
  'token.rejected',
  'access.denied',
  'connection.created',
  'connection.replaced',
  'connection.rejected',
  'connection.checked',
  'connection.changed',
  'connection.link_created',
  'connection.needs_reauthorization',
  'connection.recovered',
  'connection.renewed',
  'connection.renewal_discarded',
  'connection.tools_changed',
  'connection.tools_accepted',
  'connection.deleted',
  'connection.imported',
  'connection.exported',
  'credential.used',
  'tool.called',
  'credential.unreadable',
  'agent.created',
  'agent.changed',
  'agent.deleted',
  'approval.requested',
  'approval.approved',
  'approval.denied',
  'policy.changed',
  'provider_app.set',
  'provider_app.deleted',
  'provider.blocked',
  'provider.unblocked',
  'client.registered',
  'client.granted',
  'client.revoked',
  'client.token_reused',
  'keys.rotated',
  'keys.retired',
  'audit.verified',
] as const

export type EventType = (typeof EVENT_TYPES)[number]

export interface AuditEvent {
  /** Whose data this is about; null where no user is known (a wrong token). */
  readonly userId: number | null
  readonly type: EventType
  readonly outcome: 'success' | 'failure' | 'denied'
  /** Who did it: {@link actorOf} a principal, or `{kind: 'anonymous', address}`. */
  readonly actor: Readonly<Record<string, unknown>>
  /** What it was done to, for example `{kind: 'connection', id: 7, provider: 'example'}`. */
  readonly target?: Readonly<Record<string, unknown>>
  readonly details?: Readonly<Record<string, unknown>>
  readonly requestId?: string
}

export interface Audit {
  /** Resolves once the event is durable. Rejects where it could not be written: a use of a credential must not go on then; an act that is
   * recorded after it was committed answers with a failure and stands. */
  readonly record: (event: AuditEvent) => Promise<void>
}

/** The log itself, with what only few may use. */
export interface AuditLog extends Audit {
  /**
   * Takes an event that nothing waits for: it is written with the next one that somebody waits for, or within moments.
   * A process that is killed meanwhile takes it along, so never use it for what allows something to happen.
   */
  readonly recordLater: (event: AuditEvent) => void
  /** False from an append that failed until one succeeds: nothing may rely on a record that is still being written then. */
  readonly isWritable: () => boolean
  /** Resolves once everything that was taken so far is written, or given up. */
  readonly flush: () => Promise<void>
}

/** The part of a principal that is worth keeping. */
export function actorOf(principal: Principal): Record<string, unknown> {
  // In the order of their names: what is hashed need not be sorted then.
  return {
    ...(principal.agentId === undefined ? {} : { agent_id: principal.agentId }),
    kind: principal.agentId === undefined ? 'user' : 'agent',
    user_id: principal.userId,
    via: principal.via.kind,
    via_id: principal.via.id,
  }
}
