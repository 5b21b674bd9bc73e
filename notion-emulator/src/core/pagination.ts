import type { JsonObject } from '../state/model.ts'
import { integer, nullable, optional, string, type Check } from '../validation/check.ts'
import { invalid } from './failure.ts'
import { parseId } from './ids.ts'
import { MAX_PAGE_SIZE } from './settings.ts'

/** `start_cursor` and `page_size` of bodies. */
export const pagingMembers: Record<string, Check> = {
  start_cursor: optional(nullable(string())),
  page_size: optional(integer(1, MAX_PAGE_SIZE)),
}

/** Which part of a list is asked for. */
export interface PageRequest {
  cursor: string | null
  size: number
}

/** The paging wish of a validated body. */
export function pageRequestOf(body: JsonObject): PageRequest {
  const { start_cursor: cursor, page_size: size } = body
  return { cursor: typeof cursor === 'string' ? cursor : null, size: typeof size === 'number' ? size : MAX_PAGE_SIZE }
}

/** A part of a list. */
export interface Slice<T> {
  items: T[]
  nextCursor: string | null
}

/**
 * Cuts the asked part out of a list. A cursor is the id of the item that comes first on its page.
 * @param isShown leaves items out without making their ids unknown: paging goes on after an item that was deleted
 *   between two calls
 */
export function slice<T extends { id: string }>(
  items: T[],
  page: PageRequest,
  isShown: (item: T) => boolean = () => true,
): Slice<T> {
  const start = page.cursor === null ? 0 : items.findIndex((item) => item.id === (parseId(page.cursor) ?? page.cursor))
  if (start < 0) throw invalidCursor(page.cursor)
  const rest = items.slice(start).filter(isShown)
  return { items: rest.slice(0, page.size), nextCursor: rest[page.size]?.id ?? null }
}

/** The refusal of a cursor that does not belong to the list. */
export function invalidCursor(cursor: string | null): Error {
  return invalid(`The start_cursor provided is invalid: ${cursor ?? ''}`)
}

/** The envelope of every list. */
export function listBody(type: string, results: JsonObject[], nextCursor: string | null): JsonObject {
  return { object: 'list', results, next_cursor: nextCursor, has_more: nextCursor !== null, type, [type]: {} }
}
