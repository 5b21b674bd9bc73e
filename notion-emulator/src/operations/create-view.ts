import type { Answer, Call } from '../core/call.ts'
import { ok } from '../core/call.ts'
import { invalid } from '../core/failure.ts'
import { parseId } from '../core/ids.ts'
import { stringOf } from '../core/json.ts'
import { findDatabase, findDataSource, findPage, originOf, requireLiving, requireWritable } from '../core/lookup.ts'
import { requireCapability } from '../state/access.ts'
import type { DatabaseNode, DataSourceNode } from '../state/model.ts'
import { nextSequence } from '../state/state.ts'
import { newDatabase, place, referenceTo, touch } from '../state/tree.ts'
import { isObject, literal, object, optional, string, uuid, type Check } from '../validation/check.ts'
import { emptyDashboard, placementCheck, withWidget } from '../views/dashboard.ts'
import { databaseOfView, findView } from '../views/find.ts'
import { presentView } from '../views/present.ts'
import { ensureFirstViews, tabsOf, VIEW_TYPES, type View } from '../views/view.ts'
import { viewChange } from '../webhooks/changes.ts'
import { mergedFilters, settingsOf, viewMembers } from './views.ts'

const position: Check = (value, path) =>
  object({ type: literal('start', 'end', 'after_view') })(value, path) ??
  object(
    {
      type: literal('start', 'end', 'after_view'),
      ...(isObject(value) && value['type'] === 'after_view' ? { view_id: uuid } : {}),
    },
    true,
  )(value, path)

const newDatabaseWish: Check = object(
  {
    parent: object({ type: literal('page_id'), page_id: uuid }, true),
    position: optional(object({ type: literal('after_block'), block_id: uuid }, true)),
  },
  true,
)

/** The body of a new view. */
export function createViewBody(): Check {
  return object(
    {
      data_source_id: uuid,
      name: string(),
      type: literal(...VIEW_TYPES),
      database_id: optional(uuid),
      view_id: optional(uuid),
      create_database: optional(newDatabaseWish),
      position: optional(position),
      placement: optional(placementCheck),
      ...viewMembers,
    },
    true,
  )
}

/** Where a new view goes. Nothing changes until `commit`, which answers the database. */
interface Home {
  dashboard: View | null
  position: number
  commit: () => DatabaseNode
}

/** `POST /v1/views`: on a database, as a widget of a dashboard, or on a new database that shows rows of another. */
export function createView(call: Call): Answer {
  requireCapability(call.install, 'insert_content')
  requireCapability(call.install, 'update_content')
  ensureFirstViews(call.state, call.install.workspaceId)
  const source = findDataSource(call, parseId(call.body['data_source_id']) ?? '')
  const home = homeOf(call, source)
  const type = VIEW_TYPES.find((candidate) => candidate === call.body['type']) ?? 'table'
  if (type === 'dashboard' && home.dashboard !== null) throw invalid('A dashboard cannot be a widget of a dashboard.')
  const dataSource = type === 'dashboard' ? null : source
  const settings = settingsOf(call, type, dataSource)
  const id = call.newId()
  const rows = home.dashboard === null ? null : withWidget(home.dashboard, id, call.body['placement'], call.newId)

  const database = home.commit()
  if (home.dashboard !== null) home.dashboard.configuration = rows
  const view = bareView(call, { id, databaseId: database.id, type, position: home.position })
  view.dataSourceId = dataSource?.id ?? null
  view.dashboardId = home.dashboard?.id ?? null
  Object.assign(view, settings)
  call.state.views.set(id, view)
  const change = viewChange('view.created', id, database.id, { view_type: type })
  return { ...ok(presentView(call, view)), changes: [change] }
}

