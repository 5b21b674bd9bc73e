import { z } from 'zod'
import { success } from '#kernel/problem.ts'
import { defineTool } from '#providers/contract.ts'
import type { NotionApi } from '#providers/notion/client.ts'
import { compactId } from '#providers/notion/ids.ts'
import { listResult, pageArguments, readPosition, showList } from '#providers/notion/results.ts'
import { findDatabase, refuseChoice } from '#providers/notion/sources.ts'

const TEMPLATES_PAGE_SIZE = 25

export const listTemplates = defineTool({
  name: 'notion_list_templates',
  title: { en: 'List templates', pt: 'Listar modelos' },
  description: 'List the page templates of a database, for template_id of notion_create_page.',
  input: z.strictObject({
    database_id: z.string().optional().describe('id, URL or title'),
    data_source_id: z.string().optional(),
    name: z.string().optional().describe('part of the name'),
    start_cursor: z.string().optional(),
    page_size: z.int().min(1).max(100).optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  needs: ['read'],
  intent: {
    verbs: { en: ['list', 'show', 'have'], pt: ['listar', 'mostrar', 'ver', 'ter'] },
    nouns: {
      en: ['template', 'templates of a database', 'page template'],
      pt: ['modelo', 'modelos da base', 'template', 'modelo de página'],
    },
  },
  run: async (api: NotionApi, input) => {
    const found = await findDatabase(api, input)
    if (!found.ok) return found
    if (found.value.kind === 'several') return refuseChoice(found.value.database, 'data_source_id')
    const { sourceId } = found.value
    const position = readPosition(input.start_cursor)
    const body = {
      data_source_id: sourceId,
      ...pageArguments(position, input.page_size ?? TEMPLATES_PAGE_SIZE),
      ...(input.name === undefined ? {} : { name: input.name }),
    }
    const answer = await api.read((notion) => notion.dataSources.listTemplates(body), {
      needs: 'read',
      noun: 'database',
    })
    if (!answer.ok) return answer
    const shown = showList({ ...answer.value, results: answer.value.templates }, position, templateLine)
    const head = shown.items.length === 0 ? 'There are no templates.' : ''
    return success(listResult(shown, head, { data_source_id: sourceId, results: shown.items }, api.words))
  },
})

interface Template {
  readonly id: string
  readonly name: string
  readonly is_default: boolean
}

function templateLine({ id, name, is_default: isDefault }: Template): string {
  return `- ${name}${isDefault ? ' (default)' : ''} ${compactId(id)}`
}
