import type { Call } from '../core/call.ts'
import { stringOf } from '../core/json.ts'
import { notFound } from '../core/lookup.ts'
import { findVisible } from '../state/access.ts'
import type { DatabaseNode, DataSourceNode } from '../state/model.ts'
import { ensureFirstViews, type View } from './view.ts'

/** The view with this id, on a database that the caller may see. */
export function findView(call: Call, id: string): View {
  ensureFirstViews(call.state, call.install.workspaceId)
  const view = call.state.views.get(id)
  if (view === undefined || findVisible(call.state, call.install, view.databaseId) === null) {
    throw notFound(call, 'view', id)
  }
  return view
}

/** The database that a found view is on. */
export function databaseOfView(call: Call, view: View): DatabaseNode {
  const node = findVisible(call.state, call.install, view.databaseId)
  if (node?.kind !== 'database') throw notFound(call, 'view', view.id)
  return node
}

/** The data source whose rows a found view shows; null for a dashboard, and for one that the caller may not see. */
export function sourceOfView(call: Call, view: View): DataSourceNode | null {
  const node = findVisible(call.state, call.install, stringOf(view.dataSourceId))
  return node?.kind === 'data_source' ? node : null
}
