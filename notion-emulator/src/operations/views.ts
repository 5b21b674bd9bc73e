import { ok, type Answer, type Call } from '../core/call.ts'
import { invalid } from '../core/failure.ts'
import { parseId } from '../core/ids.ts'
import { stringOf } from '../core/json.ts'
import { findDatabase, findDataSource, requireLiving, requireWritable } from '../core/lookup.ts'
import { listBody, pagingMembers, slice } from '../core/pagination.ts'
import { pageRequestOfQuery } from '../core/query-string.ts'
import { presentSchema } from '../properties/present-schema.ts'
import { compileFilter } from '../query/filter.ts'
import { compileSorts } from '../query/sort.ts'
import { findVisible, requireCapability } from '../state/access.ts'
import type { DataSourceNode, JsonObject } from '../state/model.ts'
import {
  anything,
  isObject,
  nullable,
  object,
  optional,
  record,
  string,
  uuid,
  type Check,
} from '../validation/check.ts'
import { viewConfiguration } from '../views/configuration.ts'
import { withoutWidget } from '../views/dashboard.ts'
import { databaseOfView, findView, sourceOfView } from '../views/find.ts'
import { presentPartialView, presentView } from '../views/present.ts'
import { storedConfiguration } from '../views/properties.ts'
import { ensureFirstViews, removeView, tabsOf, type View } from '../views/view.ts'
import { viewChange } from '../webhooks/changes.ts'

/** The query of the list of views. */
export const listViewsQuery: Check = object({
  database_id: optional(uuid),
  data_source_id: optional(uuid),
  ...pagingMembers,
})

/** `GET /v1/views`: ids of the views of a database, of a data source, or of a data source on a database. */
export function listViews(call: Call): Answer {
  requireCapability(call.install, 'read_content')
  const databaseId = parseId(call.query.get('database_id')?.[0])
  const sourceId = parseId(call.query.get('data_source_id')?.[0])
  if (databaseId === null && sourceId === null) {
    throw invalid('query failed validation: query should have database_id or data_source_id.')
  }
  if (databaseId !== null) findDatabase(call, databaseId)
  if (sourceId !== null) findDataSource(call, sourceId)
  ensureFirstViews(call.state, call.install.workspaceId)
  const databases = databaseId === null ? databasesWith(call, sourceId) : [databaseId]
  const views = databases
    .flatMap((id) => tabsOf(call.state, id))
    .filter((view) => sourceId === null || view.dataSourceId === sourceId)
  const part = slice(views, pageRequestOfQuery(call.query))
  const results = part.items.map(({ id }) => ({ object: 'view', id }))
  return ok(listBody('view', results, part.nextCursor))
}

/** Databases that the caller may see and that show the rows of a data source. */
function databasesWith(call: Call, sourceId: string | null): string[] {
  const showing = [...call.state.views.values()].filter((view) => view.dataSourceId === sourceId)
  const ids = [...new Set(showing.map((view) => view.databaseId))]
  return ids.filter((id) => findVisible(call.state, call.install, id) !== null)
}

/** `GET /v1/views/:view_id`. */
export function getView(call: Call): Answer {
  requireCapability(call.install, 'read_content')
  return ok(presentView(call, findView(call, call.path['view_id'] ?? '')))
}

/** Members that creation and change of a view share. What filter and sorts hold is checked against the schema. */
export const viewMembers: Record<string, Check> = {
  filter: anything,
  sorts: anything,
  quick_filters: optional(nullable(record(nullable(object({}))))),
  configuration: optional(viewConfiguration),
}

/** The body of a change of a view. */
export function updateViewBody(): Check {
  return object({ name: optional(string()), ...viewMembers }, true)
}

/** `PATCH /v1/views/:view_id`. Members of a configuration that the request does not name stay. */
export function updateView(call: Call): Answer {
  requireCapability(call.install, 'update_content')
  const view = findView(call, call.path['view_id'] ?? '')
  const database = databaseOfView(call, view)
  requireWritable(call, database)
  requireLiving(call, database)
  const { configuration, ...change } = settingsOf(call, view.type, sourceOfView(call, view))
  const quickFilters = mergedFilters(view.quickFilters, call.body['quick_filters'])
  Object.assign(view, change, { quickFilters })
  if (configuration !== undefined) {
    view.configuration = merged(view.configuration, configuration, call.body['configuration'])
  }
  if (typeof call.body['name'] === 'string') view.name = call.body['name']
  view.editedBy = call.install.botId
  view.editedTime = call.now
  const updated = { updated_fields: updatedFields(call.body) }
  return { ...ok(presentView(call, view)), changes: [viewChange('view.updated', view.id, database.id, updated)] }
}

