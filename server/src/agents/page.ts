import { z } from '@hono/zod-openapi'

/** Lists are pages of rows in descending order of id; the cursor is the last id of the page before. */

const DEFAULT_PAGE_SIZE = 50
const MAXIMUM_PAGE_SIZE = 200
/** The largest `integer` of PostgreSQL: a larger id cannot exist, and asking for one would be an error of the database. */
const HIGHEST_ID = 2_147_483_647

/** The id of a row as it comes in. */
export const rowId = z.coerce.number().int().positive().max(HIGHEST_ID)

/** `{id}` of a path. */
export const idParameter = z.object({ id: rowId.openapi({ param: { in: 'path', name: 'id' } }) })

export interface PageRequest {
  readonly limit: number
  readonly cursor?: number | undefined
}

export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly nextCursor: number | null
}

/** The members of a query string that ask for a page. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(MAXIMUM_PAGE_SIZE).default(DEFAULT_PAGE_SIZE),
  cursor: rowId.optional(),
}

/** Cuts the one row too many that was asked for, and says whether it was there. */
export function pageOf<Row>(rows: readonly Row[], limit: number, cursorOf: (row: Row) => number): Page<Row> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null }
}
