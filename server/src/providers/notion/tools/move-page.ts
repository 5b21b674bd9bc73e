import type { GetPageResponse, MovePageParameters } from '@notionhq/client'
import { isFullPage } from '@notionhq/client'
import { z } from 'zod'
import { failure } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { NotionApi } from '#providers/notion/client.ts'
import { pageResult, parentText } from '#providers/notion/pages.ts'
import { findParent } from '#providers/notion/parents.ts'
import { resolvePage } from '#providers/notion/resolve.ts'
import { reportWrite } from '#providers/notion/writes.ts'

export const movePage = defineTool({
  name: 'notion_move_page',
  title: { en: 'Move page', pt: 'Mover página' },
  description:
    'Move a page, with all inside it, into another page, or into a database as a row. Properties without a column there are lost.',
  input: z.strictObject({
    page_id: z.string().describe('id, URL or title'),
    parent_id: z.string().describe('page, database or data source'),
  }),
  annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
  needs: ['read', 'update'],
  intent: {
    verbs: { en: ['move', 'relocate', 'transfer'], pt: ['mover', 'transferir', 'mudar de lugar', 'levar'] },
    nouns: {
      en: ['page', 'row', 'document', 'page to another page', 'page into a database'],
      pt: ['página', 'linha', 'documento', 'página para outra página', 'página para a base'],
    },
  },
  run: async (api: NotionApi, input) => {
    const id = await resolvePage(api, input.page_id, 'page_id')
    if (!id.ok) return id
    const parent = await findParent(api, input.parent_id)
    if (!parent.ok) return parent
    const { reference } = parent.value
    if (!('page_id' in reference) && !('data_source_id' in reference)) {
      return failure(
        'invalid_arguments',
        'Notion cannot move a page to the top of the workspace. Give a page or database.',
        {
          path: 'arguments.parent_id',
        },
      )
    }
    const body = { page_id: id.value, parent: reference } as MovePageParameters
    const written = await api.write((notion) => notion.pages.move(body), {
      needs: 'update',
      noun: 'page or database',
      check: 'Read the page with notion_read_page to see where it is.',
    })
    const { words } = api
    const shape = (page: GetPageResponse): ToolResult =>
      isFullPage(page)
        ? pageResult(words.movedTo(parentText(page.parent, words)), page, words)
        : pageResult(words.pageDone.moved, page, words)
    return reportWrite(written, words.saved.pageMoved, shape, words)
  },
})
