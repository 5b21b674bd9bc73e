import {
  isFullDatabase,
  isFullDataSource,
  type DatabaseObjectResponse,
  type DataSourceObjectResponse,
} from '@notionhq/client'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { NotionApi } from './client.ts'
import type { Operation } from './errors.ts'
import { idIn } from './ids.ts'
import { resolveTitle } from './resolve.ts'
import { plainText } from './rich-text.ts'
import { columnsOf, type Column } from './schema.ts'
import type { TitleScope } from './titles.ts'

/** How a tool names a database: by its own id, by that of one of its data sources, by either's URL, or by its title. */
export interface DatabaseArguments {
  readonly database_id?: string | undefined
  readonly data_source_id?: string | undefined
}

/** A database and the data source meant, or the choice that the caller has to make. */
export type FoundDatabase =
  | { readonly kind: 'one'; readonly sourceId: string; readonly database: DatabaseObjectResponse | undefined }
  | { readonly kind: 'several'; readonly database: DatabaseObjectResponse }

const READ_DATABASE: Operation = { needs: 'read', noun: 'database' }

/** Resolves the arguments to one data source, where they leave no choice. */
export async function findDatabase(api: NotionApi, given: DatabaseArguments): Promise<Outcome<FoundDatabase>> {
  if (given.data_source_id !== undefined) {
    const sourceId = idIn(given.data_source_id)
    if (sourceId === undefined) return sourceByTitle(api, given.data_source_id, 'data_source_id')
    return success({ kind: 'one', sourceId, database: undefined })
  }
  const id = idIn(given.database_id ?? '')
  if (id === undefined) return sourceByTitle(api, given.database_id ?? '', 'database_id')
  const database = await readDatabase(api, id)
  if (database.ok) return chooseSource(database.value)
  if (database.problem.code !== 'not_found') return database
  // Searches and relations name data sources, so the id may be one.
  const source = await readSource(api, id)
  return source.ok ? success({ kind: 'one', sourceId: id, database: undefined }) : database
}

/** Search knows data sources by their titles, which in a database with only one is the title of both. */
async function sourceByTitle(api: NotionApi, title: string, argument: string): Promise<Outcome<FoundDatabase>> {
  const found = await resolveTitle(api, title, argument, { object: 'database' })
  if (!found.ok) return found
  const { id, databaseId } = found.value
  if (id !== databaseId) return success({ kind: 'one', sourceId: id, database: undefined })
  const database = await readDatabase(api, id)
  return database.ok ? chooseSource(database.value) : database
}

/** The id of the database itself; one that is given by its title costs a search. */
export async function resolveDatabase(
  api: NotionApi,
  text: string,
  argument: string,
  scope: Pick<TitleScope, 'inTrash'> = {},
): Promise<Outcome<string>> {
  const id = idIn(text)
  if (id !== undefined) return success(id)
  const found = await resolveTitle(api, text, argument, { ...scope, object: 'database' })
  return found.ok ? success(found.value.databaseId ?? found.value.id) : found
}

function chooseSource(database: DatabaseObjectResponse): Outcome<FoundDatabase> {
  const [first, ...others] = database.data_sources
  if (first === undefined) return failure('not_found', 'This database has no data source that the integration can see.')
  return success(others.length === 0 ? { kind: 'one', sourceId: first.id, database } : { kind: 'several', database })
}

/** The list of a database's data sources, and what to do with it. */
export function describeChoice(database: DatabaseObjectResponse): string {
  const lines = database.data_sources.map((source) => `- ${source.name}: data_source_id ${source.id}`)
  const title = plainText(database.title)
  return [`The database "${title}" has several data sources. Call again with one data_source_id:`, ...lines].join('\n')
}

/** The same choice where the tool can do nothing without it. */
export function refuseChoice(database: DatabaseObjectResponse, argument: string): Outcome<never> {
  return failure('invalid_arguments', describeChoice(database), {
    path: `arguments.${argument}`,
    extra: { data_sources: database.data_sources },
  })
}

/** A database without its schema. */
async function readDatabase(api: NotionApi, id: string): Promise<Outcome<DatabaseObjectResponse>> {
  const answer = await api.read((notion) => notion.databases.retrieve({ database_id: id }), READ_DATABASE)
  if (!answer.ok) return answer
  return isFullDatabase(answer.value) ? success(answer.value) : hidden
}

/** A data source with its schema. */
export async function readSource(api: NotionApi, id: string): Promise<Outcome<DataSourceObjectResponse>> {
  const answer = await api.read((notion) => notion.dataSources.retrieve({ data_source_id: id }), READ_DATABASE)
  if (!answer.ok) return answer
  return isFullDataSource(answer.value) ? success(answer.value) : hidden
}

/** The columns of a data source. */
export async function readColumns(api: NotionApi, sourceId: string): Promise<Outcome<Column[]>> {
  const source = await readSource(api, sourceId)
  return source.ok ? success(columnsOf(source.value.properties)) : source
}

/** Notion answers with a bare id to integrations that may insert but not read. */
export const hidden = failure(
  'forbidden_by_provider',
  'Notion shows only the id of this: the integration lacks the capability "Read content". Do not retry; its owner can switch that on at notion.so/profile/integrations.',
  { extra: { missing_permission: 'read' } },
)
