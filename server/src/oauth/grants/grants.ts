import { actorOf, type Audit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import { isBanned } from '#identity/user.ts'
import type { Clock } from '#kernel/clock.ts'
import { LARGEST_ID } from '#kernel/http.ts'
import type { Principal } from '#kernel/principal.ts'
import { verifyAccessToken } from '#oauth/tokens/access-token-verifier.ts'
import { CLIENT_SCOPES, type ClientGrant } from '#oauth/authorization-server.ts'
import { recordEnd } from './end-grant.ts'
import type { GrantCache } from './grant-cache.ts'
import type { RunningProvider } from '#oauth/library/running-provider.ts'
import { deleteFamily } from '#oauth/library/record-store.ts'
import { endGrant, findGrantOwner, listGrants, type EndedGrant, type GrantRow } from './grant-store.ts'

/** The clients that users let in. */

export interface GrantDeps {
  readonly database: Database
  readonly audit: Audit
  readonly clock: Clock
  readonly publicUrl: string
  readonly running: RunningProvider
  readonly grants: GrantCache
}

/** Far more than anybody has. Each authorization is a grant of its own, so a client that starts over again and again ends its oldest. */
export const MAXIMUM_GRANTS = 100

export async function listClientGrants(deps: GrantDeps, userId: number): Promise<ClientGrant[]> {
  const { database, clock, running } = deps
  const rows = await database.asUser(userId, (tx) =>
    listGrants(userId, { now: clock.now(), limit: MAXIMUM_GRANTS }, tx),
  )
  return rows.map((row) => ({ ...clientGrantOf(row), clientKind: running.kindOf(row.client_id) }))
}

function clientGrantOf(row: GrantRow): Omit<ClientGrant, 'clientKind'> {
  return {
    id: row.id,
    clientId: row.client_id,
    clientName: row.client_name,
    clientHost: row.client_host,
    scopes: CLIENT_SCOPES.filter((scope) => row.scopes.includes(scope)),
    connectionIds: row.connection_ids,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
  }
}

/** Ends it for every replica: the change of the row is announced by the database itself. */
export async function revokeClientGrant(
  deps: GrantDeps,
  principal: Principal,
  id: number,
  requestId?: string,
): Promise<boolean> {
  if (!Number.isSafeInteger(id) || id <= 0 || id > LARGEST_ID) return false
  const ended = await endFamily(deps, principal.userId, id)
  if (ended === undefined) return false
  await recordEnd(deps.audit, ended, {
    type: 'client.revoked',
    actor: actorOf(principal),
    ...(requestId === undefined ? {} : { requestId }),
  })
  return true
}

async function endFamily(deps: GrantDeps, userId: number, id: number): Promise<EndedGrant | undefined> {
  const { database, clock, grants } = deps
  const ended = await database.asUser(userId, (tx) => endGrant(userId, id, clock.now(), tx))
  grants.forget(userId)
  if (ended !== undefined) await deleteFamily(ended.grant_hash, database.login)
  return ended
}

/** RFC 7009 2.1: a client may give back its own tokens; the rest of the grant goes with them. Anybody else's are left alone. */
export async function endByAccessToken(deps: GrantDeps, token: string, clientId: string): Promise<void> {
  const verified = await verifyAccessToken(deps, token)
  if (!verified.ok || verified.value.clientId !== clientId) return
  const ended = await endFamily(deps, verified.value.userId, verified.value.grantId)
  if (ended === undefined) return
  await recordEnd(deps.audit, ended, { type: 'client.revoked', actor: { kind: 'client', client_id: clientId } })
}

/** Whether somebody who came in by a client would still be let in. Asks the database, never the cache. */
export async function isGrantAlive({ database, clock }: GrantDeps, { userId, via }: Principal): Promise<boolean> {
  if (via.kind !== 'oauth_client') return true
  const now = clock.now()
  const grant = await database.asSystem('authenticate an OAuth client', (tx) =>
    findGrantOwner(userId, Number(via.id), tx),
  )
  return grant !== undefined && grant.revoked_at === null && grant.expires_at > now && !isBanned(grant, now)
}
