import type { AuditLog } from '#audit/audit.ts'
import { createProviderBlocks } from '#connections/blocks.ts'
import type { ConnectionDeps } from '#connections/connection.ts'
import { createEdges } from '#connections/edges.ts'
import { createRefresher } from '#connections/refresh.ts'
import { createRenewGrant, type GrantDeps } from '#connections/renew-grant.ts'
import { createRevokeGrant } from '#connections/revoke-grant.ts'
import { createSpool } from '#connections/spool.ts'
import { lookForLiveGrants } from '#jobs/look-for-live-grants.ts'
import type { Egress } from '#kernel/egress.ts'
import type { Log } from '#kernel/log.ts'
import type { Config } from './config.ts'

/** How access to providers is reached, cut off, renewed and ended: what every use of a connection goes through. */
export type AccessParts = Pick<ConnectionDeps, 'edges' | 'blocks' | 'refresher' | 'revokeGrant'>

export interface AccessDeps extends Pick<
  ConnectionDeps,
  'database' | 'vault' | 'cache' | 'clock' | 'registry' | 'publicUrl'
> {
  readonly config: Pick<Config, 'providerApiUrls' | 'dataDirectory'>
  readonly audit: AuditLog
  readonly egress: Egress
  readonly log: Log
  /** The name of this installation. */
  readonly installation: string
  readonly findApp: GrantDeps['findApp']
}

export function accessPartsOf(deps: AccessDeps): AccessParts {
  const { config, egress, registry } = deps
  const blocks = createProviderBlocks(deps)
  const checkBlock = blocks.check
  const edges = createEdges(egress, registry.all, { apiUrls: config.providerApiUrls, checkBlock })
  const grants = { ...deps, edges, checkBlock }
  const revokeGrant = createRevokeGrant({ ...grants, acrossUsers: lookForLiveGrants(deps.database) })
  const refresher = createRefresher({
    ...grants,
    renewGrant: createRenewGrant(grants),
    discard: revokeGrant,
    spool: createSpool(config.dataDirectory),
  })
  return { edges, blocks, refresher, revokeGrant }
}
