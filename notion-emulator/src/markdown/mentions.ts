import { formatAttributes } from './attributes.ts'
import { PLAIN, textItem } from './rich-text.ts'
import type { MentionItem, RichTextItem } from './block.ts'
import { idFromUrl, urlFromId, userIdFromUrl, userUrl } from './references.ts'

/** The objects that a mention may point to by address: dialect's tag, Notion's type. */
const OBJECT_TAGS = new Map([
  ['mention-page', 'page'],
  ['mention-database', 'database'],
  ['mention-data-source', 'data_source'],
])
const TAG_OF_OBJECT = new Map([...OBJECT_TAGS].map(([tag, type]) => [type, tag]))

/** Agents are users of the bot kind. */
const USER_TAGS = new Set(['mention-user', 'mention-agent'])

/** Whether the tag is one of a mention. */
export function isMentionTag(name: string): boolean {
  return OBJECT_TAGS.has(name) || USER_TAGS.has(name) || name === 'mention-date'
}

/** Builds the mention of a tag. `inner` is the plain text between its tags. Marks are the caller's. */
export function mentionFromTag(name: string, attributes: ReadonlyMap<string, string>, inner: string): MentionItem {
  if (name === 'mention-date') return dateMention(attributes)
  const url = (attributes.get('url') ?? '').replace(/^\{\{(.*)\}\}$/s, '$1')
  if (USER_TAGS.has(name)) {
    const user = { object: 'user', id: userIdFromUrl(url) }
    // A name may be written with the sign that a mention shows before it; one that begins with the sign has to be.
    return mention({ type: 'user', user }, `@${inner.replace(/^@/, '')}`, null)
  }
  const type = OBJECT_TAGS.get(name) ?? 'page'
  return mention({ type, [type]: { id: idFromUrl(url) ?? url } }, inner, url)
}

function mention(value: MentionItem['mention'], text: string, href: string | null): MentionItem {
  return { type: 'mention', mention: value, annotations: { ...PLAIN }, plain_text: text, href }
}

function dateMention(attributes: ReadonlyMap<string, string>): MentionItem {
  const start = moment(attributes, 'start') ?? ''
  const end = moment(attributes, 'end') ?? null
  const date = { start, end, time_zone: attributes.get('timeZone') ?? null }
  return mention({ type: 'date', date }, dateText(start, end), null)
}

/** The dialect may give the time of a day apart from it: `start="2026-05-01" startTime="09:30"`. */
function moment(attributes: ReadonlyMap<string, string>, name: 'start' | 'end'): string | undefined {
  const day = attributes.get(name)
  const time = attributes.get(`${name}Time`)
  return day !== undefined && time !== undefined ? `${day}T${time}:00.000` : day
}

function dateText(start: string, end: string | null): string {
  return end === null ? start : `${start} → ${end}`
}

/** A mention as its tag, or undefined for one that the dialect has no tag for. `inner` is its escaped title. */
export function mentionToTag(item: MentionItem, inner: (text: string) => string): string | undefined {
  const { type } = item.mention
  const value = (item.mention[type] ?? {}) as Record<string, unknown>
  const id = typeof value['id'] === 'string' ? value['id'] : ''
  if (type === 'date') {
    const { start, end, time_zone: timeZone } = value
    return `<mention-date${formatAttributes({ start: string(start), end: string(end), timeZone: string(timeZone) })}/>`
  }
  if (type === 'user') return tag('mention-user', userUrl(id), inner(item.plain_text.replace(/^@(?!@)/, '')))
  const name = TAG_OF_OBJECT.get(type)
  return name === undefined ? undefined : tag(name, item.href ?? urlFromId(id), inner(item.plain_text))
}

function tag(name: string, url: string, inner: string): string {
  return `<${name}${formatAttributes({ url })}>${inner}</${name}>`
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Link previews, emoji and template variables have no tag: they are written as text, with their link if they have one. */
export function mentionAsText(item: RichTextItem): RichTextItem {
  if (item.type !== 'mention' || mentionToTag(item, (text) => text) !== undefined) return item
  return textItem(item.plain_text, item.annotations, item.href)
}