/** A view that shows everything, as the body names it. */
function bareView(call: Call, made: Pick<View, 'id' | 'databaseId' | 'type' | 'position'>): View {
  return {
    ...made,
    workspaceId: call.install.workspaceId,
    dataSourceId: null,
    dashboardId: null,
    name: stringOf(call.body['name']),
    filter: null,
    sorts: null,
    quickFilters: mergedFilters(null, call.body['quick_filters']),
    configuration: made.type === 'dashboard' ? emptyDashboard() : { type: made.type },
    createdBy: call.install.botId,
    editedBy: call.install.botId,
    createdTime: call.now,
    editedTime: call.now,
  }
}

function homeOf(call: Call, source: DataSourceNode): Home {
  const homes = ['database_id', 'view_id', 'create_database'].filter((name) => call.body[name] !== undefined)
  if (homes.length !== 1) {
    throw invalid('body failed validation: body should have exactly one of database_id, view_id and create_database.')
  }
  if (call.body['placement'] !== undefined && homes[0] !== 'view_id') {
    throw invalid('body failed validation: body.placement should be not present without body.view_id.')
  }
  if (call.body['position'] !== undefined && homes[0] !== 'database_id') {
    throw invalid('body failed validation: body.position should be not present without body.database_id.')
  }
  if (homes[0] === 'view_id') return dashboardHome(call)
  return homes[0] === 'database_id' ? databaseHome(call, source) : newHome(call)
}

function databaseHome(call: Call, source: DataSourceNode): Home {
  const database = findDatabase(call, parseId(call.body['database_id']) ?? '')
  requireChangeable(call, database)
  const isShown = tabsOf(call.state, database.id).some((view) => view.dataSourceId === source.id)
  const isOwn = source.parent.type === 'database' && source.parent.id === database.id
  if (!isOwn && !isShown) throw invalid(`Data source ${source.id} is not in database ${database.id}.`)
  return { dashboard: null, position: positionOf(call, database), commit: () => database }
}

function requireChangeable(call: Call, database: DatabaseNode): void {
  requireWritable(call, database)
  requireLiving(call, database)
}

/** A number that puts a view where the body wants it among the tabs of the database. */
function positionOf(call: Call, database: DatabaseNode): number {
  const wish = isObject(call.body['position']) ? call.body['position'] : { type: 'end' }
  const tabs = tabsOf(call.state, database.id)
  if (wish['type'] === 'end') return nextSequence(call.state)
  if (wish['type'] === 'start') return (tabs[0]?.position ?? 0) - 1
  const id = parseId(wish['view_id'])
  const index = tabs.findIndex((view) => view.id === id)
  const before = tabs[index]?.position
  if (before === undefined) throw invalid(`View with ID ${id ?? ''} is not a view of database ${database.id}.`)
  const after = tabs[index + 1]?.position
  return after === undefined ? nextSequence(call.state) : (before + after) / 2
}

function dashboardHome(call: Call): Home {
  const dashboard = findView(call, parseId(call.body['view_id']) ?? '')
  const database = databaseOfView(call, dashboard)
  requireChangeable(call, database)
  if (dashboard.type !== 'dashboard') throw invalid(`View with ID ${dashboard.id} is not a dashboard.`)
  return { dashboard, position: 0, commit: () => database }
}

/** A database without data sources of its own, which shows rows that live elsewhere. */
function newHome(call: Call): Home {
  const wish = isObject(call.body['create_database']) ? call.body['create_database'] : {}
  const parent = isObject(wish['parent']) ? wish['parent'] : {}
  const page = findPage(call, parseId(parent['page_id']) ?? '')
  requireWritable(call, page)
  requireLiving(call, page)
  const after = isObject(wish['position']) ? parseId(wish['position']['block_id']) : null
  const index = after === null ? page.children.length - 1 : page.children.indexOf(after)
  if (after !== null && index < 0) throw invalid(`Block with ID ${after} is not a child of the parent page.`)
  const commit = (): DatabaseNode => {
    const origin = originOf(call)
    const database = newDatabase(origin, referenceTo(page))
    database.isInline = true
    place(page, [database], index + 1)
    touch(origin, page)
    return database
  }
  return { dashboard: null, position: 0, commit }
}
