import type { BlockObjectResponse, UpdateBlockParameters } from '@notionhq/client'
import { z } from 'zod'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import { appendBlocks, APPEND_DEADLINE_MS } from '#providers/notion/append.ts'
import { blocksIn } from '#providers/notion/append-plan.ts'
import { compactId, readBlockId } from '#providers/notion/ids.ts'
import { blockLine, blockText, blockValue, contentOf, readBlock } from '#providers/notion/blocks.ts'
import type { NotionApi } from '#providers/notion/client.ts'
import { clip } from '#providers/notion/json.ts'
import { blocksFromMarkdown } from '#providers/notion/markdown.ts'
import { resolveBlock } from '#providers/notion/resolve.ts'
import { RICH_TEXT_ITEMS, richTextFromMarkdown, richTextOf } from '#providers/notion/rich-text.ts'
import { guardSubpages } from '#providers/notion/subpages.ts'
import { reportWrite, updateOf } from '#providers/notion/writes.ts'

/** How much of a changed block is repeated. */
const SHOWN_CHARACTERS = 200

export const updateBlock = defineTool({
  name: 'notion_update_block',
  title: { en: 'Update block', pt: 'Atualizar bloco' },
  description: 'Replace the text of a block, or tick or untick a to-do. Its type cannot change.',
  input: z.strictObject({
    block_id: z.string().describe('id or URL'),
    text: z.string().optional().describe('inline Markdown'),
    checked: z.boolean().optional(),
  }),
  annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
  needs: ['read', 'update'],
  intent: {
    verbs: {
      en: ['update', 'change', 'edit', 'replace', 'tick', 'untick', 'check', 'uncheck', 'mark as done'],
      pt: ['atualizar', 'mudar', 'editar', 'trocar', 'alterar', 'marcar', 'desmarcar', 'ticar', 'marcar como feita'],
    },
    nouns: {
      en: ['block', 'text of the block', 'to-do', 'checkbox', 'paragraph'],
      pt: ['bloco', 'texto do bloco', 'caixa', 'item da lista', 'parágrafo'],
    },
  },
  run: async (api: NotionApi, input) => {
    if (input.text === undefined && input.checked === undefined) {
      return failure('invalid_arguments', 'Nothing to change was given: pass text or checked.')
    }
    const id = await resolveBlock(api, input.block_id, 'block_id')
    if (!id.ok) return id
    const block = await readBlock(api, id.value)
    if (!block.ok) return block
    const change = changeOf(block.value, input)
    if (!change.ok) return change
    const parameters = { block_id: id.value, ...change.value } as UpdateBlockParameters
    const written = await api.write((notion) => notion.blocks.update(parameters), updateOf('block', id.value))
    const { words } = api
    return reportWrite(
      written,
      words.saved.blockUpdated,
      (answer) => ({
        text: `${words.blockUpdated}: ${blockLine(answer, SHOWN_CHARACTERS, words)}`,
        value: blockValue(answer),
      }),
      words,
    )
  },
})

interface Change {
  readonly text?: string | undefined
  readonly checked?: boolean | undefined
}

function changeOf(block: BlockObjectResponse, change: Change): Outcome<Record<string, unknown>> {
  const guarded = guardPage(block, 'notion_update_page', 'notion_update_database')
  if (!guarded.ok) return guarded
  if (change.checked !== undefined && block.type !== 'to_do') {
    return failure('invalid_arguments', `Only to-dos can be checked; this block is a ${block.type}.`, {
      path: 'arguments.checked',
    })
  }
  const text = change.text === undefined ? success({}) : textChange(block, change.text)
  if (!text.ok) return text
  const checked = change.checked === undefined ? {} : { checked: change.checked }
  return success({ [block.type]: { ...text.value, ...checked } })
}

function textChange(block: BlockObjectResponse, text: string): Outcome<Record<string, unknown>> {
  if (block.type === 'equation') return success({ expression: text })
  if (!Array.isArray(contentOf(block)['rich_text'])) {
    return failure(
      'invalid_arguments',
      `A block of type ${block.type} has no text to replace. Delete it and append a new one instead.`,
      { path: 'arguments.text' },
    )
  }
  const rich_text = block.type === 'code' ? richTextOf(text) : richTextFromMarkdown(text)
  if (rich_text.length <= RICH_TEXT_ITEMS) return success({ rich_text })
  return failure(
    'invalid_arguments',
    'The text is too long for one block. Shorten it, or append the rest as new blocks.',
    {
      path: 'arguments.text',
    },
  )
}

