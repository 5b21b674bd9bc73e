import type { Call } from '../core/call.ts'
import { exactTime } from '../core/clock.ts'
import { compactId } from '../core/ids.ts'
import { stringOf } from '../core/json.ts'
import { addressOf } from '../present/address.ts'
import { partialUser } from '../present/users.ts'
import type { JsonObject } from '../state/model.ts'
import { presentConfiguration } from './properties.ts'
import type { View } from './view.ts'

/** A view as far as its deletion shows it. */
export function presentPartialView(view: View): JsonObject {
  return {
    object: 'view',
    id: view.id,
    parent: { type: 'database_id', database_id: view.databaseId },
    type: view.type,
  }
}

/** A whole view. */
export function presentView(call: Call, view: View): JsonObject {
  const { object, id, parent, type } = presentPartialView(view)
  const database = call.state.nodes.get(view.databaseId)
  const source = call.state.nodes.get(stringOf(view.dataSourceId))
  const ofSource = source?.kind === 'data_source' ? source : null
  return {
    object,
    id,
    parent,
    data_source_id: view.dataSourceId,
    name: view.name,
    type,
    filter: view.filter,
    sorts: view.sorts,
    quick_filters: view.quickFilters,
    configuration: view.configuration === null ? null : presentConfiguration(ofSource, view.configuration),
    created_time: exactTime(view.createdTime),
    created_by: partialUser(view.createdBy),
    last_edited_time: exactTime(view.editedTime),
    last_edited_by: partialUser(view.editedBy),
    url: database === undefined ? '' : `${addressOf(database)}?v=${compactId(view.id)}`,
    ...(view.dashboardId === null ? {} : { dashboard_view_id: view.dashboardId }),
  }
}
