import { ok, type Answer, type Call } from '../core/call.ts'
import { invalid } from '../core/failure.ts'
import { parseId } from '../core/ids.ts'
import { objectsOf, stringOf } from '../core/json.ts'
import { findBlock, findPage, originOf, requireLiving, requireWritable } from '../core/lookup.ts'
import { plainText } from '../core/rich-text.ts'
import { compileMeetingFilter } from '../meeting-notes/filter.ts'
import { newMeeting } from '../meeting-notes/meeting.ts'
import { presentBlock } from '../present/objects.ts'
import { canSee, requireCapability } from '../state/access.ts'
import type { BlockNode, JsonObject, Node } from '../state/model.ts'
import { isTrashed, parentOf, place, referenceTo, touch } from '../state/tree.ts'
import { attachmentOf, findUsableUpload } from '../uploads/attach.ts'
import { categoryOf } from '../uploads/content-types.ts'
import type { FileUpload } from '../uploads/upload.ts'
import {
  absent,
  anything,
  array,
  boolean,
  integer,
  isObject,
  literal,
  object,
  optional,
  string,
  uuid,
  type Check,
} from '../validation/check.ts'

const LANGUAGES = 'auto en zh-CN zh-TW es fr de ja ko pt ru th vi id da fi no nl it sv ar he pl'.split(' ')

const uploadSource = object({ type: literal('file_upload'), file_upload_id: uuid }, true)
const blockSource = object({ type: literal('block'), block_id: uuid }, true)
const parent = object({ type: literal('page_id'), page_id: uuid }, true)

/** The body of new meeting notes: a file and the page that they go to, or the block that has the file. */
export function createMeetingBody(): Check {
  return (value, path) => {
    const source = isObject(value) ? value['source'] : undefined
    const isBlock = isObject(source) && source['type'] === 'block'
    return object(
      {
        title: optional(string()),
        language: optional(literal(...LANGUAGES)),
        options: optional(object({ kickoff_summary: optional(boolean) }, true)),
        source: isBlock ? blockSource : uploadSource,
        parent: isBlock ? absent : parent,
      },
      true,
    )(value, path)
  }
}

/** `POST /v1/blocks/meeting_notes`: begins to turn a recording into notes. */
export function createMeeting(call: Call): Answer {
  requireCapability(call.install, 'insert_content')
  const source = isObject(call.body['source']) ? call.body['source'] : {}
  const { home, after } = source['type'] === 'block' ? besideBlock(call, source) : onPage(call)
  requireWritable(call, home)
  requireLiving(call, home)
  const upload = recordingOf(call, source, after)

  const origin = originOf(call)
  attachmentOf([upload]).commit()
  const filename = upload.filename ?? 'recording'
  const meeting = newMeeting(origin, referenceTo(home), stringOf(call.body['title'], filename))
  place(home, [meeting], after === null ? 'end' : home.children.indexOf(after.id) + 1)
  touch(origin, home)
  const options = isObject(call.body['options']) ? call.body['options'] : {}
  const summarizes = options['kickoff_summary'] !== false
  const botId = call.install.botId
  call.state.meetings.set(meeting.id, { blockId: meeting.id, botId, filename, summarizes, startedAt: call.now })
  return ok(presentMeeting(call, meeting))
}

interface Place {
  home: Node
  after: BlockNode | null
}

function onPage(call: Call): Place {
  const wish = isObject(call.body['parent']) ? call.body['parent'] : {}
  return { home: findPage(call, parseId(wish['page_id']) ?? ''), after: null }
}

function besideBlock(call: Call, source: JsonObject): Place {
  const block = findBlock(call, parseId(source['block_id']) ?? '')
  const home = parentOf(call.state, block)
  if (block.kind !== 'block' || home === null) throw invalid(`Block with ID ${block.id} holds no recording.`)
  return { home, after: block }
}

/** The audio or video file that shall be listened to. */
function recordingOf(call: Call, source: JsonObject, block: BlockNode | null): FileUpload {
  const upload =
    block === null
      ? findUsableUpload(call, parseId(source['file_upload_id']) ?? '')
      : call.state.uploads.get(
          stringOf(isObject(block.payload['file_upload']) ? block.payload['file_upload']['id'] : ''),
        )
  const category = upload === undefined ? null : categoryOf(upload.filename ?? '', upload.contentType ?? '')
  if (upload === undefined || (category !== 'audio' && category !== 'video')) {
    throw invalid('Meeting notes need an audio or video file that was uploaded to Notion.')
  }
  return upload
}

/** Meeting notes by themselves are told without the place where they stand. */
function presentMeeting(call: Call, meeting: BlockNode): JsonObject {
  const { parent: _parent, ...shown } = presentBlock(call, meeting)
  return shown
}

const MAX_RESULTS = 100
const MAX_SORTS = 10

const sort = object(
  {
    property: literal('title', 'attendees', 'created_time', 'created_by', 'last_edited_time', 'last_edited_by'),
    direction: literal('ascending', 'descending'),
  },
  true,
)

/** The body of a query. What the filter holds is checked when it is compiled. */
export function queryMeetingsBody(): Check {
  return object(
    { filter: anything, sort: optional(array(sort, MAX_SORTS)), limit: optional(integer(1, MAX_RESULTS)) },
    true,
  )
}

/** `POST /v1/blocks/meeting_notes/query`: notes that the install may see, newest first unless it says otherwise. */
export function queryMeetings(call: Call): Answer {
  requireCapability(call.install, 'read_content')
  const matches = compileMeetingFilter(call.body['filter'], call.now)
  const sorts = [...objectsOf(call.body['sort']), { property: 'created_time', direction: 'descending' }]
  const found = [...call.state.nodes.values()]
    .filter((node): node is BlockNode => node.kind === 'block' && node.type === 'meeting_notes')
    .filter((node) => canSee(call.state, call.install, node) && !isTrashed(call.state, node))
    .filter(matches)
    .toSorted((left, right) => compare(sorts, left, right))
  const limit = typeof call.body['limit'] === 'number' ? call.body['limit'] : MAX_RESULTS
  const results = found.slice(0, limit).map((meeting) => presentMeeting(call, meeting))
  return ok({ results, has_more: found.length > limit })
}

type Key = string | number
const KEYS: Record<string, (meeting: BlockNode) => Key> = {
  title: (meeting) => plainText(objectsOf(meeting.payload['title'])),
  created_time: (meeting) => meeting.createdTime,
  last_edited_time: (meeting) => meeting.editedTime,
  created_by: (meeting) => meeting.createdBy,
  last_edited_by: (meeting) => meeting.editedBy,
}

function compare(sorts: JsonObject[], left: BlockNode, right: BlockNode): number {
  for (const { property, direction } of sorts) {
    const key = KEYS[stringOf(property)]
    if (key === undefined) continue
    const [one, other] = [key(left), key(right)]
    if (one !== other) return (one < other ? -1 : 1) * (direction === 'descending' ? -1 : 1)
  }
  return right.sequence - left.sequence
}
