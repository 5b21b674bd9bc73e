import { sql } from 'kysely'
import type { Transaction } from '#db/database.ts'
import type { Interval, UsageQuestion } from '#tools/usage.ts'

/** Shorter than the shortest hour or day of any time zone, so that none is stepped over. */
const STEPS: Readonly<Record<Interval, string>> = { hour: '30 minutes', day: '12 hours' }

/**
 * When each hour or day of a stretch of time begins, by the clocks of a place: the database's own calendar, which the
 * figures are laid out by, too. The first may begin before the stretch.
 */
export async function readBuckets(
  tx: Transaction,
  { from, interval, timeZone, to }: Pick<UsageQuestion, 'from' | 'interval' | 'timeZone' | 'to'>,
): Promise<readonly Date[]> {
  const { rows } = await sql<{ bucket: Date }>`
    select distinct date_trunc(${interval}, moment, ${timeZone}) as bucket
    from (
      select generate_series(${from}::timestamptz, ${to}::timestamptz - interval '1 microsecond', ${STEPS[interval]}::interval)
        as moment
      union all
      select ${to}::timestamptz - interval '1 microsecond'
    ) as moments
    order by bucket`.execute(tx)
  return rows.map(({ bucket }) => bucket)
}
