import type { JsonObject } from '../state/model.ts'
import { objectsOf, stringOf } from './json.ts'
import { isObject } from '../validation/check.ts'
import { storedDate } from './dates.ts'
import { compactId, parseId } from './ids.ts'

const PLAIN_ANNOTATIONS = {
  bold: false,
  italic: false,
  strikethrough: false,
  underline: false,
  code: false,
  color: 'default',
}

/** Base of page addresses. */
export const PAGE_URL_BASE = 'https://app.notion.com/p/'

/** One plain text item, in the shape of answers. */
function plainItem(content: string): JsonObject {
  return {
    type: 'text',
    text: { content, link: null },
    annotations: { ...PLAIN_ANNOTATIONS },
    plain_text: content,
    href: null,
  }
}

/** Plain text as rich text; empty text is an empty list. */
export function plainRichText(content: string): JsonObject[] {
  return content === '' ? [] : [plainItem(content)]
}

/** The text of rich text, without marks. */
export function plainText(items: JsonObject[]): string {
  return items.map((item) => stringOf(item['plain_text'])).join('')
}

/** Turns validated request items into what answers show: defaults filled in, read-only members computed. */
export function storedRichText(items: unknown): JsonObject[] {
  return objectsOf(items).map(storedItem).filter(hasContent)
}

/** Neighbours of the same format as one item: how the text of code blocks comes back. */
export function mergedText(items: JsonObject[]): JsonObject[] {
  const merged: JsonObject[] = []
  for (const item of items) {
    const last = merged.at(-1)
    if (last === undefined || !sameFormat(last, item)) merged.push(item)
    else merged.splice(-1, 1, joined(last, item))
  }
  return merged
}

function sameFormat(left: JsonObject, right: JsonObject): boolean {
  const isText = left['type'] === 'text' && right['type'] === 'text' && left['href'] === right['href']
  return isText && JSON.stringify(left['annotations']) === JSON.stringify(right['annotations'])
}

function joined(left: JsonObject, right: JsonObject): JsonObject {
  const content = stringOf(left['plain_text']) + stringOf(right['plain_text'])
  const text = isObject(left['text']) ? { ...left['text'], content } : { content, link: null }
  return { ...left, text, plain_text: content }
}

function hasContent(item: JsonObject): boolean {
  return item['type'] !== 'text' || item['plain_text'] !== ''
}

function storedItem(item: JsonObject): JsonObject {
  const annotations = {
    ...PLAIN_ANNOTATIONS,
    ...(isObject(item['annotations']) ? pickAnnotations(item['annotations']) : {}),
  }
  if (isObject(item['mention'])) return mentionItem(item, item['mention'], annotations)
  if (isObject(item['equation'])) {
    const expression = stringOf(item['equation']['expression'])
    return { type: 'equation', equation: { expression }, annotations, plain_text: expression, href: null }
  }
  const text = isObject(item['text']) ? item['text'] : {}
  const content = stringOf(text['content'])
  const url = isObject(text['link']) ? stringOf(text['link']['url']) : null
  return {
    type: 'text',
    text: { content, link: url === null ? null : { url } },
    annotations,
    plain_text: content,
    href: url,
  }
}

function pickAnnotations(given: JsonObject): JsonObject {
  const names = Object.keys(PLAIN_ANNOTATIONS).filter((name) => given[name] !== undefined)
  return Object.fromEntries(names.map((name) => [name, given[name]]))
}

const MENTION_TYPES = [
  'user',
  'page',
  'database',
  'data_source',
  'date',
  'template_mention',
  'custom_emoji',
  'link_mention',
]

function mentionItem(item: JsonObject, mention: JsonObject, annotations: JsonObject): JsonObject {
  const type = MENTION_TYPES.find((name) => mention[name] !== undefined) ?? 'page'
  const value = mention[type]
  return {
    type: 'mention',
    mention: { type, [type]: storedMention(type, value) },
    annotations,
    plain_text: typeof item['plain_text'] === 'string' ? item['plain_text'] : mentionText(type, value),
    href: mentionAddress(type, value),
  }
}

function storedMention(type: string, value: unknown): unknown {
  if (!isObject(value)) return value
  if (type === 'date') return storedDate(value)
  const id = parseId(value['id'])
  return id === null ? value : { ...value, id }
}

function mentionText(type: string, value: unknown): string {
  if (!isObject(value)) return ''
  if (type !== 'date') return ''
  const end = typeof value['end'] === 'string' ? ` → ${value['end']}` : ''
  return `${stringOf(value['start'])}${end}`
}

function mentionAddress(type: string, value: unknown): string | null {
  if (!isObject(value)) return null
  if (type === 'link_mention') return stringOf(value['href'])
  const id = parseId(value['id'])
  return id !== null && ['page', 'database', 'data_source'].includes(type) ? PAGE_URL_BASE + compactId(id) : null
}
