import { objectsOf } from '../core/json.ts'
import type { JsonObject } from '../state/model.ts'
import { isObject } from '../validation/check.ts'
import type { Difference } from './compare.ts'
import type { Interaction } from './recording.ts'

/**
 * Why an answer differs from a recorded one, by pattern. The list is reviewed by hand; a reason never makes two answers
 * equal, it only tells the reader of a report what was found when somebody looked.
 */
interface Reason {
  applies: (difference: Difference, interaction: Interaction) => boolean
  text: string
}

const REASONS: Reason[] = [
  {
    applies: (_difference, interaction) => isOlderThanItsVersion(interaction),
    text: 'the recorded answer is older than the version of its request: members that this version has are missing in it',
  },
  {
    applies: ({ place }, interaction) => place.startsWith('results') && hasRepeatedIds(interaction),
    text: 'the recording calls two objects of one list by the same id',
  },
  {
    applies: ({ kind }, { body }) => kind === 'rows' && isObject(body) && filtersContacts(body['filter']),
    text: 'the recording replaced addresses after the filter had looked at them',
  },
]

/** The reason for a difference, or null where none is known. */
export function reasonFor(difference: Difference, interaction: Interaction): string | null {
  return REASONS.find(({ applies }) => applies(difference, interaction))?.text ?? null
}

const MEMBERS_OF_TODAY: Record<string, string[]> = {
  page: ['in_trash', 'is_archived', 'is_locked', 'public_url'],
  block: ['in_trash', 'parent'],
  database: ['in_trash', 'is_locked', 'data_sources'],
  data_source: ['in_trash', 'database_parent'],
  comment: ['display_name'],
}

/** Answers of today have members that old ones lack, whatever version header was noted beside them. */
function isOlderThanItsVersion({ answer }: Interaction): boolean {
  if (answer === null) return false
  const objects = [answer, ...objectsOf(answer['results'])]
  return answer['request_id'] === undefined || objects.some(lacksMembers)
}

function lacksMembers(object: JsonObject): boolean {
  const members = MEMBERS_OF_TODAY[String(object['object'])] ?? []
  return members.some((member) => !(member in object))
}

function hasRepeatedIds({ answer }: Interaction): boolean {
  const ids = objectsOf(answer?.['results']).map((row) => row['id'])
  return new Set(ids).size < ids.length
}

/** Mail and web addresses are replaced in published recordings, so that a filter on their text cannot hold any more. */
function filtersContacts(filter: unknown): boolean {
  if (Array.isArray(filter)) return filter.some(filtersContacts)
  if (!isObject(filter)) return false
  const isContact = ['email', 'url', 'phone_number'].some((type) => type in filter) || /mail|url/i.test(String(filter['property']))
  return isContact || ['and', 'or'].some((group) => filtersContacts(filter[group]))
}
