import {
  isFullDatabase,
  type CreateDatabaseParameters,
  type GetDatabaseResponse,
  type UpdateDatabaseParameters,
  type UpdateDataSourceParameters,
} from '@notionhq/client'
import { z } from 'zod'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { NotionApi } from '#providers/notion/client.ts'
import { resolvePage } from '#providers/notion/resolve.ts'
import { plainText, richTextOf } from '#providers/notion/rich-text.ts'
import { columnChanges, newColumns, resolveRelations } from '#providers/notion/schema-writes.ts'
import {
  findDatabase,
  readColumns,
  readSource,
  refuseChoice,
  resolveDatabase,
  type FoundDatabase,
} from '#providers/notion/sources.ts'
import { guardRows } from '#providers/notion/subpages.ts'
import type { Words } from '#providers/notion/words.ts'
import { partlyDone, reportWrite, updateOf } from '#providers/notion/writes.ts'

export const createDatabase = defineTool({
  name: 'notion_create_database',
  title: { en: 'Create database', pt: 'Criar banco de dados' },
  description: 'Create a database (table) inside a page.',
  input: z.strictObject({
    parent_id: z.string().describe('page'),
    title: z.string(),
    properties: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('columns: name → type ("title", "rich_text", "number", "date", "people", …) or list of select options'),
    description: z.string().optional(),
  }),
  annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  needs: ['insert'],
  intent: {
    verbs: { en: ['create', 'make', 'build', 'set up'], pt: ['criar', 'fazer', 'montar', 'construir'] },
    nouns: {
      en: ['database', 'table', 'database with columns', 'new table'],
      pt: ['banco de dados', 'base', 'tabela', 'base com colunas', 'tabela nova'],
    },
  },
  run: async (api: NotionApi, input) => {
    const resolved = await resolveRelations(api, input.properties ?? {})
    if (!resolved.ok) return resolved
    const properties = newColumns(resolved.value)
    if (!properties.ok) return properties
    const parent = await databaseParent(api, input.parent_id)
    if (!parent.ok) return parent
    const body: CreateDatabaseParameters = {
      parent: parent.value,
      title: richTextOf(input.title),
      initial_data_source: { properties: properties.value },
      ...(input.description === undefined ? {} : { description: richTextOf(input.description) }),
    }
    const written = await api.write((notion) => notion.databases.create(body), {
      needs: 'insert',
      noun: 'page or database',
      check: `Search for "${input.title}" with notion_search_pages, or look into the parent, before creating it again.`,
    })
    return reportWrite(
      written,
      api.words.saved.databaseCreated,
      (database) => databaseResult(api.words.databaseDone.created, database, api.words),
      api.words,
    )
  },
})

async function databaseParent(api: NotionApi, parentId: string): Promise<Outcome<CreateDatabaseParameters['parent']>> {
  if (parentId.trim().toLowerCase() === 'workspace') return success({ type: 'workspace', workspace: true })
  const id = await resolvePage(api, parentId, 'parent_id')
  return id.ok ? success({ type: 'page_id', page_id: id.value }) : id
}

export const updateDatabase = defineTool({
  name: 'notion_update_database',
  title: { en: 'Update database', pt: 'Atualizar banco de dados' },
  description: 'Rename a database, change its columns, or move it to or out of the trash.',
  input: z.strictObject({
    database_id: z.string().describe('id, URL or title'),
    data_source_id: z.string().optional(),
    title: z.string().optional(),
    description: z.string().optional(),
    properties: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('name → type (adds or changes), {"name": new name} or null (removes)'),
    in_trash: z.boolean().optional(),
    including_children: z.boolean().optional().describe('trash it with its rows'),
  }),
  annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
  needs: ['read', 'update'],
  intent: {
    verbs: {
      en: ['rename', 'update', 'add', 'change', 'remove', 'alter'],
      pt: ['renomear', 'atualizar', 'adicionar', 'mudar', 'alterar', 'remover', 'incluir'],
    },
    nouns: {
      en: ['database', 'column', 'schema', 'title of the database', 'field'],
      pt: ['banco de dados', 'base', 'coluna', 'esquema', 'título da base', 'campo'],
    },
  },
  run: async (api: NotionApi, input) => {
    const named = await resolveDatabase(api, input.database_id, 'database_id', { inTrash: input.in_trash === false })
    if (!named.ok) return named
    const found = await findDatabase(api, { ...input, database_id: named.value })
    if (!found.ok) return found
    const databaseId = await databaseIdOf(api, found.value)
    if (!databaseId.ok) return databaseId
    const isOne = belongsTogether(named.value, found.value, databaseId.value)
    if (!isOne.ok) return isOne
    const sourceChange = await sourceChanges(api, found.value, input)
    if (!sourceChange.ok) return sourceChange
    const agreed = input.in_trash !== true || input.including_children === true
    const guarded = agreed ? success(undefined) : await guardDatabase(api, found.value, databaseId.value)
    if (!guarded.ok) return guarded
    return applyChanges(api, sourceChange.value, databaseChanges(databaseId.value, input))
  },
})

/** Whoever approves a change sees the title of `database_id`: nothing else may be changed in its place. */
function belongsTogether(named: string, found: FoundDatabase, databaseId: string): Outcome<null> {
  if (named === databaseId || (found.kind === 'one' && named === found.sourceId)) return success(null)
  return failure(
    'invalid_arguments',
    'data_source_id is not of the database that database_id names. Nothing was changed. notion_get_database lists its data sources.',
    { path: 'arguments.data_source_id' },
  )
}

