import {
  array,
  boolean,
  integer,
  literal,
  nullable,
  number,
  object,
  optional,
  string,
  type Check,
} from '../validation/check.ts'
import type { ViewType } from './view.ts'

type Members = Record<string, Check>

/** A member that may be left out, and that null takes away. */
const choice = (...allowed: string[]): Check => optional(nullable(literal(...allowed)))
const flag: Check = optional(nullable(boolean))
const limit: Check = optional(nullable(number))
const size: Check = choice('small', 'medium', 'large')
const height: Check = choice('small', 'medium', 'large', 'extra_large')

const MAX_PROPERTIES = 500

const shownProperty: Check = object(
  {
    property_id: string(),
    visible: optional(boolean),
    width: optional(number),
    wrap: optional(boolean),
    status_show_as: optional(literal('select', 'checkbox')),
    card_property_width_mode: optional(literal('full_line', 'inline')),
    date_format: optional(literal('full', 'short', 'month_day_year', 'day_month_year', 'year_month_day', 'relative')),
    time_format: optional(literal('12_hour', '24_hour', 'hidden')),
    property_name: optional(string()),
  },
  true,
)
const properties: Check = optional(nullable(array(shownProperty, MAX_PROPERTIES)))

const sort: Check = object({ type: literal('manual', 'ascending', 'descending') }, true)
const ranges: Members = { range_start: optional(number), range_end: optional(number), range_size: optional(number) }
const period: Check = literal('relative', 'day', 'week', 'month', 'year')
const wording: Check = literal('exact', 'alphabet_prefix')
const firstDay: Check = optional(integer(0, 1))

/** What groups of rows a formula makes, by the type of its result. */
const FORMULA_GROUPS: Record<string, Members> = {
  date: { group_by: period, start_day_of_week: firstDay },
  text: { group_by: wording },
  number: ranges,
  checkbox: {},
}

const byFormula: Check = (value, path) =>
  object({ type: literal(...Object.keys(FORMULA_GROUPS)) })(value, path) ??
  object({ type: string(), sort, ...FORMULA_GROUPS[typeNamed(value)] }, true)(value, path)

const date: Members = { group_by: period, sort, start_day_of_week: firstDay }
const text: Members = { group_by: wording, sort }
/** What rows can be grouped by, and what that needs to be told. */
const GROUPS: Record<string, Members> = {
  select: { sort },
  multi_select: { sort },
  status: { group_by: literal('group', 'option'), sort },
  person: { sort },
  created_by: { sort },
  last_edited_by: { sort },
  relation: { sort },
  date,
  created_time: date,
  last_edited_time: date,
  text,
  title: text,
  url: text,
  email: text,
  phone_number: text,
  number: { sort, ...ranges },
  checkbox: { sort },
  formula: { group_by: byFormula },
}

function typeNamed(value: unknown): string {
  return typeof value === 'object' && value !== null && 'type' in value ? String(value.type) : ''
}

const groupBy: Check = (value, path) =>
  object({ type: literal(...Object.keys(GROUPS)) })(value, path) ??
  object(
    {
      type: string(),
      property_id: string(),
      property_name: optional(string()),
      hide_empty_groups: optional(boolean),
      ...GROUPS[typeNamed(value)],
    },
    true,
  )(value, path)
const grouping: Check = optional(nullable(groupBy))

const coverOfCard: Check = optional(
  nullable(
    object(
      {
        type: literal('page_cover', 'page_content', 'page_content_first', 'property'),
        property_id: optional(string()),
      },
      true,
    ),
  ),
)
const cards: Members = {
  properties,
  cover: coverOfCard,
  cover_size: size,
  cover_aspect: choice('contain', 'cover'),
  card_layout: choice('list', 'compact'),
}

