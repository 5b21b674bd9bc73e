import { ok, type Answer, type Call } from '../core/call.ts'
import { minuteTime } from '../core/clock.ts'
import { invalid } from '../core/failure.ts'
import { derivedId } from '../core/ids.ts'
import { findDatabase, findDataSource } from '../core/lookup.ts'
import { invalidCursor, listBody, pageRequestOf, pagingMembers, slice, type PageRequest } from '../core/pagination.ts'
import { severalSources } from '../core/several-sources.ts'
import { presentPage } from '../present/objects.ts'
import { presentProperties } from '../properties/present.ts'
import { presentSchema } from '../properties/present-schema.ts'
import { compileFilter } from '../query/filter.ts'
import { compileSorts } from '../query/sort.ts'
import { canSee, requireCapability } from '../state/access.ts'
import type { ApiVersion, DataSourceNode, JsonObject, PageNode } from '../state/model.ts'
import { isTrashed, sourcesOf } from '../state/tree.ts'
import { absent, anything, boolean, isObject, literal, object, optional, type Check } from '../validation/check.ts'
import { filterProperties } from './pages.ts'

/** The body of a query in this version. What filter and sorts hold is checked against the schema. */
export function queryBody(version: ApiVersion): Check {
  return object(
    {
      filter: anything,
      sorts: anything,
      in_trash: optional(boolean),
      archived: version === '2026-03-11' ? absent : optional(boolean),
      result_type: optional(literal('page', 'data_source')),
      ...pagingMembers,
    },
    true,
  )
}

/** `POST /v1/data_sources/:data_source_id/query`. */
export function queryDataSource(call: Call): Answer {
  requireCapability(call.install, 'read_content')
  return queryRows(call, findDataSource(call, call.path['data_source_id'] ?? ''))
}

/** `POST /v1/databases/:database_id/query`, up to 2022-06-28. */
export function queryDatabase(call: Call): Answer {
  requireCapability(call.install, 'read_content')
  const database = findDatabase(call, call.path['database_id'] ?? '')
  const [source, ...others] = sourcesOf(call.state, database)
  if (source === undefined || others.length > 0) {
    throw severalSources(database.id, source === undefined ? [] : [source, ...others])
  }
  return queryRows(call, source)
}

interface Row {
  page: PageNode
  properties: Record<string, unknown>
  created_time: string
  last_edited_time: string
}

function queryRows(call: Call, source: DataSourceNode): Answer {
  const rows = matchingRows(call, source)
  const reachable = rows.slice(0, call.settings.queryResultLimit)
  const { page, prefix } = cursorOf(call, source)
  const part = slice(
    reachable.map((row) => row.page),
    page,
  )
  const results = part.items.map((node) => presentPage(call, node, filterProperties(call)))
  const nextCursor = part.nextCursor === null ? null : `${prefix}${part.nextCursor}`
  const body = listBody('page_or_data_source', results, nextCursor)
  const isCut = rows.length > reachable.length && nextCursor === null
  return ok(isCut ? { ...body, request_status: INCOMPLETE } : body)
}

/** What says that there are more rows than one query reaches. */
export const INCOMPLETE: JsonObject = { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' }

/** Rows that the filter and the sorts of the body ask for. */
export function matchingRows(call: Call, source: DataSourceNode): Row[] {
  const schema = presentSchema(call, source)
  const me = call.install.owner.type === 'user' ? call.install.owner.userId : undefined
  const filter = compileFilter(call.body['filter'], schema, call.now, me)
  if (!filter.ok) throw invalid(filter.message)
  const sorts = compileSorts(call.body['sorts'], schema)
  if (!sorts.ok) throw invalid(sorts.message)
  const wantsTrash = (call.body['in_trash'] ?? call.body['archived']) === true
  const needsValues = isObject(call.body['filter']) || Array.isArray(call.body['sorts'])
  return rowsOf(call, source)
    .filter((page) => isTrashed(call.state, page) === wantsTrash)
    .map((page) => ({
      page,
      properties: needsValues ? presentProperties(call, page) : {},
      created_time: minuteTime(page.createdTime),
      last_edited_time: minuteTime(page.editedTime),
    }))
    .filter((row) => filter.matches(row))
    .sort((left, right) => sorts.compare(left, right))
}

/** Rows that the caller may see, newest first, which is the order when no sort is asked for. */
function rowsOf(call: Call, source: DataSourceNode): PageNode[] {
  return source.children
    .flatMap((id) => {
      const node = call.state.nodes.get(id)
      return node?.kind === 'page' && canSee(call.state, call.install, node) ? [node] : []
    })
    .sort((left, right) => right.createdTime - left.createdTime || right.sequence - left.sequence)
}

const QUERY_CURSOR = /^s:([0-9a-f-]{36}):(.+)$/

/** Query cursors look like `s:<id of the query>:<id of the next row>`; one of another query is refused. */
function cursorOf(call: Call, source: DataSourceNode): { page: PageRequest; prefix: string } {
  const page = pageRequestOf(call.body)
  const queryId = derivedId(
    'query',
    source.id,
    JSON.stringify([call.body['filter'] ?? null, call.body['sorts'] ?? null]),
  )
  const prefix = `s:${queryId}:`
  if (page.cursor === null) return { page, prefix }
  const match = QUERY_CURSOR.exec(page.cursor)
  if (match === null || match[1] !== queryId) throw invalidCursor(page.cursor)
  return { page: { ...page, cursor: match[2] ?? null }, prefix }
}
