import type { Transaction } from '#db/database.ts'
import { MILLISECONDS_PER_MINUTE } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import { checkConnection, type CheckDeps } from './check.ts'
import type { ConnectionDeps, ConnectionRow } from './connection.ts'
import { takeDueRenewals, takeQuiet } from './store.ts'

/** What is done for connections while nobody asks: renewed ahead of their end, and tested now and then. */

export interface TendDeps extends CheckDeps, Pick<ConnectionDeps, 'registry'> {
  /** A transaction that sees the rows of all users. */
  readonly acrossUsers: <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>
  readonly log: Pick<Log, 'warn'>
}

/** Renewals that one process takes at a time. */
const RENEWALS_PER_TURN = 20
/** Milliseconds after which a renewal that failed comes again, at the earliest. */
const RENEWED_AGAIN_MS = 5 * MILLISECONDS_PER_MINUTE

/** Tests that one process makes at a time: providers see a few a minute. */
const TESTS_PER_TURN = 3
const MINUTES_PER_HOUR = 60
/** Milliseconds without any sign of a connection after which it is tested. */
const QUIET_MS = 6 * MINUTES_PER_HOUR * MILLISECONDS_PER_MINUTE

/** @returns how many were taken */
export async function renewDue(deps: TendDeps): Promise<number> {
  const now = deps.clock.now()
  const again = new Date(now.getTime() + RENEWED_AGAIN_MS)
  const rows = await deps.acrossUsers((tx) => takeDueRenewals(tx, { now, again, limit: RENEWALS_PER_TURN }))
  return each(deps, rows, (row) => deps.refresher.fresh(row.user_id, row, { isAhead: true }))
}

/** @returns how many were taken */
export async function testQuiet(deps: TendDeps): Promise<number> {
  const now = deps.clock.now()
  const since = new Date(now.getTime() - QUIET_MS)
  const turn = { now, since, limit: TESTS_PER_TURN }
  const rows = await deps.acrossUsers(async (tx) => [
    ...(await takeQuiet(tx, { ...turn, status: 'connected' })),
    ...(await takeQuiet(tx, { ...turn, limit: 1, status: 'needs_reauthorization' })),
  ])
  return each(deps, rows, async (row) => {
    const provider = deps.registry.provider(row.provider)
    if (provider === undefined) return
    await checkConnection(deps, { userId: row.user_id, provider, row, actor: { kind: 'system' } })
  })
}

/** One after the other: nobody waits. One that fails keeps no other from its turn. */
async function each(
  { blocks, log }: TendDeps,
  rows: readonly ConnectionRow[],
  tend: (row: ConnectionRow) => Promise<unknown>,
): Promise<number> {
  for (const row of rows.filter(({ provider }) => blocks.check(provider).ok)) {
    try {
      await tend(row)
    } catch (error) {
      log.warn({ connection_id: row.id, error }, 'A connection could not be looked after')
    }
  }
  return rows.length
}
