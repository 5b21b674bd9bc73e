import type { CreatePageParameters } from '@notionhq/client'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { readBlock } from './blocks.ts'
import type { NotionApi } from './client.ts'
import { readId } from './ids.ts'
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

/** Finds out whether an id is a page, a database or a data source: one request for a page, two or three for the others. */
export async function findParent(api: NotionApi, parentId: string): Promise<Outcome<PageParent>> {
  if (parentId.trim().toLowerCase() === TOP_LEVEL) {
    return success({ reference: { type: 'workspace', workspace: true }, columns: undefined })
  }
  const id = readId(parentId, 'parent_id')
  if (!id.ok) return id
  const block = await readBlock(api, id.value)
  if (block.ok && block.value.type === 'child_database') return databaseParent(api, id.value)
  if (block.ok && block.value.type === 'child_page') {
    return success({ reference: { type: 'page_id', page_id: id.value }, columns: undefined })
  }
  if (block.ok) {
    return failure('invalid_arguments', `parent_id is a block (${block.value.type}). Give the page that it is on.`, {
      path: 'arguments.parent_id',
    })
  }
  if (block.problem.code !== 'not_found') return block
  const source = await readSource(api, id.value)
  if (!source.ok) return source
  return success(sourceParent(id.value, columnsOf(source.value.properties)))
}

async function databaseParent(api: NotionApi, databaseId: string): Promise<Outcome<PageParent>> {
  const found = await findDatabase(api, { database_id: databaseId })
  if (!found.ok) return found
  if (found.value.kind === 'several') return refuseChoice(found.value.database, 'parent_id')
  const columns = await readColumns(api, found.value.sourceId)
  return columns.ok ? success(sourceParent(found.value.sourceId, columns.value)) : columns
}

function sourceParent(sourceId: string, columns: readonly Column[]): PageParent {
  return { reference: { type: 'data_source_id', data_source_id: sourceId }, columns }
}
