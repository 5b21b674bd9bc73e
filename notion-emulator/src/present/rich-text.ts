import type { Call } from '../core/call.ts'
import { objectsOf, stringOf } from '../core/json.ts'
import { plainText } from '../core/rich-text.ts'
import { findVisible } from '../state/access.ts'
import type { JsonObject, Node } from '../state/model.ts'
import { isObject } from '../validation/check.ts'
import { mentionedUser } from './users.ts'

/** Title of what a page, database or data source is called; empty for blocks. */
export function titleOf(node: Node): string {
  if (node.kind === 'block') return ''
  if (node.kind !== 'page') return plainText(node.title)
  return plainText(objectsOf(node.values['title']))
}

/** Rich text for this caller: mentions show current names, as far as the caller may see what they name. */
export function presentRichText(call: Call, items: JsonObject[]): JsonObject[] {
  return items.map((item) => (item['type'] === 'mention' && isObject(item['mention']) ? mention(call, item) : item))
}

function mention(call: Call, item: JsonObject): JsonObject {
  const value = isObject(item['mention']) ? item['mention'] : {}
  const type = stringOf(value['type'])
  const target = isObject(value[type]) ? value[type] : {}
  const id = stringOf(target['id'])
  if (type === 'user') {
    const user = mentionedUser(call, id)
    return { ...item, mention: { type, user }, plain_text: `@${stringOf(user['name'], 'Anonymous')}` }
  }
  if (['page', 'database', 'data_source'].includes(type)) {
    const node = findVisible(call.state, call.install, id)
    return { ...item, plain_text: node === null || titleOf(node) === '' ? 'Untitled' : titleOf(node) }
  }
  if (type === 'custom_emoji') {
    const emoji = presentEmoji(call, target)
    return { ...item, mention: { type, custom_emoji: emoji }, plain_text: `:${stringOf(emoji['name'])}:` }
  }
  return item
}

/** A custom emoji of the caller's workspace, whole; what the workspace does not have stays as it was given. */
export function presentEmoji(call: Call, given: JsonObject): JsonObject {
  const known = call.state.customEmojis.get(stringOf(given['id']))
  if (known === undefined || known.workspaceId !== call.install.workspaceId) return given
  return { id: known.id, name: known.name, url: known.url }
}
