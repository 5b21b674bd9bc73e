import { objectsOf, stringOf } from '../core/json.ts'
import type { JsonObject } from '../state/model.ts'
import { isObject } from '../validation/check.ts'
import type { Difference } from './compare.ts'
import type { Interaction } from './recording.ts'

/**
 * Some recorded answers are older than the version that is noted beside them: a client's saved answer stays when its
 * request is written anew. They lack members that every answer of that version has. Such an answer tells nothing about
 * the version, so that it counts apart: compared without the members that came later.
 */

/** Members that every object of a kind has, in all versions that the emulator answers. */
const MEMBERS: Record<string, string[]> = {
  page: ['in_trash', 'is_archived', 'is_locked', 'public_url'],
  block: ['in_trash', 'parent'],
  database: ['in_trash', 'is_locked', 'data_sources', 'public_url'],
  data_source: ['in_trash', 'database_parent', 'public_url'],
  comment: ['display_name'],
}
/** Kinds that had `archived` until 2026-03-11. */
const WITH_ARCHIVED = ['page', 'block', 'database', 'data_source']
const VERSION_WITHOUT_ARCHIVED = '2026-03-11'
/** Members of payloads and of parts that came later, and those above. */
const LATER = [
  ...Object.values(MEMBERS).flat(),
  'archived',
  'request_id',
  'additional_data',
  'workspace_id',
  'database_id',
  'data_source_id',
  'has_more',
  'icon',
  'description',
]

/** Whether an answer is older than the version of its request. */
export function isOlderThanItsVersion({ answer, version, path, body }: Interaction): boolean {
  if (answer === null) return false
  if (answer['object'] === 'error') return answer['code'] === 'object_not_found' && !('additional_data' in answer)
  const isTemplates = Array.isArray(answer['templates'])
  if (!('request_id' in answer) && !isTemplates) return true
  const cursors = [answer['next_cursor'], isObject(body) ? body['start_cursor'] : undefined]
  if (path.endsWith('/query') && cursors.some(isCursorOfBefore)) return true
  return [answer, ...objectsOf(answer['results'])].some((object) => lacksMembers(object, version))
}

function isCursorOfBefore(cursor: unknown): boolean {
  return typeof cursor === 'string' && !cursor.includes(':')
}

function lacksMembers(object: JsonObject, version: string): boolean {
  const kind = stringOf(object['object'])
  const hasArchived = WITH_ARCHIVED.includes(kind) && version < VERSION_WITHOUT_ARCHIVED
  const members = [...(MEMBERS[kind] ?? []), ...(hasArchived ? ['archived'] : [])]
  const bot = isObject(object['bot']) ? object['bot'] : {}
  const paragraph = isObject(object['paragraph']) ? object['paragraph'] : null
  return (
    members.some((member) => !(member in object)) ||
    ('workspace_name' in bot && !('workspace_id' in bot)) ||
    (paragraph !== null && !('icon' in paragraph))
  )
}

/** What is left of the differences from an older answer: the members that came later are none. */
export function withoutLaterMembers(differences: Difference[]): Difference[] {
  return differences.filter(
    ({ kind, place }) => kind !== 'extra' || !LATER.includes(/[^.[\]{}]*$/.exec(place)?.[0] ?? ''),
  )
}
