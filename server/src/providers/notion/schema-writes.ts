import type { CreateDatabaseParameters, UpdateDataSourceParameters } from '@notionhq/client'
import { isRecord, stringOrNull } from '#kernel/json-values.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { NotionApi } from './client.ts'
import { idIn, readId } from './ids.ts'
import { folded, matchesOf } from './names.ts'
import { findColumn, listed, type Column } from './schema.ts'
import { findDatabase, refuseChoice } from './sources.ts'

type NewColumns = NonNullable<NonNullable<CreateDatabaseParameters['initial_data_source']>['properties']>
type ColumnChanges = NonNullable<UpdateDataSourceParameters['properties']>

/** Types that a column can be made with by naming them alone. */
const SIMPLE_TYPES: ReadonlySet<string> = new Set([
  'title',
  'rich_text',
  'number',
  'select',
  'multi_select',
  'status',
  'date',
  'people',
  'files',
  'checkbox',
  'url',
  'email',
  'phone_number',
  'created_time',
  'created_by',
  'last_edited_time',
  'last_edited_by',
  'unique_id',
  'place',
])

/** Types that need more than their name. */
const COMPOUND_TYPES: ReadonlySet<string> = new Set(['formula', 'relation', 'rollup'])

/** What people call a type → Notion's name. */
const TYPE_ALIASES: Readonly<Record<string, string>> = {
  text: 'rich_text',
  string: 'rich_text',
  person: 'people',
  user: 'people',
  file: 'files',
  boolean: 'checkbox',
  phone: 'phone_number',
  link: 'url',
  tags: 'multi_select',
  id: 'unique_id',
  e_mail: 'email',
  titulo: 'title',
  texto: 'rich_text',
  numero: 'number',
  selecao: 'select',
  selecao_multipla: 'multi_select',
  multipla_selecao: 'multi_select',
  etiquetas: 'multi_select',
  situacao: 'status',
  data: 'date',
  pessoa: 'people',
  pessoas: 'people',
  usuario: 'people',
  arquivo: 'files',
  arquivos: 'files',
  caixa_de_selecao: 'checkbox',
  telefone: 'phone_number',
  relacao: 'relation',
}

/** Types whose options can be listed. */
const OPTION_TYPES: ReadonlySet<string> = new Set(['select', 'multi_select', 'status'])

/** The column that Notion needs in every database, when none is asked for. */
const DEFAULT_TITLE = 'Name'

/** Columns of a new database. Without a title column the first text column becomes it, or one is added. */
export function newColumns(properties: Readonly<Record<string, unknown>>): Outcome<NewColumns> {
  const columns: [string, Record<string, unknown>][] = []
  for (const [name, given] of Object.entries(properties)) {
    const definition = definitionOf(name, given, undefined)
    if (!definition.ok) return definition
    columns.push([name, definition.value])
  }
  if (!columns.some(([, definition]) => 'title' in definition)) {
    const text = columns.find(([, definition]) => 'rich_text' in definition)
    if (text === undefined) columns.unshift([DEFAULT_TITLE, { title: {} }])
    else text[1] = { title: {} }
  }
  return success(Object.fromEntries(columns) as NewColumns)
}

/** Changes of columns: null removes, `{name}` renames, a type adds or changes. Options add to those that are there. */
export function columnChanges(
  properties: Readonly<Record<string, unknown>>,
  columns: readonly Column[],
): Outcome<ColumnChanges> {
  const changes: [string, unknown][] = []
  for (const [name, given] of Object.entries(properties)) {
    const existing = findColumn(columns, name)
    const isOpen = !existing.ok && matchesOf(columns, (column) => column.name, name).length > 0
    if (isOpen || given === null || isRename(given)) {
      if (!existing.ok) return existing
      changes.push([existing.value.name, given])
      continue
    }
    const column = existing.ok ? existing.value : undefined
    const definition = definitionOf(name, given, column)
    if (!definition.ok) return definition
    changes.push([column?.name ?? name, definition.value])
  }
  return success(Object.fromEntries(changes) as ColumnChanges)
}

function isRename(given: unknown): boolean {
  return isRecord(given) && typeof given['name'] === 'string' && Object.keys(given).length === 1
}

