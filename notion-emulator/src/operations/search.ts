import { ok, type Answer, type Call } from '../core/call.ts'
import { minuteTime } from '../core/clock.ts'
import { listBody, pageRequestOf, pagingMembers, slice } from '../core/pagination.ts'
import { presentNode, presentDatabase } from '../present/objects.ts'
import { titleOf } from '../present/rich-text.ts'
import { searchTitles, type SearchSort } from '../query/search.ts'
import { canSee, isIndexed, requireCapability } from '../state/access.ts'
import type { ApiVersion, JsonObject, Node } from '../state/model.ts'
import { databaseOf, isTrashed } from '../state/tree.ts'
import { boolean, isObject, literal, object, oneOf, optional, string, type Check } from '../validation/check.ts'

const direction = literal('ascending', 'descending')
const sort = oneOf(
  object({ timestamp: literal('last_edited_time'), direction: optional(direction) }, true),
  object({ property: literal('relevance') }, true),
)

/** The body of a search in this version. */
export function searchBody(version: ApiVersion): Check {
  const value = version === '2022-06-28' ? literal('page', 'database') : literal('page', 'data_source')
  const filter = oneOf(
    object({ value, property: literal('object'), in_trash: optional(boolean) }, true),
    object({ in_trash: boolean }, true),
  )
  return object({ query: optional(string()), filter: optional(filter), sort: optional(sort), ...pagingMembers }, true)
}

/** `POST /v1/search`: titles of pages and data sources that are shared with the install. */
export function search(call: Call): Answer {
  requireCapability(call.install, 'read_content')
  const candidates = candidatesOf(call)
  const items = candidates.map((node) => ({ title: titleOf(node), last_edited_time: minuteTime(node.editedTime) }))
  const query = typeof call.body['query'] === 'string' ? call.body['query'] : null
  const found = searchTitles(query, items, sortOf(call.body['sort'])).flatMap((index) => candidates[index] ?? [])
  const part = slice(found, pageRequestOf(call.body))
  const results = part.items.map((node) => presentResult(call, node))
  return ok(listBody('page_or_data_source', results, part.nextCursor))
}

function candidatesOf(call: Call): Node[] {
  const filter = isObject(call.body['filter']) ? call.body['filter'] : {}
  const wanted = filter['value'] === undefined ? null : filter['value'] === 'page' ? 'page' : 'data_source'
  const fromTrash = filter['in_trash'] === true
  return [...call.state.nodes.values()]
    .filter((node) => node.kind === 'page' || node.kind === 'data_source')
    .filter((node) => wanted === null || node.kind === wanted)
    .filter((node) => canSee(call.state, call.install, node) && isTrashed(call.state, node) === fromTrash)
    .filter((node) => isIndexed(call.state, call.install, node, call.now))
    .sort((left, right) => right.editedTime - left.editedTime || right.sequence - left.sequence)
}

function sortOf(wish: unknown): SearchSort | null {
  if (!isObject(wish)) return null
  if (wish['property'] === 'relevance') return { property: 'relevance' }
  return { timestamp: 'last_edited_time', direction: wish['direction'] === 'ascending' ? 'ascending' : 'descending' }
}

function presentResult(call: Call, node: Node): JsonObject {
  const database = node.kind === 'data_source' && call.version === '2022-06-28' ? databaseOf(call.state, node) : null
  return database === null ? presentNode(call, node) : presentDatabase(call, database)
}
