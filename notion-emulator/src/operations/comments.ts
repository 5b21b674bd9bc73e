import { ok, type Answer, type Call } from '../core/call.ts'
import { invalid } from '../core/failure.ts'
import { parseId } from '../core/ids.ts'
import { objectsOf } from '../core/json.ts'
import { findBlock, findComment, findPage, notFound, requireLiving, requireWritable } from '../core/lookup.ts'
import { listBody, pagingMembers, slice } from '../core/pagination.ts'
import { pageRequestOfQuery } from '../core/query-string.ts'
import { storedRichText } from '../core/rich-text.ts'
import { markdownToRichText } from '../markdown/inline.ts'
import { presentComment } from '../present/objects.ts'
import { findVisible, insufficientPermissions, requireCapability } from '../state/access.ts'
import { actorName } from '../state/integrations.ts'
import type { ApiVersion, Comment, CommentAttachment, JsonObject } from '../state/model.ts'
import { nextSequence } from '../state/state.ts'
import { commentsOn } from '../state/tree.ts'
import { attachmentOf, findUsableUpload } from '../uploads/attach.ts'
import { categoryOf } from '../uploads/content-types.ts'
import type { FileUpload } from '../uploads/upload.ts'
import {
  absent,
  array,
  isObject,
  literal,
  object,
  optional,
  string,
  uuid,
  variants,
  type Check,
} from '../validation/check.ts'
import { richText } from '../validation/rich-text.ts'

const MAX_ATTACHMENTS = 3

const attachment: Check = object({ file_upload_id: uuid, type: optional(literal('file_upload')) }, true)

const displayName: Check = object({
  type: literal('integration', 'user', 'custom'),
  custom: optional(object({ name: string() })),
})

/** The body of a new comment in this version. */
export function createCommentBody(version: ApiVersion): Check {
  const isOld = version === '2022-06-28'
  const parent: Record<string, Check> = isOld ? { page_id: uuid } : { page_id: uuid, block_id: uuid }
  return object(
    {
      parent: optional(variants(parent)),
      discussion_id: optional(uuid),
      rich_text: optional(richText),
      markdown: isOld ? absent : optional(string()),
      attachments: optional(array(attachment, MAX_ATTACHMENTS)),
      display_name: optional(displayName),
    },
    true,
  )
}

/** The body of a changed comment. */
export function updateCommentBody(): Check {
  return object({ rich_text: optional(richText), markdown: optional(string()) }, true)
}

/** The query of the list of comments. */
export const listCommentsQuery: Check = object({ block_id: uuid, ...pagingMembers })

/** `POST /v1/comments`: opens a discussion on a page or block, or goes on with one. */
export function createComment(call: Call): Answer {
  requireCapability(call.install, 'insert_comments')
  const text = textOf(call.body)
  const place = placeOf(call)
  const uploads = namedUploads(call)
  const comment: Comment = {
    id: call.newId(),
    workspaceId: call.install.workspaceId,
    ...place,
    createdBy: call.install.botId,
    createdTime: call.now,
    editedTime: call.now,
    richText: text,
    displayName: displayNameOf(call),
    ...(uploads.length === 0 ? {} : { attachments: uploads.map(attachmentTo) }),
    resolved: false,
    sequence: nextSequence(call.state),
  }
  attachmentOf(uploads).commit()
  call.state.comments.set(comment.id, comment)
  return ok(presentComment(call, comment))
}

function namedUploads(call: Call): FileUpload[] {
  return objectsOf(call.body['attachments']).map((entry) =>
    findUsableUpload(call, parseId(entry['file_upload_id']) ?? ''),
  )
}

function attachmentTo(upload: FileUpload): CommentAttachment {
  return { uploadId: upload.id, category: categoryOf(upload.filename ?? '', upload.contentType ?? '') }
}

function textOf(body: JsonObject): JsonObject[] {
  const { rich_text: given, markdown } = body
  if ((given === undefined) === (markdown === undefined)) {
    throw invalid('body failed validation: body should have either rich_text or markdown.')
  }
  return typeof markdown === 'string' ? storedRichText(markdownToRichText(markdown)) : storedRichText(given)
}

