import { derivedId } from '../core/ids.ts'
import type { DatabaseNode, DataSourceNode, JsonObject } from '../state/model.ts'
import { nextSequence, type State } from '../state/state.ts'

/** How a view shows rows. */
export const VIEW_TYPES = [
  'table',
  'board',
  'list',
  'calendar',
  'timeline',
  'gallery',
  'form',
  'chart',
  'map',
  'dashboard',
] as const

export type ViewType = (typeof VIEW_TYPES)[number]

/** One way to look at the rows of a data source. */
export interface View {
  id: string
  workspaceId: string
  databaseId: string
  /** Null for a dashboard, which shows other views. */
  dataSourceId: string | null
  /** The dashboard that shows it, or null for a view with a tab of its own. */
  dashboardId: string | null
  name: string
  type: ViewType
  filter: JsonObject | null
  sorts: JsonObject[] | null
  quickFilters: JsonObject | null
  configuration: JsonObject | null
  /** Views of a database stand in the order of this number. */
  position: number
  createdBy: string
  editedBy: string
  /** Milliseconds since the epoch. */
  createdTime: number
  editedTime: number
}

/** What a view showed at one moment, kept for a while. */
export interface ViewQuery {
  id: string
  viewId: string
  /** The install that asked; nobody else may page through it. */
  botId: string
  pageIds: string[]
  /** Whether there were more rows than one query reaches. */
  isCut: boolean
  /** Milliseconds since the epoch. */
  expiresAt: number
}

/** Name of the view that every data source begins with. */
const FIRST_VIEW_NAME = 'Default view'

/**
 * Gives every data source of a workspace the table that it begins with, once. It is made when somebody first looks, so
 * that whatever makes data sources need not know of views.
 */
export function ensureFirstViews(state: State, workspaceId: string): void {
  for (const node of state.nodes.values()) {
    if (node.kind !== 'data_source' || node.workspaceId !== workspaceId || state.viewedSources.has(node.id)) continue
    const database = state.nodes.get(node.parent.type === 'database' ? node.parent.id : '')
    if (database?.kind === 'database') addFirstView(state, database, node)
  }
}

function addFirstView(state: State, database: DatabaseNode, source: DataSourceNode): void {
  const { createdBy, createdTime, workspaceId } = source
  const id = derivedId('view', source.id)
  state.viewedSources.add(source.id)
  state.views.set(id, {
    id,
    workspaceId,
    databaseId: database.id,
    dataSourceId: source.id,
    dashboardId: null,
    name: FIRST_VIEW_NAME,
    type: 'table',
    filter: null,
    sorts: null,
    quickFilters: null,
    configuration: { type: 'table' },
    position: nextSequence(state),
    createdBy,
    editedBy: createdBy,
    createdTime,
    editedTime: createdTime,
  })
}

/** Views with a tab of their own, in the order of the tabs. */
export function tabsOf(state: State, databaseId: string): View[] {
  return [...state.views.values()]
    .filter((view) => view.databaseId === databaseId && view.dashboardId === null)
    .toSorted((left, right) => left.position - right.position)
}

/** Takes a view away, and with a dashboard the views that it shows. */
export function removeView(state: State, view: View): void {
  state.views.delete(view.id)
  for (const [id, query] of state.viewQueries) if (query.viewId === view.id) state.viewQueries.delete(id)
  for (const other of state.views.values()) if (other.dashboardId === view.id) removeView(state, other)
}
