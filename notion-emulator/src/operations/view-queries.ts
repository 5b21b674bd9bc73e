import { ok, type Answer, type Call } from '../core/call.ts'
import { invalid } from '../core/failure.ts'
import { notFound } from '../core/lookup.ts'
import { listBody, pageRequestOf, pagingMembers, slice, type PageRequest } from '../core/pagination.ts'
import { pageRequestOfQuery } from '../core/query-string.ts'
import { findVisible, requireCapability } from '../state/access.ts'
import type { JsonObject } from '../state/model.ts'
import { object, type Check } from '../validation/check.ts'
import { findView, sourceOfView } from '../views/find.ts'
import type { ViewQuery } from '../views/view.ts'
import { INCOMPLETE, matchingRows } from './query.ts'

/** How long the answer of a view is kept. */
const QUERY_LIFE_MS = 900_000
/** Answers that an emulator keeps at once; the oldest makes room. */
const MAX_QUERIES = 1000

/** The body of a view query. */
export function createViewQueryBody(): Check {
  return object({ page_size: pagingMembers['page_size'] ?? ((): null => null) }, true)
}

/** `POST /v1/views/:view_id/queries`: asks the data source as the view does, and keeps the answer for a while. */
export function createViewQuery(call: Call): Answer {
  requireCapability(call.install, 'read_content')
  const view = findView(call, call.path['view_id'] ?? '')
  const source = sourceOfView(call, view)
  if (source === null) throw invalid(`View with ID ${view.id} has no rows of its own to query.`)
  const asked = { filter: view.filter ?? undefined, sorts: view.sorts ?? undefined }
  const rows = matchingRows({ ...call, body: asked }, source).map((row) => row.page.id)
  const query: ViewQuery = {
    id: call.newId(),
    viewId: view.id,
    botId: call.install.botId,
    pageIds: rows.slice(0, call.settings.queryResultLimit),
    isCut: rows.length > call.settings.queryResultLimit,
    expiresAt: call.now + QUERY_LIFE_MS,
  }
  makeRoom(call)
  call.state.viewQueries.set(query.id, query)
  const { results, nextCursor } = part(call, query, pageRequestOf(call.body))
  return ok({
    object: 'view_query',
    id: query.id,
    view_id: view.id,
    expires_at: new Date(query.expiresAt).toISOString(),
    total_count: query.pageIds.length,
    results,
    next_cursor: nextCursor,
    has_more: nextCursor !== null,
    ...cutMember(query),
  })
}

function makeRoom(call: Call): void {
  const { viewQueries } = call.state
  for (const [id, query] of viewQueries) if (query.expiresAt <= call.now) viewQueries.delete(id)
  const [oldest] = viewQueries.keys()
  if (viewQueries.size >= MAX_QUERIES && oldest !== undefined) viewQueries.delete(oldest)
}

/** A part of what was kept. Rows that the caller may no longer see are left out. */
function part(call: Call, query: ViewQuery, page: PageRequest): { results: JsonObject[]; nextCursor: string | null } {
  const items = query.pageIds.map((id) => ({ id }))
  const shown = slice(items, page, ({ id }) => findVisible(call.state, call.install, id) !== null)
  return { results: shown.items.map(({ id }) => ({ object: 'page', id })), nextCursor: shown.nextCursor }
}

function cutMember(query: ViewQuery): JsonObject {
  return query.isCut ? { request_status: INCOMPLETE } : {}
}

/** `GET /v1/views/:view_id/queries/:query_id`: goes on with what was kept. */
export function getViewQuery(call: Call): Answer {
  requireCapability(call.install, 'read_content')
  const view = findView(call, call.path['view_id'] ?? '')
  const id = call.path['query_id'] ?? ''
  const query = call.state.viewQueries.get(id)
  const isOwn = query?.viewId === view.id && query.botId === call.install.botId
  if (query === undefined || !isOwn || query.expiresAt <= call.now) throw notFound(call, 'view_query', id)
  const { results, nextCursor } = part(call, query, pageRequestOfQuery(call.query))
  return ok({ ...listBody('page', results, nextCursor), ...cutMember(query) })
}

/** `DELETE /v1/views/:view_id/queries/:query_id`: well, whatever there was. */
export function deleteViewQuery(call: Call): Answer {
  requireCapability(call.install, 'read_content')
  const id = call.path['query_id'] ?? ''
  const query = call.state.viewQueries.get(id)
  if (query?.botId === call.install.botId && query.viewId === call.path['view_id']) call.state.viewQueries.delete(id)
  return ok({ object: 'view_query', id, deleted: true })
}