function placeOf(call: Call): Pick<Comment, 'parent' | 'discussionId'> {
  const { parent, discussion_id: discussionId } = call.body
  if ((parent === undefined) === (discussionId === undefined)) {
    throw invalid('body failed validation: body should have either parent or discussion_id.')
  }
  if (isObject(parent)) {
    const place = parentOf(call, parent)
    return { parent: place, discussionId: openDiscussion(call, place) ?? call.newId() }
  }
  const id = parseId(discussionId) ?? ''
  const first = [...call.state.comments.values()].find((comment) => comment.discussionId === id)
  const target = first === undefined ? null : findVisible(call.state, call.install, first.parent.id)
  if (first === undefined || target === null) throw notFound(call, 'discussion', id)
  requireWritable(call, target)
  requireLiving(call, target)
  return { parent: first.parent, discussionId: id }
}

/** Comments on a page itself go on with its open discussion; a comment on a block opens one. */
function openDiscussion(call: Call, place: Comment['parent']): string | null {
  const open =
    place.type === 'page_id' ? commentsOn(call.state, place.id).find((comment) => !comment.resolved) : undefined
  return open?.discussionId ?? null
}

function parentOf(call: Call, parent: JsonObject): Comment['parent'] {
  const pageId = parseId(parent['page_id'])
  const node = pageId === null ? findBlock(call, parseId(parent['block_id']) ?? '') : findPage(call, pageId)
  requireWritable(call, node)
  requireLiving(call, node)
  return { type: pageId === null ? 'block_id' : 'page_id', id: node.id }
}

function displayNameOf(call: Call): JsonObject {
  const acting = call.state.users.get(call.install.botId)
  if (acting?.type === 'person') return { type: 'user', resolved_name: acting.name }
  const wish = isObject(call.body['display_name']) ? call.body['display_name'] : { type: 'integration' }
  if (wish['type'] === 'custom' && isObject(wish['custom']))
    return { type: 'custom', resolved_name: wish['custom']['name'] }
  const { owner } = call.install
  const person = owner.type === 'user' ? call.state.users.get(owner.userId) : undefined
  return wish['type'] === 'user' && person !== undefined
    ? { type: 'user', resolved_name: person.name }
    : { type: 'integration', resolved_name: actorName(call.state, call.install) }
}

/** `GET /v1/comments?block_id=`: unresolved comments on a page or block, oldest first. */
export function listComments(call: Call): Answer {
  requireCapability(call.install, 'read_comments')
  const target = findBlock(call, parseId(call.query.get('block_id')?.[0]) ?? '')
  const open = commentsOn(call.state, target.id).filter((comment) => !comment.resolved)
  const part = slice(open, pageRequestOfQuery(call.query))
  return ok(
    listBody(
      'comment',
      part.items.map((comment) => presentComment(call, comment)),
      part.nextCursor,
    ),
  )
}

/** `GET /v1/comments/:comment_id`. */
export function getComment(call: Call): Answer {
  requireCapability(call.install, 'read_comments')
  return ok(presentComment(call, findComment(call, call.path['comment_id'] ?? '')))
}

/** `PATCH /v1/comments/:comment_id`: own comments only. */
export function updateComment(call: Call): Answer {
  const comment = ownComment(call)
  comment.richText = textOf(call.body)
  comment.editedTime = call.now
  return ok(presentComment(call, comment))
}

/** `DELETE /v1/comments/:comment_id`: own comments only. Answers what was deleted. */
export function deleteComment(call: Call): Answer {
  const comment = ownComment(call)
  call.state.comments.delete(comment.id)
  return ok(presentComment(call, comment))
}

function ownComment(call: Call): Comment {
  requireCapability(call.install, 'insert_comments')
  const comment = findComment(call, call.path['comment_id'] ?? '')
  if (comment.createdBy !== call.install.botId) throw insufficientPermissions()
  const place = call.state.nodes.get(comment.parent.id)
  if (place !== undefined) requireWritable(call, place)
  return comment
}
