import { ok, type Answer, type Call } from '../core/call.ts'
import { pagingMembers, slice } from '../core/pagination.ts'
import { pageRequestOfQuery } from '../core/query-string.ts'
import { requireCapability } from '../state/access.ts'
import { object, optional, string, type Check } from '../validation/check.ts'

/** The query of the list of custom emojis. */
export const listEmojisQuery: Check = object({ name: optional(string()), ...pagingMembers })

/** `GET /v1/custom_emojis`: those of the workspace, or the one with exactly this name. */
export function listEmojis(call: Call): Answer {
  requireCapability(call.install, 'read_content')
  const wanted = call.query.get('name')?.[0]
  const own = [...call.state.customEmojis.values()].filter(
    (emoji) => emoji.workspaceId === call.install.workspaceId && (wanted === undefined || emoji.name === wanted),
  )
  const part = slice(own, pageRequestOfQuery(call.query))
  const results = part.items.map(({ id, name, url }) => ({ id, name, url }))
  const { nextCursor } = part
  return ok({ object: 'list', type: 'custom_emoji', results, has_more: nextCursor !== null, next_cursor: nextCursor })
}
