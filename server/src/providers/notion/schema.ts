import type { DataSourceObjectResponse } from '@notionhq/client'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { folded, isRecord, records, stringOrNull } from './json.ts'

/** One column of a data source, as far as values and filters need it. */
export interface Column {
  readonly name: string
  readonly type: string
  /** The allowed names of a select, multi_select or status; none for other types, or where the schema could not be read. */
  readonly options?: readonly string[]
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
  if (!OPTION_TYPES.has(type)) return { name, type }
  const configuration: unknown = (property as Readonly<Record<string, unknown>>)[type]
  const options = isRecord(configuration) ? records(configuration['options']) : []
  return { name, type, options: options.map((option) => stringOrNull(option['name']) ?? '') }
}

/** Finds a column by its name: exactly, or else whatever the case, when that leaves one. */
export function findColumn(columns: readonly Column[], name: string): Outcome<Column> {
  const exact = columns.find((column) => column.name === name)
  if (exact !== undefined) return success(exact)
  const alike = columns.filter((column) => folded(column.name) === folded(name))
  if (alike.length === 1 && alike[0] !== undefined) return success(alike[0])
  const names = listed(columns.map((column) => column.name))
  return failure('invalid_arguments', `There is no property "${name}". The properties are: ${names}.`, {
    path: 'arguments.properties',
  })
}

/** Finds an option of a column: exactly, or else whatever the case. Unknown options are refused, so that a slip of the pen does not change the schema. */
export function findOption(column: Column, name: string): Outcome<string> {
  const { options } = column
  if (options === undefined) return success(name)
  const found = options.find((option) => option === name) ?? options.find((option) => folded(option) === folded(name))
  if (found !== undefined) return success(found)
  return failure(
    'invalid_arguments',
    `"${column.name}" has no option "${name}". The options are: ${listed(options)}.`,
    { path: `arguments.properties.${column.name}` },
  )
}

/** Names for a message, quoted and cut to a length that helps. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, LISTED_NAMES).map((name) => `"${name}"`)
  const rest = names.length - shown.length
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ')
}
