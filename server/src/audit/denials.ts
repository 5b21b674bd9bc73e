import type { Database } from '#db/database.ts'
import { eventView, type EventView } from './event-view.ts'
import { listFailures } from './store.ts'

export interface DenialsPage {
  readonly events: (EventView & { readonly user_id: number | null })[]
  readonly next_cursor: number | null
}

/** What failed or was denied on the whole instance, newest first: where somebody who probes shows up. */
export async function listDenials(
  database: Database,
  { limit, cursor }: { readonly limit: number; readonly cursor?: number },
): Promise<DenialsPage> {
  const rows = await database.asSystem('list denials for the owner', (tx) =>
    listFailures(tx, { limit: limit + 1, ...(cursor === undefined ? {} : { before: cursor }) }),
  )
  const events = rows.slice(0, limit).map((row) => ({ ...eventView(row), user_id: row.user_id }))
  return { events, next_cursor: rows.length > limit ? (events.at(-1)?.id ?? null) : null }
}