/** The four fields that events know; a quick filter is a filter to them. */
function updatedFields(body: JsonObject): string[] {
  const names = Object.keys(body).map((name) => (name === 'quick_filters' ? 'filter' : name))
  return ['name', 'filter', 'sorts', 'configuration'].filter((name) => names.includes(name))
}

/** What a body says about filter, sorts and configuration. Quick filters are told by their properties, see below. */
export interface ViewSettings {
  filter?: JsonObject | null
  sorts?: JsonObject[] | null
  configuration?: JsonObject
}

/** The settings in a validated body, checked against the schema that they name. */
export function settingsOf(call: Call, type: View['type'], source: DataSourceNode | null): ViewSettings {
  if (source === null) return noSettings(call.body)
  const { filter, sorts, configuration } = call.body
  requireFilter(call, source, filter)
  const compiled = compileSorts(sorts ?? undefined, presentSchema(call, source))
  if (!compiled.ok) throw invalid(compiled.message)
  requireQuickFilters(call, source)
  if (isObject(configuration) && configuration['type'] !== type) {
    throw invalid(
      `The view is of type ${type}; its configuration cannot be of type ${stringOf(configuration['type'])}.`,
    )
  }
  return {
    ...(filter === undefined ? {} : { filter: isObject(filter) ? filter : null }),
    ...(sorts === undefined ? {} : { sorts: Array.isArray(sorts) ? sorts.filter(isObject) : null }),
    ...(isObject(configuration) ? { configuration: storedConfiguration(source, configuration, call.newId) } : {}),
  }
}

/** A dashboard, and a view of rows that the caller may not see, can only be named. */
function noSettings(body: JsonObject): ViewSettings {
  const names = ['filter', 'sorts', 'configuration', 'quick_filters']
  const named = names.find((name) => body[name] !== undefined && body[name] !== null)
  if (named !== undefined) throw invalid(`body failed validation: body.${named} should be not present for this view.`)
  return {}
}

function requireQuickFilters(call: Call, source: DataSourceNode): void {
  const wish = call.body['quick_filters']
  for (const [property, condition] of Object.entries(isObject(wish) ? wish : {})) {
    if (isObject(condition)) requireFilter(call, source, { property, ...condition })
  }
}

function requireFilter(call: Call, source: DataSourceNode, filter: unknown): void {
  const me = call.install.owner.type === 'user' ? call.install.owner.userId : undefined
  const compiled = compileFilter(filter, presentSchema(call, source), call.now, me)
  if (!compiled.ok) throw invalid(compiled.message)
}

/** Quick filters by property: those that a body names are set or, with null, taken away; the others stay. */
export function mergedFilters(current: JsonObject | null, wish: unknown): JsonObject | null {
  if (wish === undefined) return current
  if (!isObject(wish)) return null
  const kept = Object.entries({ ...current, ...wish }).filter(([, condition]) => condition !== null)
  return kept.length === 0 ? null : Object.fromEntries(kept)
}

function merged(current: JsonObject | null, given: JsonObject, wish: unknown): JsonObject {
  const removed = isObject(wish) ? Object.keys(wish).filter((name) => wish[name] === null) : []
  const both = Object.entries({ ...current, ...given })
  return Object.fromEntries(both.filter(([name]) => !removed.includes(name)))
}

/** `DELETE /v1/views/:view_id`. A database keeps its last view. */
export function deleteView(call: Call): Answer {
  requireCapability(call.install, 'update_content')
  const view = findView(call, call.path['view_id'] ?? '')
  const database = databaseOfView(call, view)
  requireWritable(call, database)
  requireLiving(call, database)
  if (view.dashboardId === null && tabsOf(call.state, database.id).length === 1) {
    throw invalid('Cannot delete the last view of a database. Delete the database instead.')
  }
  const dashboard = call.state.views.get(view.dashboardId ?? '')
  if (dashboard !== undefined) dashboard.configuration = withoutWidget(dashboard, view.id)
  removeView(call.state, view)
  return { ...ok(presentPartialView(view)), changes: [viewChange('view.deleted', view.id, database.id)] }
}
