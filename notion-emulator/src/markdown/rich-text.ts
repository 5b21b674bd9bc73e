import type { Annotations, RichTextItem, TextItem } from './block.ts'

/** Longest content of one text item that the API takes. */
const TEXT_LIMIT = 2000

/** No marks at all. */
export const PLAIN: Annotations = {
  bold: false,
  italic: false,
  strikethrough: false,
  underline: false,
  code: false,
  color: 'default',
}

const FLAGS = ['bold', 'italic', 'strikethrough', 'underline', 'code'] as const

/** A text item in the shape of answers. */
export function textItem(content: string, annotations: Annotations = PLAIN, url: string | null = null): TextItem {
  return {
    type: 'text',
    text: { content, link: url === null ? null : { url } },
    annotations: { ...annotations },
    plain_text: content,
    href: url,
  }
}

/** The text of rich text without its marks. */
export function plainText(items: readonly RichTextItem[]): string {
  return items.map((item) => item.plain_text).join('')
}

/**
 * The one form of a rich text that Markdown keeps: neighbours with the same marks and link are one item, contents over
 * 2,000 characters are split, carriage returns are line feeds, and nothing is empty.
 */
export function normalizeRichText(items: readonly RichTextItem[]): RichTextItem[] {
  const merged: RichTextItem[] = []
  let pieces: string[] = []
  let first: TextItem | undefined
  const flush = () => {
    if (first) merged.push(...split(first, pieces.join('')))
    first = undefined
    pieces = []
  }
  for (const item of items) {
    if (item.type !== 'text') {
      flush()
      merged.push(item)
      continue
    }
    if (first && !sameLook(first, item)) flush()
    first ??= item
    pieces.push(item.text.content)
  }
  flush()
  return merged
}

/** Whether the items bear the same marks and, being text, the same link. */
export function sameLook(a: RichTextItem, b: RichTextItem): boolean {
  return (
    linkOf(a) === linkOf(b) &&
    a.annotations.color === b.annotations.color &&
    FLAGS.every((flag) => a.annotations[flag] === b.annotations[flag])
  )
}

/** The address that a text item links to. */
export function linkOf(item: RichTextItem): string | null {
  return item.type === 'text' ? (item.text.link?.url ?? null) : null
}

function split(look: TextItem, content: string): TextItem[] {
  const text = content.replace(/\r\n?/g, '\n')
  const items: TextItem[] = []
  let from = 0
  while (from < text.length) {
    const to = boundary(text, from + TEXT_LIMIT)
    items.push(textItem(text.slice(from, to), look.annotations, linkOf(look)))
    from = to
  }
  return items
}

/** A cut at or just before this position that does not part a surrogate pair. */
function boundary(text: string, position: number): number {
  if (position >= text.length) return text.length
  const code = text.charCodeAt(position)
  const isLowSurrogate = code >= 0xdc_00 && code <= 0xdf_ff
  return isLowSurrogate ? position - 1 : position
}

/** Takes rich text as it lies in a stored payload; items of a shape that is not known are left out. */
export function readRichText(value: unknown): RichTextItem[] {
  return Array.isArray(value) ? value.filter(isItem) : []
}

function isItem(value: unknown): value is RichTextItem {
  if (typeof value !== 'object' || value === null) return false
  const item = value as Partial<RichTextItem>
  if (typeof item.plain_text !== 'string' || typeof item.annotations !== 'object') return false
  return item.type !== undefined && typeof (item as Record<string, unknown>)[item.type] === 'object'
}
