import {
  isFullPage,
  type DatabaseObjectResponse,
  type DataSourceObjectResponse,
  type PageObjectResponse,
  type QueryDataSourceParameters,
} from '@notionhq/client'
import { z } from 'zod'
import { isRecord, stringOrNull } from '#kernel/json-values.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { NotionApi } from '#providers/notion/client.ts'
import { readFilter } from '#providers/notion/filter-values.ts'
import { completeSorts, type PlainSort } from '#providers/notion/filters.ts'
import { clip } from '#providers/notion/json.ts'
import { compactId } from '#providers/notion/ids.ts'
import { addressText, parentText } from '#providers/notion/pages.ts'
import { listResult, pageArguments, readPosition, showList } from '#providers/notion/results.ts'
import { plainText } from '#providers/notion/rich-text.ts'
import { columnsOf, type Column } from '#providers/notion/schema.ts'
import { describeChoice, findDatabase, readColumns, readSource } from '#providers/notion/sources.ts'
import { rowValue, tableOf } from '#providers/notion/tables.ts'
import type { Words } from '#providers/notion/words.ts'

const QUERY_PAGE_SIZE = 25

/** A schema names each option; a select with hundreds of them is cut. */
const COLUMN_CHARACTERS = 600

export const getDatabase = defineTool({
  name: 'notion_get_database',
  title: { en: 'Get database', pt: 'Obter banco de dados' },
  description: 'Get the columns (names, types, options) of a database. For rows use notion_query_database.',
  input: z.strictObject({
    database_id: z.string().optional().describe('id, URL or title'),
    data_source_id: z.string().optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  needs: ['read'],
  intent: {
    verbs: { en: ['get', 'show', 'describe', 'have'], pt: ['obter', 'mostrar', 'descrever', 'ter'] },
    nouns: {
      en: ['database', 'schema', 'column', 'structure', 'field', 'property of a database', 'option'],
      pt: ['banco de dados', 'base', 'esquema', 'coluna', 'estrutura', 'campo', 'propriedade da base', 'opção'],
    },
  },
  run: async (api: NotionApi, input) => {
    const found = await findDatabase(api, input)
    if (!found.ok) return found
    if (found.value.kind === 'several') return success(choice(found.value.database))
    const source = await readSource(api, found.value.sourceId)
    return source.ok ? success(describeDatabase(found.value.database, source.value, api.words)) : source
  },
})

function choice(database: DatabaseObjectResponse): ToolResult {
  return {
    text: describeChoice(database),
    value: { ...databaseValue(database), needs: 'data_source_id' },
  }
}

interface DatabaseValue {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly url: string
  readonly parent: { readonly type: string }
  readonly in_trash: boolean
}

function databaseValue(database: DatabaseObjectResponse): DatabaseValue & { readonly data_sources: unknown } {
  return {
    id: database.id,
    title: plainText(database.title),
    description: plainText(database.description),
    url: database.url,
    parent: database.parent,
    in_trash: database.in_trash,
    data_sources: database.data_sources,
  }
}

function describeDatabase(
  database: DatabaseObjectResponse | undefined,
  source: DataSourceObjectResponse,
  words: Words,
): ToolResult {
  const columns = columnsOf(source.properties)
  const shown = database === undefined ? sourceValue(source) : databaseValue(database)
  const text = [
    `# ${shown.title || words.untitled}`,
    ...(shown.description === '' ? [] : [shown.description]),
    `${addressText(shown.id, shown.url)}, ${words.places['data source'] ?? 'data source'} ${compactId(source.id)}`,
    `${words.placed(parentText(shown.parent, words))}${shown.in_trash ? `, ${words.inTrash}` : ''}`,
    ...columns.map((column) => `- ${clip(columnText(column, source), COLUMN_CHARACTERS)}`),
  ].join('\n')
  return { text, value: { ...shown, data_source_id: source.id, properties: columns } }
}

/** What a data source tells of the database around it. */
function sourceValue(source: DataSourceObjectResponse): DatabaseValue {
  return {
    id: source.parent.type === 'database_id' ? source.parent.database_id : source.id,
    title: plainText(source.title),
    description: plainText(source.description),
    url: source.url,
    parent: source.database_parent,
    in_trash: source.in_trash,
  }
}

function columnText(column: Column, source: DataSourceObjectResponse): string {
  const details = column.options?.join(', ') ?? detailOf(column, source)
  return `${column.name}: ${column.type}${details === '' ? '' : ` (${details})`}`
}

function detailOf(column: Column, source: DataSourceObjectResponse): string {
  const property = source.properties[column.name] as Readonly<Record<string, unknown>> | undefined
  const configuration = property?.[column.type]
  if (!isRecord(configuration)) return ''
  const target = stringOrNull(configuration['data_source_id'])
  if (target !== null) return `to data source ${compactId(target)}`
  const format = stringOrNull(configuration['format']) ?? ''
  return format === column.type ? '' : format
}

export const queryDatabase = defineTool({
  name: 'notion_query_database',
  title: { en: 'Query database', pt: 'Consultar banco de dados' },
  description:
    'List rows of a database as a table, filtered and sorted. filter: {"property", "equals"} (or contains, greater_than, before, is_empty …), {"and": [...]} or Notion\'s own JSON.',
  input: z.strictObject({
    database_id: z.string().optional().describe('id, URL or title'),
    data_source_id: z.string().optional(),
    filter: z.record(z.string(), z.unknown()).optional(),
    sorts: z
      .array(
        z.strictObject({
          property: z.string().optional(),
          timestamp: z.enum(['created_time', 'last_edited_time']).optional(),
          direction: z.enum(['ascending', 'descending']).optional(),
        }),
      )
      .optional(),
    start_cursor: z.string().optional(),
    page_size: z.int().min(1).max(100).optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  needs: ['read'],
  intent: {
    verbs: {
      en: ['query', 'list', 'filter', 'sort', 'show', 'give'],
      pt: ['consultar', 'listar', 'filtrar', 'ordenar', 'mostrar', 'trazer'],
    },
    nouns: {
      en: ['row', 'database', 'entry', 'record', 'task', 'table'],
      pt: ['linha', 'banco de dados', 'base', 'registro', 'tarefa', 'tabela'],
    },
  },
  run: async (api: NotionApi, input) => {
    const found = await findDatabase(api, input)
    if (!found.ok) return found
    if (found.value.kind === 'several') return success(choice(found.value.database))
    const { sourceId } = found.value
    const conditions = await readConditions(api, sourceId, input)
    if (!conditions.ok) return conditions
    const position = readPosition(input.start_cursor)
    const body: QueryDataSourceParameters = {
      data_source_id: sourceId,
      ...pageArguments(position, input.page_size ?? QUERY_PAGE_SIZE),
      ...conditions.value,
    }
    const answer = await api.read((notion) => notion.dataSources.query(body), { needs: 'read', noun: 'database' })
    if (!answer.ok) return answer
    const rows = answer.value.results.filter((row): row is PageObjectResponse => isFullPage(row))
    const table = tableOf(rows, api.words)
    const shown = showList({ ...answer.value, results: rows }, position, table.line)
    const value = { data_source_id: sourceId, results: shown.items.map(rowValue) }
    return success(listResult(shown, rows.length === 0 ? api.words.noRows : table.head, value, api.words))
  },
})

type Conditions = Pick<QueryDataSourceParameters, 'filter' | 'sorts'>

interface PlainConditions {
  readonly filter?: Readonly<Record<string, unknown>> | undefined
  readonly sorts?: readonly PlainSort[] | undefined
}

/** The schema is read only for conditions that need it. */
async function readConditions(api: NotionApi, sourceId: string, given: PlainConditions): Promise<Outcome<Conditions>> {
  const filter = given.filter === undefined || Object.keys(given.filter).length === 0 ? undefined : given.filter
  const sorts = given.sorts ?? []
  if (filter === undefined && sorts.length === 0) return success({})
  const columns = await readColumns(api, sourceId)
  if (!columns.ok) return columns
  const filtered = filter === undefined ? success({}) : wrapFilter(await readFilter(api, filter, columns.value))
  if (!filtered.ok || sorts.length === 0) return filtered
  const sorted = completeSorts(sorts, columns.value)
  return sorted.ok ? success({ ...filtered.value, sorts: sorted.value }) : sorted
}

function wrapFilter(filter: Awaited<ReturnType<typeof readFilter>>): Outcome<Conditions> {
  return filter.ok ? success({ filter: filter.value }) : filter
}
