import { z } from 'zod'
import { success } from '#kernel/problem.ts'
import { defineTool } from '#providers/contract.ts'
import { blockLine, blockText, blockValue, checkedOf, readBlock } from '#providers/notion/blocks.ts'
import type { NotionApi } from '#providers/notion/client.ts'
import { parentText } from '#providers/notion/pages.ts'
import { compactId } from '#providers/notion/ids.ts'
import { shortTimes } from '#providers/notion/property-texts.ts'
import { listResult, pageArguments, readPosition, showList } from '#providers/notion/results.ts'
import { resolveBlock } from '#providers/notion/resolve.ts'

/** Blocks are short: a screenful. */
const CHILDREN_PAGE_SIZE = 25

/** Longest text of one block in a list; notion_get_block gives all of it. */
const LINE_CHARACTERS = 500

export const getBlock = defineTool({
  name: 'notion_get_block',
  title: { en: 'Get block', pt: 'Obter bloco' },
  description: 'Get one block: type, text, checked, parent.',
  input: z.strictObject({ block_id: z.string().describe('id or URL') }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  needs: ['read'],
  intent: {
    verbs: { en: ['get', 'show', 'fetch'], pt: ['obter', 'pegar', 'mostrar', 'buscar'] },
    nouns: { en: ['block', 'type of block'], pt: ['bloco', 'tipo do bloco'] },
  },
  run: async (api: NotionApi, input) => {
    const id = await resolveBlock(api, input.block_id, 'block_id')
    if (!id.ok) return id
    const answer = await readBlock(api, id.value)
    if (!answer.ok) return answer
    const block = answer.value
    const { words } = api
    const checked = checkedOf(block)
    const box = checked === undefined ? '' : checked ? ' [x]' : ' [ ]'
    const text = [
      `${block.type}${box} ${compactId(block.id)}${block.has_children ? ` (${words.hasChildren})` : ''}`,
      `${words.placed(parentText(block.parent, words))}${block.in_trash ? `, ${words.inTrash}` : ''}, ${words.edited(shortTimes(block.last_edited_time))}`,
      blockText(block),
    ].join('\n')
    const { parent, created_time, last_edited_time } = block
    return success({ text, value: { ...blockValue(block), parent, created_time, last_edited_time } })
  },
})

export const getBlockChildren = defineTool({
  name: 'notion_get_block_children',
  title: { en: 'List blocks', pt: 'Listar blocos' },
  description:
    'List the blocks directly inside a page or block, with ids and types. To read text, notion_read_page_content is shorter.',
  input: z.strictObject({
    block_id: z.string().describe('block or page'),
    start_cursor: z.string().optional(),
    page_size: z.int().min(1).max(100).optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  needs: ['read'],
  intent: {
    verbs: { en: ['list', 'show', 'get'], pt: ['listar', 'mostrar', 'obter', 'ver'] },
    nouns: {
      en: ['blocks', 'child', 'children of a block', 'blocks of a page', 'blocks inside'],
      pt: ['blocos', 'filho', 'filhos do bloco', 'blocos da página', 'blocos dentro'],
    },
  },
  run: async (api: NotionApi, input) => {
    const id = await resolveBlock(api, input.block_id, 'block_id')
    if (!id.ok) return id
    const position = readPosition(input.start_cursor)
    const page = pageArguments(position, input.page_size ?? CHILDREN_PAGE_SIZE)
    const answer = await api.read((notion) => notion.blocks.children.list({ block_id: id.value, ...page }), {
      needs: 'read',
      noun: 'block',
    })
    if (!answer.ok) return answer
    const shown = showList(answer.value, position, (block) => `- ${blockLine(block, LINE_CHARACTERS, api.words)}`)
    const head = shown.items.length === 0 ? api.words.noBlocks : ''
    return success(listResult(shown, head, { block_id: id.value, results: shown.items.map(blockValue) }, api.words))
  },
})
