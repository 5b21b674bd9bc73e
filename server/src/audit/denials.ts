import type { Database } from '#db/database.ts'
import { eventView, type EventView } from './event-view.ts'
import { listFailures, type FailureFilter } from './store.ts'

export interface DenialsPage {
  readonly events: (EventView & { readonly user_id: number | null })[]
  readonly next_cursor: number | null
}

/** What failed or was denied on the whole instance, newest first: where somebody who probes shows up. */
export async function listDenials(database: Database, { limit, ...filter }: FailureFilter): Promise<DenialsPage> {
  const rows = await database.asSystem('list denials for the owner', (tx) =>
    listFailures(tx, { ...filter, limit: limit + 1 }),
  )
  const events = rows.slice(0, limit).map((row) => ({ ...eventView(row), user_id: row.user_id }))
  return { events, next_cursor: rows.length > limit ? (events.at(-1)?.id ?? null) : null }
}
