import {
  isFullComment,
  type CommentObjectResponse,
  type CreateCommentParameters,
  type PartialCommentObjectResponse,
} from '@notionhq/client'
import { z } from 'zod'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { NotionApi } from '#providers/notion/client.ts'
import { commentLines, commentValue } from '#providers/notion/comment-texts.ts'
import { compactId, readId } from '#providers/notion/ids.ts'
import { resolveBlock, resolvePage } from '#providers/notion/resolve.ts'
import { plainText } from '#providers/notion/rich-text.ts'
import { listResult, pageArguments, readPosition, showList } from '#providers/notion/results.ts'
import type { Words } from '#providers/notion/words.ts'
import { reportWrite } from '#providers/notion/writes.ts'

const COMMENTS_PAGE_SIZE = 25

interface Target {
  readonly page_id?: string | undefined
  readonly block_id?: string | undefined
  readonly discussion_id?: string | undefined
}

export const createComment = defineTool({
  name: 'notion_create_comment',
  title: { en: 'Comment', pt: 'Comentar' },
  description: 'Comment on a page or block, or reply in a discussion. Give one of the three ids.',
  input: z.strictObject({
    page_id: z.string().optional(),
    block_id: z.string().optional(),
    discussion_id: z.string().optional(),
    text: z.string().min(1),
  }),
  annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  needs: ['insert_comments'],
  intent: {
    verbs: {
      en: ['comment', 'reply', 'answer', 'remark', 'write a comment'],
      pt: ['comentar', 'responder', 'escrever um comentário', 'deixar um comentário'],
    },
    nouns: {
      en: ['comment', 'discussion', 'reply', 'thread', 'remark'],
      pt: ['comentário', 'discussão', 'resposta', 'conversa', 'observação'],
    },
  },
  run: async (api: NotionApi, input) => {
    const target = await commentTarget(api, input)
    if (!target.ok) return target
    const body = { ...target.value, markdown: input.text } as CreateCommentParameters
    const place = input.page_id ?? input.block_id
    const on = place === undefined ? '' : ` on ${place}`
    const written = await api.write((notion) => notion.comments.create(body), {
      needs: 'insert_comments',
      noun: input.discussion_id === undefined ? 'page or database' : 'discussion',
      check: `List the comments${on} with notion_list_comments to see whether it is there.`,
    })
    const { words } = api
    return reportWrite(written, words.saved.commented, (comment) => commentResult(comment, words), words)
  },
})

function commentResult(comment: CommentObjectResponse | PartialCommentObjectResponse, words: Words): ToolResult {
  if (!isFullComment(comment)) return { text: `${words.saved.commented}: ${comment.id}`, value: { id: comment.id } }
  const done = words.commented(compactId(comment.id), compactId(comment.discussion_id))
  return { text: `${done}: ${plainText(comment.rich_text)}`, value: commentValue(comment) }
}

async function commentTarget(api: NotionApi, target: Target): Promise<Outcome<Record<string, unknown>>> {
  const given = Object.entries({
    page_id: target.page_id,
    block_id: target.block_id,
    discussion_id: target.discussion_id,
  }).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const [first] = given
  if (first === undefined || given.length > 1) {
    return failure('invalid_arguments', 'Give exactly one of page_id, block_id and discussion_id.')
  }
  const [name, text] = first
  if (name === 'discussion_id') {
    const discussion = readId(text, name)
    return discussion.ok ? success({ discussion_id: discussion.value }) : discussion
  }
  const id = name === 'block_id' ? await resolveBlock(api, text, name) : await resolvePage(api, text, name)
  return id.ok ? success({ parent: { [name]: id.value } }) : id
}

export const listComments = defineTool({
  name: 'notion_list_comments',
  title: { en: 'List comments', pt: 'Listar comentários' },
  description: 'List the open comments on a page or block by discussion, with ids. Resolved ones are not shown.',
  input: z.strictObject({
    page_id: z.string().optional(),
    block_id: z.string().optional(),
    start_cursor: z.string().optional(),
    page_size: z.int().min(1).max(100).optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  needs: ['read_comments'],
  intent: {
    verbs: { en: ['list', 'show', 'read', 'see'], pt: ['listar', 'mostrar', 'ler', 'ver', 'ter'] },
    nouns: {
      en: ['comments', 'discussion', 'remark', 'feedback', 'open comment'],
      pt: ['comentários', 'discussão', 'observação', 'retorno', 'comentário aberto'],
    },
  },
  run: async (api: NotionApi, input) => {
    const given = input.page_id ?? input.block_id
    if (given === undefined || (input.page_id !== undefined && input.block_id !== undefined)) {
      return failure('invalid_arguments', 'Give either page_id or block_id.')
    }
    const id = await resolveBlock(api, given, input.page_id === undefined ? 'block_id' : 'page_id')
    if (!id.ok) return id
    const position = readPosition(input.start_cursor)
    const page = pageArguments(position, input.page_size ?? COMMENTS_PAGE_SIZE)
    const answer = await api.read((notion) => notion.comments.list({ block_id: id.value, ...page }), {
      needs: 'read_comments',
      noun: 'page or database',
    })
    if (!answer.ok) return answer
    const shown = showList(answer.value, position, commentLines(api.words))
    const head = shown.items.length === 0 ? api.words.noComments : ''
    return success(listResult(shown, head, { results: shown.items.map(commentValue) }, api.words))
  },
})