function definitionOf(name: string, given: unknown, existing: Column | undefined): Outcome<Record<string, unknown>> {
  if (typeof given === 'string') return simpleDefinition(name, given)
  if (Array.isArray(given)) {
    const keepsType = existing !== undefined && OPTION_TYPES.has(existing.type)
    return optionDefinition(keepsType ? existing.type : 'select', given, existing)
  }
  if (!isRecord(given)) return unknownType(name, given)
  const type = stringOrNull(given['type'])
  // Notion's own form, {<type>: {...}}, is taken as it is.
  const native = Object.keys(given).find((key) => key !== 'type' && isRecord(given[key]) && isType(key))
  if (native !== undefined) return success({ [native]: given[native] })
  return type === null ? unknownType(name, given) : detailedDefinition(name, typeOf(type), given, existing)
}

function isType(name: string): boolean {
  return SIMPLE_TYPES.has(name) || COMPOUND_TYPES.has(name)
}

function typeOf(name: string): string {
  const plain = folded(name).replaceAll(/[\s-]+/g, '_')
  return TYPE_ALIASES[plain] ?? plain
}

function simpleDefinition(name: string, given: string): Outcome<Record<string, unknown>> {
  const type = typeOf(given)
  return SIMPLE_TYPES.has(type) ? success({ [type]: {} }) : unknownType(name, given)
}

function detailedDefinition(
  name: string,
  type: string,
  given: Readonly<Record<string, unknown>>,
  existing: Column | undefined,
): Outcome<Record<string, unknown>> {
  if (type === 'formula') return success({ formula: { expression: given['expression'] } })
  if (type === 'number') return success({ number: given['format'] === undefined ? {} : { format: given['format'] } })
  if (type === 'relation') return relationDefinition(given)
  if (OPTION_TYPES.has(type) && Array.isArray(given['options'])) {
    return optionDefinition(type, given['options'], existing)
  }
  if (type === 'rollup') {
    const { type: _, ...rollup } = given
    return success({ rollup })
  }
  return simpleDefinition(name, type)
}

/** Relations whose target is given by the title, id or URL of a database, with the data source that they need. */
export async function resolveRelations(
  api: NotionApi,
  properties: Readonly<Record<string, unknown>>,
): Promise<Outcome<Record<string, unknown>>> {
  const resolved: Record<string, unknown> = {}
  for (const [name, given] of Object.entries(properties)) {
    resolved[name] = given
    if (!isRecord(given) || typeof given['type'] !== 'string' || typeOf(given['type']) !== 'relation') continue
    const target = stringOrNull(given['data_source_id']) ?? stringOrNull(given['database_id'])
    const isKnown = given['data_source_id'] !== undefined && target !== null && idIn(target) !== undefined
    if (target === null || isKnown) continue
    const found = await findDatabase(api, { database_id: target })
    const path = `arguments.properties.${name}`
    if (!found.ok) return { ok: false, problem: { ...found.problem, path } }
    if (found.value.kind === 'several') return refuseChoice(found.value.database, `properties.${name}`)
    resolved[name] = { ...given, data_source_id: found.value.sourceId }
  }
  return success(resolved)
}

function relationDefinition(given: Readonly<Record<string, unknown>>): Outcome<Record<string, unknown>> {
  const target = readId(stringOrNull(given['data_source_id']) ?? '', 'data_source_id')
  if (!target.ok) return target
  return success({ relation: { data_source_id: target.value, type: 'single_property', single_property: {} } })
}

function optionDefinition(
  type: string,
  given: readonly unknown[],
  existing: Column | undefined,
): Outcome<Record<string, unknown>> {
  const kept = existing?.type === type ? (existing.options ?? []).map((name) => ({ name })) : []
  const added = given
    .map((option) => (typeof option === 'string' ? { name: option } : option))
    .filter((option) => !kept.some(({ name }) => isRecord(option) && folded(String(option['name'])) === folded(name)))
  return success({ [type]: { options: [...kept, ...added] } })
}

function unknownType(name: string, given: unknown): Outcome<never> {
  const shown = typeof given === 'string' ? `"${given}"` : 'this'
  return failure(
    'invalid_arguments',
    `Property "${name}": ${shown} is no type. The types are: ${listed([...SIMPLE_TYPES, ...COMPOUND_TYPES])}; a list of names makes a select.`,
    { path: `arguments.properties.${name}` },
  )
}
