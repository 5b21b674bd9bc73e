import { z } from 'zod'
import type { Outcome } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { NotionApi } from '#providers/notion/client.ts'
import { pageResult } from '#providers/notion/pages.ts'
import { resolvePage } from '#providers/notion/resolve.ts'
import { guardSubpages } from '#providers/notion/subpages.ts'
import { reportWrite, updateOf } from '#providers/notion/writes.ts'

export const archivePage = defineTool({
  name: 'notion_archive_page',
  title: { en: 'Move page to trash', pt: 'Mover página para a lixeira' },
  description: 'Move a page or database row to the trash (archive it). notion_restore_page undoes it.',
  input: z.strictObject({
    page_id: z.string().describe('id, URL or title'),
    including_children: z.boolean().optional().describe('also where it holds pages'),
  }),
  annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
  needs: ['read', 'update'],
  intent: {
    verbs: {
      en: ['archive', 'trash', 'delete', 'remove', 'discard', 'throw away'],
      pt: ['arquivar', 'apagar', 'excluir', 'remover', 'deletar', 'descartar'],
    },
    nouns: { en: ['page', 'trash', 'row', 'task'], pt: ['página', 'lixeira', 'linha', 'tarefa'] },
  },
  run: async (api: NotionApi, input) => {
    const id = await resolvePage(api, input.page_id, 'page_id')
    if (!id.ok) return id
    const guarded = await guardSubpages(api, id.value, input.including_children)
    return guarded.ok ? setTrash(api, id.value, true) : guarded
  },
})

export const restorePage = defineTool({
  name: 'notion_restore_page',
  title: { en: 'Restore page', pt: 'Restaurar página' },
  description: 'Take a page out of the trash.',
  input: z.strictObject({ page_id: z.string().describe('id, URL or title') }),
  annotations: { readOnly: false, destructive: false, idempotent: true, openWorld: false },
  needs: ['update'],
  intent: {
    verbs: {
      en: ['restore', 'recover', 'undelete', 'unarchive', 'bring back'],
      pt: ['restaurar', 'recuperar', 'desarquivar', 'trazer de volta'],
    },
    nouns: { en: ['page', 'trash', 'row', 'task'], pt: ['página', 'lixeira', 'linha', 'tarefa'] },
  },
  run: async (api: NotionApi, input) => {
    const id = await resolvePage(api, input.page_id, 'page_id', { inTrash: true })
    return id.ok ? setTrash(api, id.value, false) : id
  },
})

async function setTrash(api: NotionApi, page_id: string, in_trash: boolean): Promise<Outcome<ToolResult>> {
  const done = in_trash ? api.words.pageDone.trashed : api.words.pageDone.restored
  const written = await api.write((notion) => notion.pages.update({ page_id, in_trash }), updateOf('page', page_id))
  return reportWrite(written, done, (page) => pageResult(done, page, api.words), api.words)
}
