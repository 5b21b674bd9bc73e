import { actorOf } from '#audit/audit.ts'
import type { Principal } from '#kernel/principal.ts'
import type { ConnectionDeps } from './connection.ts'
import { listConnections } from './store.ts'

/**
 * A row in the form that deployments on Python's Fernet keep: `encrypted_credentials` opens there with `Fernet(key)` of
 * the key that is named by `key_id`.
 */
export interface ExportedConnection {
  readonly user_email: string
  readonly provider: string
  readonly encrypted_credentials: string
  readonly is_active: boolean
  readonly connected_at: string
  readonly last_used_at: string | null
  readonly expires_at: string | null
  readonly metadata: Record<string, unknown>
  readonly label: string
  readonly key_id: string | null
}

/** Every connection of the instance, still sealed. For its owner alone; recorded. */
export async function exportConnections(
  deps: Pick<ConnectionDeps, 'database' | 'audit'>,
  principal: Principal,
  requestId: string,
): Promise<ExportedConnection[]> {
  const users = await deps.database.login.selectFrom('users').select(['id', 'email']).orderBy('id').execute()
  const exported: ExportedConnection[] = []
  for (const user of users) {
    const rows = await deps.database.asUser(user.id, (tx) => listConnections(user.id, tx))
    // Everyone whose connections leave can see it in their own activity.
    if (rows.length > 0) await recordExport(deps, principal, { userId: user.id, connections: rows.length, requestId })
    for (const row of rows) {
      exported.push({
        user_email: user.email,
        provider: row.provider,
        encrypted_credentials: row.encrypted_credentials,
        is_active: row.is_active,
        connected_at: row.connected_at.toISOString(),
        last_used_at: row.last_used_at?.toISOString() ?? null,
        expires_at: row.expires_at?.toISOString() ?? null,
        metadata: row.metadata,
        label: row.label,
        key_id: row.key_id,
      })
    }
  }
  return exported
}

interface UsersExport {
  readonly userId: number
  readonly connections: number
  readonly requestId: string
}

async function recordExport(
  deps: Pick<ConnectionDeps, 'audit'>,
  principal: Principal,
  { userId, connections, requestId }: UsersExport,
): Promise<void> {
  await deps.audit.record({
    userId,
    type: 'connection.exported',
    outcome: 'success',
    actor: actorOf(principal),
    details: { connections },
    requestId,
  })
}