/** The whole database goes to the trash, whichever of its data sources was named. */
async function guardDatabase(api: NotionApi, found: FoundDatabase, databaseId: string): Promise<Outcome<undefined>> {
  const isWhole = found.database !== undefined
  const whole = isWhole ? success(found) : await findDatabase(api, { database_id: databaseId })
  return whole.ok ? guardRows(api, sourceIdsOf(whole.value)) : whole
}

function sourceIdsOf(found: FoundDatabase): readonly string[] {
  return found.kind === 'one' ? [found.sourceId] : found.database.data_sources.map(({ id }) => id)
}

async function applyChanges(
  api: NotionApi,
  sourceChange: UpdateDataSourceParameters | undefined,
  databaseChange: UpdateDatabaseParameters | undefined,
): Promise<Outcome<ToolResult>> {
  const schema = sourceChange === undefined ? undefined : await updateSource(api, sourceChange)
  if (schema?.ok === false) return schema
  if (databaseChange === undefined) return schema ?? nothingToChange
  const updated = await updateContainer(api, databaseChange)
  return updated.ok || schema === undefined ? updated : afterSchema(updated, schema.value.text)
}

const nothingToChange = failure(
  'invalid_arguments',
  'Nothing to change was given: pass title, description, properties or in_trash.',
)

interface Changes {
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly properties?: Readonly<Record<string, unknown>> | undefined
  readonly in_trash?: boolean | undefined
}

async function databaseIdOf(api: NotionApi, found: FoundDatabase): Promise<Outcome<string>> {
  if (found.database !== undefined) return success(found.database.id)
  const source = await readSource(api, found.kind === 'one' ? found.sourceId : '')
  if (!source.ok) return source
  const { parent } = source.value
  return success(parent.type === 'database_id' ? parent.database_id : source.value.id)
}

async function sourceChanges(
  api: NotionApi,
  found: FoundDatabase,
  changes: Changes,
): Promise<Outcome<UpdateDataSourceParameters | undefined>> {
  const wanted = changes.properties ?? {}
  const hasProperties = Object.keys(wanted).length > 0
  if (found.kind === 'several') {
    return hasProperties ? refuseChoice(found.database, 'data_source_id') : success(undefined)
  }
  const properties = hasProperties ? await schemaChange(api, found.sourceId, wanted) : success({})
  if (!properties.ok) return properties
  // A database with one data source shows one title for both, and search finds it by that of the data source.
  const renamed = found.database === undefined ? undefined : changes.title
  if (!hasProperties && renamed === undefined) return success(undefined)
  const title = renamed === undefined ? {} : { title: richTextOf(renamed) }
  return success({ data_source_id: found.sourceId, ...title, ...properties.value })
}

async function schemaChange(
  api: NotionApi,
  sourceId: string,
  wanted: Readonly<Record<string, unknown>>,
): Promise<Outcome<Pick<UpdateDataSourceParameters, 'properties'>>> {
  const columns = await readColumns(api, sourceId)
  if (!columns.ok) return columns
  const resolved = await resolveRelations(api, wanted)
  if (!resolved.ok) return resolved
  const properties = columnChanges(resolved.value, columns.value)
  return properties.ok ? success({ properties: properties.value }) : properties
}

function databaseChanges(databaseId: string, changes: Changes): UpdateDatabaseParameters | undefined {
  const body = {
    ...(changes.title === undefined ? {} : { title: richTextOf(changes.title) }),
    ...(changes.description === undefined ? {} : { description: richTextOf(changes.description) }),
    ...(changes.in_trash === undefined ? {} : { in_trash: changes.in_trash }),
  }
  return Object.keys(body).length === 0 ? undefined : { database_id: databaseId, ...body }
}

async function updateSource(api: NotionApi, change: UpdateDataSourceParameters): Promise<Outcome<ToolResult>> {
  const written = await api.write(
    (notion) => notion.dataSources.update(change),
    updateOf('database', change.data_source_id),
  )
  const names = Object.keys(change.properties ?? {})
  const shape = (): ToolResult => ({
    text: api.words.changedColumns(names, change.data_source_id),
    value: { data_source_id: change.data_source_id, properties: names },
  })
  return reportWrite(written, api.words.saved.databaseUpdated, shape, api.words)
}

async function updateContainer(api: NotionApi, change: UpdateDatabaseParameters): Promise<Outcome<ToolResult>> {
  const written = await api.write((notion) => notion.databases.update(change), updateOf('database', change.database_id))
  const { words } = api
  const done = change.in_trash === true ? words.databaseDone.trashed : words.databaseDone.updated
  return reportWrite(written, done, (database) => databaseResult(done, database, words), words)
}

function afterSchema(failed: Extract<Outcome<ToolResult>, { ok: false }>, done: string): Outcome<ToolResult> {
  const saved = `Before that: ${done} Do not send properties again; what is missing is the title of the database itself, its description or its place in the trash.`
  return { ok: false, problem: partlyDone(failed.problem, saved, { properties_updated: true }) }
}

function databaseResult(done: string, database: GetDatabaseResponse, words: Words): ToolResult {
  if (!isFullDatabase(database))
    return { text: `${done}: ${words.database} ${database.id}`, value: { id: database.id } }
  const title = plainText(database.title)
  return {
    text: `${done}: ${title} (${words.database}) ${database.url}`,
    value: {
      id: database.id,
      title,
      url: database.url,
      in_trash: database.in_trash,
      data_source_id: database.data_sources[0]?.id ?? null,
    },
  }
}