/** Pages and databases are blocks as well; Notion would trash a whole page through its block. */
function guardPage(block: BlockObjectResponse, pageTool: string, databaseTool: string): Outcome<undefined> {
  const isPage = block.type === 'child_page'
  if (!isPage && block.type !== 'child_database') return success(undefined)
  return failure(
    'invalid_arguments',
    `This is the id of a ${isPage ? 'page' : 'database'}, not of a block in it. Nothing was changed. Use ${isPage ? pageTool : databaseTool}.`,
    { path: 'arguments.block_id' },
  )
}

export const deleteBlock = defineTool({
  name: 'notion_delete_block',
  title: { en: 'Delete block', pt: 'Excluir bloco' },
  description: 'Move one block, with all inside it, to the trash. Not for pages: use notion_archive_page.',
  input: z.strictObject({
    block_id: z.string().describe('id or URL'),
    including_children: z.boolean().optional().describe('also where it holds pages'),
  }),
  annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
  needs: ['read', 'update'],
  intent: {
    verbs: { en: ['delete', 'remove', 'erase'], pt: ['excluir', 'remover', 'apagar', 'deletar', 'tirar'] },
    nouns: {
      en: ['block', 'paragraph', 'line', 'heading', 'list item'],
      pt: ['bloco', 'parágrafo', 'linha', 'título', 'item da lista'],
    },
  },
  run: async (api: NotionApi, input) => {
    const id = await resolveBlock(api, input.block_id, 'block_id')
    if (!id.ok) return id
    const block = await readBlock(api, id.value)
    if (!block.ok) return block
    const guarded = guardPage(block.value, 'notion_archive_page', 'notion_update_database with in_trash')
    if (!guarded.ok) return guarded
    const isEmpty = !block.value.has_children || block.value.in_trash
    const emptied = await guardSubpages(api, id.value, isEmpty || input.including_children, true)
    if (!emptied.ok) return emptied
    const written = await api.write(
      (notion) => notion.blocks.delete({ block_id: id.value }),
      updateOf('block', id.value),
    )
    const said = clip(blockText(block.value), SHOWN_CHARACTERS)
    const shape = (): ToolResult => ({
      text: `${api.words.blockDeleted}: ${block.value.type} ${said}`.trimEnd(),
      value: { ...blockValue(block.value), in_trash: true },
    })
    return reportWrite(written, api.words.saved.blockDeleted, shape, api.words)
  },
})

export const appendBlocksTool = defineTool({
  name: 'notion_append_blocks',
  title: { en: 'Append content', pt: 'Acrescentar conteúdo' },
  description: 'Add Markdown (paragraphs, headings, lists, to-dos, tables, code) at the end of a page or block.',
  input: z.strictObject({
    block_id: z.string().describe('page or block'),
    content: z.string().describe('Markdown'),
    after: z.string().optional().describe('block to insert behind'),
  }),
  annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  needs: ['insert'],
  deadlineMs: APPEND_DEADLINE_MS,
  intent: {
    verbs: {
      en: ['append', 'add', 'insert', 'write', 'put'],
      pt: ['acrescentar', 'adicionar', 'incluir', 'inserir', 'escrever', 'colocar', 'anexar'],
    },
    nouns: {
      en: ['block', 'paragraph', 'heading', 'to-do', 'list', 'section', 'text', 'end of the page'],
      pt: ['bloco', 'parágrafo', 'título', 'item de lista', 'lista', 'seção', 'texto', 'fim da página', 'final'],
    },
  },
  run: async (api: NotionApi, input) => {
    const after = input.after === undefined ? success(undefined) : readBlockId(input.after, 'after')
    if (!after.ok) return after
    const nodes = blocksFromMarkdown(input.content)
    if (nodes.length === 0) {
      return failure('invalid_arguments', 'The content is empty.', { path: 'arguments.content' })
    }
    const id = await resolveBlock(api, input.block_id, 'block_id')
    if (!id.ok) return id
    const appended = await appendBlocks(api, id.value, nodes, after.value)
    if (!appended.ok) return appended
    const { blockIds, steps } = appended.value
    const blocks = blocksIn(nodes)
    const sizes = steps.map((step) => step.blocks)
    const first = blockIds[0] === undefined ? undefined : compactId(blockIds[0])
    return success({
      text: `${api.words.appended(blocks, compactId(id.value), sizes)} ${api.words.first(first)}`,
      value: { block_id: id.value, blocks, block_ids: blockIds, requests: steps },
    })
  },
})
