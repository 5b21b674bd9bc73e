import { isFullComment, type CommentObjectResponse, type PartialCommentObjectResponse } from '@notionhq/client'
import { z } from 'zod'
import type { Outcome } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { NotionApi } from '#providers/notion/client.ts'
import { commentValue } from '#providers/notion/comment-texts.ts'
import type { Operation } from '#providers/notion/errors.ts'
import { readId } from '#providers/notion/ids.ts'
import { plainText } from '#providers/notion/rich-text.ts'
import { reportWrite } from '#providers/notion/writes.ts'

const CHANGE: Operation = {
  needs: 'insert_comments',
  noun: 'comment',
  check: 'List the comments with notion_list_comments to see whether it was.',
}

export const updateComment = defineTool({
  name: 'notion_update_comment',
  title: { en: 'Change comment', pt: 'Alterar comentário' },
  description: 'Replace the text of a comment that this integration wrote.',
  input: z.strictObject({
    comment_id: z.string(),
    text: z.string().min(1).describe('inline Markdown'),
  }),
  annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
  needs: ['insert_comments'],
  intent: {
    verbs: {
      en: ['update', 'change', 'edit', 'correct', 'rewrite'],
      pt: ['atualizar', 'alterar', 'editar', 'corrigir', 'mudar', 'reescrever'],
    },
    nouns: {
      en: ['comment', 'remark', 'text of the comment'],
      pt: ['comentário', 'observação', 'texto do comentário'],
    },
  },
  run: async (api: NotionApi, input) => {
    const id = readId(input.comment_id, 'comment_id')
    if (!id.ok) return id
    const written = await api.write(
      (notion) => notion.comments.update({ comment_id: id.value, markdown: input.text }),
      CHANGE,
    )
    const reported = reportWrite(
      written,
      api.words.saved.commentChanged,
      commentResult(api.words.saved.commentChanged),
      api.words,
    )
    return explainRefusal(reported)
  },
})

export const deleteComment = defineTool({
  name: 'notion_delete_comment',
  title: { en: 'Delete comment', pt: 'Excluir comentário' },
  description: 'Delete a comment that this integration wrote, for good.',
  input: z.strictObject({ comment_id: z.string() }),
  annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
  needs: ['insert_comments'],
  intent: {
    verbs: { en: ['delete', 'remove', 'erase'], pt: ['excluir', 'remover', 'apagar', 'deletar', 'tirar'] },
    nouns: { en: ['comment', 'remark', 'reply'], pt: ['comentário', 'observação', 'resposta'] },
  },
  run: async (api: NotionApi, input) => {
    const id = readId(input.comment_id, 'comment_id')
    if (!id.ok) return id
    const written = await api.write((notion) => notion.comments.delete({ comment_id: id.value }), CHANGE)
    const reported = reportWrite(
      written,
      api.words.saved.commentDeleted,
      commentResult(api.words.saved.commentDeleted),
      api.words,
    )
    return explainRefusal(reported)
  },
})

/** What the comment said, or its id where Notion does not show it. */
function commentResult(done: string): (comment: CommentObjectResponse | PartialCommentObjectResponse) => ToolResult {
  return (comment) =>
    isFullComment(comment)
      ? { text: `${done}: ${plainText(comment.rich_text)}`, value: commentValue(comment) }
      : { text: `${done} ${comment.id}.`, value: { id: comment.id } }
}

/** Notion answers alike to integrations that may not comment and to those that did not write this one. */
function explainRefusal(outcome: Outcome<ToolResult>): Outcome<ToolResult> {
  if (outcome.ok || outcome.problem.code !== 'forbidden_by_provider') return outcome
  const detail =
    'Notion lets an integration change only the comments that it wrote, and only with the capability "Insert comments". Do not retry; answer in the discussion with notion_create_comment instead.'
  return { ok: false, problem: { ...outcome.problem, detail } }
}
