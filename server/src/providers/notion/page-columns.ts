import { isFullPage, type PageObjectResponse } from '@notionhq/client'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { NotionApi } from './client.ts'
import type { Column } from './schema.ts'
import { hidden, readColumns } from './sources.ts'

/** The columns that an existing page can have values for: those of its data source, or only a title. */
export async function readPageColumns(api: NotionApi, pageId: string): Promise<Outcome<Column[]>> {
  const answer = await api.read((notion) => notion.pages.retrieve({ page_id: pageId }), { needs: 'read', noun: 'page' })
  if (!answer.ok) return answer
  const page = answer.value
  if (!isFullPage(page)) return hidden
  if (page.in_trash) {
    return failure('invalid_arguments', 'The page is in the trash. Restore it with notion_restore_page first.')
  }
  if (page.parent.type !== 'data_source_id') return success(columnsOnPage(page))
  const columns = await readColumns(api, page.parent.data_source_id)
  if (columns.ok || columns.problem.code !== 'not_found') return columns
  // The row is shared but its database is not: types are known from the row, options are left to Notion.
  return success(columnsOnPage(page))
}

function columnsOnPage(page: PageObjectResponse): Column[] {
  return Object.entries(page.properties).map(([name, { type }]) => ({ name, type }))
}
