import type { AuditLog } from '#audit/audit.ts'
import { createAudit } from '#audit/record.ts'
import { createConnectionCache, type ConnectionCache } from '#connections/cache.ts'
import { loadConnections } from '#connections/list.ts'
import type { Database } from '#db/database.ts'
import { createRounds, type Rounds } from '#jobs/rounds.ts'
import { systemClock, type Clock } from '#kernel/clock.ts'
import { createEgress, type Egress } from '#kernel/egress.ts'
import type { Limits } from '#kernel/limits.ts'
import type { Log } from '#kernel/log.ts'
import { occasionally } from '#kernel/occasionally.ts'
import { createMetrics, type Metrics } from '#operations/metrics.ts'
import { createLedgerQueue, type LedgerQueue } from '#tools/ledger-queue.ts'
import { createPolicyCache, type PolicyCache } from '#tools/policy-cache.ts'
import type { VaultKey } from '#vault/keys.ts'
import type { Config } from './config.ts'
import { limitsOf, operatorHosts } from './wiring.ts'

export interface Foundations {
  readonly config: Config
  readonly database: Database
  readonly keys: readonly VaultKey[]
  readonly log: Log
}

/** Milliseconds between two warnings that the store of limits is away; the metric counts every failure. */
const STORE_WARNING_INTERVAL_MS = 10_000

export interface Shared extends Foundations {
  readonly clock: Clock
  readonly audit: AuditLog
  readonly ledgerQueue: LedgerQueue
  readonly egress: Egress
  readonly cache: ConnectionCache
  readonly policies: PolicyCache
  readonly metrics: Metrics
  readonly limits: Limits
  readonly rounds: Rounds
}

/** What every feature may use. */
export function sharedOf(foundations: Foundations): Shared {
  const { config, database, log } = foundations
  const clock = systemClock
  const egress = createEgress({ allowedHosts: operatorHosts(config), remoteHosts: config.remoteServerHosts })
  const cache = createConnectionCache({
    load: (userId) => loadConnections({ database }, userId),
    clock,
    maximumUsers: config.connectionCacheSize,
    idleSeconds: config.connectionIdleSeconds,
  })
  const metrics = createMetrics({ cachedUsers: cache.size })
  const sometimes = occasionally(clock, STORE_WARNING_INTERVAL_MS)
  const limits = limitsOf(config, database, (error) => {
    metrics.countStoreError()
    sometimes(() => log.warn({ error }, 'The store of limits does not answer; this replica counts alone'))
  })
  return {
    ...foundations,
    clock,
    audit: createAudit({ database, clock, onLost: lostEvent({ log, metrics }) }),
    ledgerQueue: createLedgerQueue({ database, log, onLost: metrics.countLostRecords }),
    egress,
    cache,
    policies: createPolicyCache({ database, clock }),
    metrics,
    limits,
    rounds: createRounds(clock),
  }
}

/** Says that an event is missing in the log which nobody waited for: the end of a call whose beginning is on record. */
function lostEvent({ log, metrics }: { readonly log: Log; readonly metrics: Metrics }): (error: unknown) => void {
  return (error) => {
    metrics.countLostRecords(1)
    log.error({ error }, 'The end of a call could not be recorded')
  }
}
