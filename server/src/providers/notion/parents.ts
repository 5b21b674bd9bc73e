import type { CreatePageParameters } from '@notionhq/client'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { readBlock } from './blocks.ts'
import type { NotionApi } from './client.ts'
import { idIn } from './ids.ts'
import { resolveTitle } from './resolve.ts'
import { columnsOf, type Column } from './schema.ts'
import { findDatabase, readColumns, readSource, refuseChoice } from './sources.ts'

/** Where a new page goes. */
export interface PageParent {
  readonly reference: NonNullable<CreatePageParameters['parent']>
  /** The columns of the row to be; none where the parent is no database. */
  readonly columns: readonly Column[] | undefined
}

/** The word that stands for the top level of the workspace. */
const TOP_LEVEL = 'workspace'

/**
 * Finds out whether an id is a page, a database or a data source: one request for a page, two or three for the others. A title
 * costs a search, which tells the columns too.
 */
export async function findParent(api: NotionApi, parentId: string): Promise<Outcome<PageParent>> {
  if (parentId.trim().toLowerCase() === TOP_LEVEL) {
    return success({ reference: { type: 'workspace', workspace: true }, columns: undefined })
  }
  const id = idIn(parentId)
  if (id === undefined) return parentByTitle(api, parentId)
  const block = await readBlock(api, id)
  if (block.ok && block.value.type === 'child_database') return databaseParent(api, id)
  if (block.ok && block.value.type === 'child_page') return success(pageParent(id))
  if (block.ok) {
    return failure('invalid_arguments', `parent_id is a block (${block.value.type}). Give the page that it is on.`, {
      path: 'arguments.parent_id',
    })
  }
  if (block.problem.code !== 'not_found') return block
  const source = await readSource(api, id)
  if (!source.ok) return source
  return success(sourceParent(id, columnsOf(source.value.properties)))
}

async function parentByTitle(api: NotionApi, title: string): Promise<Outcome<PageParent>> {
  const found = await resolveTitle(api, title, 'parent_id', {})
  if (!found.ok) return found
  const { object, id, columns } = found.value
  if (object === 'database' && columns === undefined) return databaseParent(api, id)
  return success(columns === undefined ? pageParent(id) : sourceParent(id, columns))
}

async function databaseParent(api: NotionApi, databaseId: string): Promise<Outcome<PageParent>> {
  const found = await findDatabase(api, { database_id: databaseId })
  if (!found.ok) return found
  if (found.value.kind === 'several') return refuseChoice(found.value.database, 'parent_id')
  const columns = await readColumns(api, found.value.sourceId)
  return columns.ok ? success(sourceParent(found.value.sourceId, columns.value)) : columns
}

function pageParent(pageId: string): PageParent {
  return { reference: { type: 'page_id', page_id: pageId }, columns: undefined }
}

function sourceParent(sourceId: string, columns: readonly Column[]): PageParent {
  return { reference: { type: 'data_source_id', data_source_id: sourceId }, columns }
}
