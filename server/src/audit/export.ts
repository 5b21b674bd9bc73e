import type { Database } from '#db/database.ts'
import type { ActivityFilter } from './activity-query.ts'
import { CSV_HEAD, csvLine } from './csv.ts'
import { eventView, type EventView } from './event-view.ts'
import { listEvents } from './store.ts'

/** Events in one file: a quarter of a million cells, which spreadsheets still open. Older ones are a matter of `to`. */
export const EXPORT_ROWS = 50_000
/** Events that are in memory at a time: a few hundred kilobytes. */
const BATCH_ROWS = 500

export type ExportFormat = 'csv' | 'json'

interface Writing {
  readonly head: string
  readonly row: (event: EventView, isFirst: boolean) => string
  readonly end: (isCut: boolean) => string
}

const WRITINGS: Readonly<Record<ExportFormat, Writing>> = {
  csv: { head: CSV_HEAD, row: csvLine, end: () => '' },
  json: {
    head: '{"events":[',
    row: (event, isFirst) => `${isFirst ? '' : ','}\n${JSON.stringify(event)}`,
    end: (isCut) => `\n],"truncated":${isCut}}\n`,
  },
}

export interface ExportRequest {
  readonly format: ExportFormat
  readonly filter: ActivityFilter
  /** Smaller in tests. */
  readonly rows?: number
}

/**
 * A user's own events that pass the filter, newest first, as pieces of one file. Read in batches, as fast as they are taken, each in a
 * transaction of its own: nothing is held open for a slow reader.
 */
export async function* exportEvents(
  database: Database,
  userId: number,
  { format, filter, rows = EXPORT_ROWS }: ExportRequest,
): AsyncGenerator<string, void> {
  const { head, row, end } = WRITINGS[format]
  yield head
  let written = 0
  let cursor = filter.cursor
  for (;;) {
    const wanted = Math.min(BATCH_ROWS, rows - written)
    const found = await database.asUser(userId, (tx) => listEvents(userId, tx, { ...filter, cursor }, wanted + 1))
    const batch = found.slice(0, wanted).map(eventView)
    yield batch.map((event, index) => row(event, written + index === 0)).join('')
    written += batch.length
    cursor = batch.at(-1)?.id
    const isMore = found.length > wanted
    if (isMore && written < rows) continue
    yield end(isMore)
    return
  }
}
