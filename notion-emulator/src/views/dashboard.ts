import { invalid } from '../core/failure.ts'
import type { IdGenerator } from '../core/ids.ts'
import { objectsOf } from '../core/json.ts'
import type { JsonObject } from '../state/model.ts'
import { isObject, literal, object, optional, integer, type Check } from '../validation/check.ts'
import type { View } from './view.ts'

/** Rows that a dashboard may have; a guess, so that it has an end. */
const MAX_ROWS = 100

/** Where a new widget goes. */
export const placementCheck: Check = (value, path) =>
  object({ type: literal('new_row', 'existing_row') })(value, path) ??
  object(
    {
      type: literal('new_row', 'existing_row'),
      row_index:
        isObject(value) && value['type'] === 'existing_row' ? integer(0, MAX_ROWS) : optional(integer(0, MAX_ROWS)),
    },
    true,
  )(value, path)

/** The configuration of a dashboard without widgets. */
export function emptyDashboard(): JsonObject {
  return { type: 'dashboard', rows: [] }
}

/** The configuration of a dashboard with one more widget, or the refusal of a place that is not there. */
export function withWidget(dashboard: View, viewId: string, placement: unknown, newId: IdGenerator): JsonObject {
  const rows = rowsOf(dashboard)
  const wish = isObject(placement) ? placement : { type: 'new_row' }
  const index = typeof wish['row_index'] === 'number' ? wish['row_index'] : rows.length
  const widget = { id: newId(), view_id: viewId }
  if (wish['type'] === 'existing_row') {
    const row = rows[index]
    if (row === undefined) throw invalid(`The dashboard has no row ${index}.`)
    return settled(rows.with(index, { ...row, widgets: [...objectsOf(row['widgets']), widget] }))
  }
  if (rows.length >= MAX_ROWS) throw invalid(`A dashboard can have at most ${MAX_ROWS} rows.`)
  return settled(rows.toSpliced(index, 0, { id: newId(), widgets: [widget] }))
}

/** The configuration of a dashboard without a widget; a row that loses its last widget goes, too. */
export function withoutWidget(dashboard: View, viewId: string): JsonObject {
  const rows = rowsOf(dashboard).map((row) => ({
    ...row,
    widgets: objectsOf(row['widgets']).filter((widget) => widget['view_id'] !== viewId),
  }))
  return settled(rows.filter((row) => row.widgets.length > 0))
}

function rowsOf(dashboard: View): JsonObject[] {
  return objectsOf(dashboard.configuration?.['rows'])
}

/** Every widget says in which row it is. */
function settled(rows: JsonObject[]): JsonObject {
  const numbered = rows.map((row, index) => ({
    ...row,
    widgets: objectsOf(row['widgets']).map((widget) => ({ ...widget, row_index: index })),
  }))
  return { type: 'dashboard', rows: numbered }
}
