import type { Audit, AuditEvent } from '#audit/audit.ts'
import type { EndedGrant } from './grant-store.ts'

/** Records that a grant has ended, and by whom: its user, its client, or because a token of it came back. */
export async function recordEnd(
  audit: Audit,
  grant: EndedGrant,
  how: Pick<AuditEvent, 'actor' | 'requestId'> & { readonly type: 'client.revoked' | 'client.token_reused' },
): Promise<void> {
  await audit.record({
    userId: grant.user_id,
    outcome: how.type === 'client.revoked' ? 'success' : 'denied',
    target: { kind: 'client', id: grant.id, client_id: grant.client_id, name: grant.client_name },
    ...how,
  })
}
