import type { ApiVersion, JsonObject } from '../state/model.ts'
import { absent, boolean, optional, type Check } from '../validation/check.ts'
import { invalid } from './failure.ts'

/** `in_trash`, and `archived` before 2026-03-11. */
export function trashMembers(version: ApiVersion): Record<string, Check> {
  return {
    in_trash: optional(boolean),
    archived: version === '2026-03-11' ? absent : optional(boolean),
  }
}

/** What a validated body wants with the trash: true in, false out, null nothing. */
export function trashWish(body: JsonObject): boolean | null {
  const { in_trash: inTrash, archived } = body
  if (typeof inTrash === 'boolean' && typeof archived === 'boolean' && inTrash !== archived) {
    throw invalid('body failed validation: body.in_trash and body.archived should be equal when both are given.')
  }
  const wish = inTrash ?? archived
  return typeof wish === 'boolean' ? wish : null
}