const AGGREGATORS = [
  'count',
  'count_values',
  'sum',
  'average',
  'median',
  'min',
  'max',
  'range',
  'unique',
  'empty',
  'not_empty',
  'percent_empty',
  'percent_not_empty',
  'checked',
  'unchecked',
  'percent_checked',
  'percent_unchecked',
  'earliest_date',
  'latest_date',
  'date_range',
]
const aggregation: Check = optional(
  nullable(object({ aggregator: literal(...AGGREGATORS), property_id: optional(string()) }, true)),
)
const COLORS = ['gray', 'blue', 'yellow', 'green', 'purple', 'orange', 'pink', 'red']
const referenceLine: Check = object(
  {
    id: optional(string()),
    value: number,
    label: string(),
    color: literal('lightgray', 'brown', ...COLORS),
    dash_style: literal('solid', 'dash'),
  },
  true,
)
const MAX_REFERENCE_LINES = 20

const chart: Members = {
  chart_type: literal('column', 'bar', 'line', 'donut', 'number'),
  x_axis: grouping,
  y_axis: aggregation,
  x_axis_property_id: optional(nullable(string())),
  y_axis_property_id: optional(nullable(string())),
  value: aggregation,
  sort: choice('manual', 'x_ascending', 'x_descending', 'y_ascending', 'y_descending'),
  color_theme: choice('teal', 'auto', 'colorful', ...COLORS),
  height,
  hide_empty_groups: flag,
  legend_position: choice('off', 'bottom', 'side'),
  show_data_labels: flag,
  axis_labels: choice('none', 'x_axis', 'y_axis', 'both'),
  grid_lines: choice('none', 'horizontal', 'vertical', 'both'),
  cumulative: flag,
  smooth_line: flag,
  hide_line_fill_area: flag,
  group_style: choice('normal', 'percent', 'side_by_side'),
  y_axis_min: limit,
  y_axis_max: limit,
  donut_labels: choice('none', 'value', 'name', 'name_and_value'),
  hide_title: flag,
  stack_by: grouping,
  reference_lines: optional(nullable(array(referenceLine, MAX_REFERENCE_LINES))),
  caption: optional(nullable(string())),
  color_by_value: flag,
}

const subtasks: Check = optional(
  nullable(
    object(
      {
        property_id: optional(string()),
        display_mode: optional(literal('show', 'hidden', 'flattened', 'disabled')),
        filter_scope: optional(literal('parents', 'parents_and_subitems', 'subitems')),
        toggle_column_id: optional(string()),
      },
      true,
    ),
  ),
)

const timeline: Members = {
  date_property_id: string(),
  end_date_property_id: optional(nullable(string())),
  properties,
  show_table: flag,
  table_properties: properties,
  preference: optional(
    nullable(
      object(
        {
          zoom_level: literal('hours', 'day', 'week', 'bi_week', 'month', 'quarter', 'year', '5_years'),
          center_timestamp: optional(number),
        },
        true,
      ),
    ),
  ),
  arrows_by: optional(nullable(object({ property_id: optional(nullable(string())) }, true))),
  color_by: flag,
}

/** What the configuration of each type of view may hold. A dashboard is told through its widgets alone. */
const MEMBERS: Record<Exclude<ViewType, 'dashboard'>, Members> = {
  table: {
    properties,
    group_by: grouping,
    subtasks,
    wrap_cells: optional(boolean),
    frozen_column_index: optional(number),
    show_vertical_lines: optional(boolean),
  },
  board: { group_by: groupBy, sub_group_by: grouping, ...cards },
  list: { properties },
  calendar: {
    date_property_id: string(),
    properties,
    view_range: choice('week', 'month'),
    show_weekends: flag,
  },
  timeline,
  gallery: cards,
  form: {
    is_form_closed: flag,
    anonymous_submissions: flag,
    submission_permissions: choice('none', 'comment_only', 'reader', 'read_and_write', 'editor'),
  },
  chart,
  map: { height, map_by: optional(nullable(string())), properties },
}

const TYPES = Object.keys(MEMBERS) as (keyof typeof MEMBERS)[]

/** The `configuration` of a view, told apart by its `type`. */
export const viewConfiguration: Check = (value, path) => {
  const named = object({ type: literal(...TYPES) })(value, path)
  const type = TYPES.find((candidate) => candidate === typeNamed(value))
  return type === undefined ? named : object({ type: literal(type), ...MEMBERS[type] }, true)(value, path)
}
