import type { DataSourceObjectResponse } from '@notionhq/client'
import { isRecord, stringOrNull } from '#kernel/json-values.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { records } from './json.ts'
import { matchesOf } from './names.ts'

/** One column of a data source, as far as values and filters need it. */
export interface Column {
  readonly name: string
  readonly type: string
  /** The allowed names of a select, multi_select or status; none for other types, or where the schema could not be read. */
  readonly options?: readonly string[]
  /** How a number is shown, by Notion's word: `percent`, `real` … */
  readonly format?: string
  /** The data source whose rows a relation points to. */
  readonly data_source_id?: string
}

/** Types with a fixed set of names. */
const OPTION_TYPES: ReadonlySet<string> = new Set(['select', 'multi_select', 'status'])

/** How many names an error lists before it only counts the rest. */
const LISTED_NAMES = 60

/** The columns of a data source. */
export function columnsOf(properties: DataSourceObjectResponse['properties']): Column[] {
  return Object.values(properties).map(columnOf)
}

function columnOf(property: DataSourceObjectResponse['properties'][string]): Column {
  const { name, type } = property
  const given: unknown = (property as Readonly<Record<string, unknown>>)[type]
  const configuration = isRecord(given) ? given : {}
  if (OPTION_TYPES.has(type)) {
    const options = records(configuration['options'])
    return { name, type, options: options.map((option) => stringOrNull(option['name']) ?? '') }
  }
  const format = type === 'number' ? stringOrNull(configuration['format']) : null
  const data_source_id = type === 'relation' ? stringOrNull(configuration['data_source_id']) : null
  return { name, type, ...(format === null ? {} : { format }), ...(data_source_id === null ? {} : { data_source_id }) }
}

/** Finds a column by its name, whatever its case and accents, where that leaves one. */
export function findColumn(columns: readonly Column[], name: string): Outcome<Column> {
  const [found, ...others] = matchesOf(columns, (column) => column.name, name)
  if (found !== undefined && others.length === 0) return success(found)
  const detail =
    found === undefined
      ? `There is no property "${name}". The properties are: ${listed(columns.map((column) => column.name))}.`
      : `Several properties fit "${name}": ${listed([found, ...others].map((column) => column.name))}. Write the one meant exactly so.`
  return failure('invalid_arguments', detail, { path: 'arguments.properties' })
}

/** The option of a column by its name, whatever its case and accents; none where it has no such option, or several. */
export function optionOf(column: Column, name: string): string | undefined {
  const [found, ...others] = matchesOf(column.options ?? [], (option) => option, name)
  return others.length === 0 ? found : undefined
}

/** Finds an option that must be there. Where the schema could not be read, the name is taken as it is. */
export function findOption(column: Column, name: string): Outcome<string> {
  const found = column.options === undefined ? name : optionOf(column, name)
  if (found !== undefined) return success(found)
  return failure(
    'invalid_arguments',
    `"${column.name}" has no option "${name}". The options are: ${listed(column.options ?? [])}.`,
    { path: `arguments.properties.${column.name}` },
  )
}

/** Names for a message, quoted and cut to a length that helps. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, LISTED_NAMES).map((name) => `"${name}"`)
  const rest = names.length - shown.length
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ')
}
