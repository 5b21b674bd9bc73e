import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import type { GrantCache } from '#oauth/grants/grant-cache.ts'
import type { RunningProvider } from '#oauth/library/running-provider.ts'
import { deleteExpiredClients } from '#oauth/clients/client-store.ts'
import { deleteExpiredRecords } from '#oauth/library/record-store.ts'
import { deleteExpiredGrants } from '#oauth/grants/grant-store.ts'

/** What the authorization server does by itself: hear of changes, follow the keys, sweep what has expired. */

export interface MaintenanceDeps {
  readonly database: Database
  readonly clock: Clock
  readonly grants: GrantCache
  readonly running: RunningProvider
  readonly log: { readonly warn: (fields: object, message: string) => void }
}

export interface Maintenance {
  readonly stop: () => Promise<void>
}

/** Milliseconds between two rounds. */
const INTERVAL_MS = 60_000
/** Rows that one round deletes of a table; the next round goes on. */
const SWEPT_ROWS = 5_000
/** Ended grants are kept for a day, so that their tokens are answered with the true reason. */
const ENDED_GRANT_MS = 24 * 3_600 * 1_000

export async function scheduleMaintenance(deps: MaintenanceDeps): Promise<Maintenance> {
  const { database, grants, running, log } = deps
  const failed = (error: unknown) =>
    log.warn({ error }, 'A round of the authorization server failed; the next will try again')
  const stops = await Promise.all([
    database.listen('principal_changed', (payload) => grants.forget(payload === null ? null : Number(payload))),
    database.listen('signing_keys_changed', () => void running.refresh().catch(failed)),
  ])
  const timer = setInterval(() => void maintain(deps).catch(failed), INTERVAL_MS).unref()
  return {
    async stop() {
      clearInterval(timer)
      for (const stop of stops) await stop()
    },
  }
}

/** One round. */
export async function maintain({ database, clock, running }: MaintenanceDeps): Promise<void> {
  const now = clock.now()
  await running.refresh()
  await deleteExpiredRecords(now, SWEPT_ROWS, database.login)
  await deleteExpiredClients(now, database.login)
  await database.asSystem('sweep ended OAuth grants', (tx) =>
    deleteExpiredGrants(new Date(now.getTime() - ENDED_GRANT_MS), SWEPT_ROWS, tx),
  )
}
