import type { CommentObjectResponse } from '@notionhq/client'
import { compactId } from './ids.ts'
import { plainText } from './rich-text.ts'
import type { Words } from './words.ts'

/** Comments in words, one line each; those of one discussion stand below its id. */
export function commentLines(words: Words): (comment: CommentObjectResponse) => string {
  let discussion: string | undefined
  return (comment) => {
    const head = comment.discussion_id === discussion ? [] : [`${words.discussion} ${compactId(comment.discussion_id)}`]
    discussion = comment.discussion_id
    return [...head, commentLine(comment, words)].join('\n')
  }
}

function commentLine(comment: CommentObjectResponse, words: Words): string {
  const author = comment.display_name?.resolved_name ?? `${words.user} ${compactId(comment.created_by.id)}`
  const said = plainText(comment.rich_text).replaceAll(/\s*\n\s*/g, ' ')
  return `- ${compactId(comment.id)} ${comment.created_time.slice(0, MINUTE_CHARACTERS)} ${author}: ${said}`
}

/** Of an ISO time, up to its minute. */
const MINUTE_CHARACTERS = 16

/** A comment as plain JSON. */
export function commentValue(comment: CommentObjectResponse): Record<string, unknown> {
  return {
    id: comment.id,
    discussion_id: comment.discussion_id,
    parent: comment.parent,
    text: plainText(comment.rich_text),
    created_by: comment.created_by.id,
    author_name: comment.display_name?.resolved_name ?? null,
    created_time: comment.created_time,
  }
}
