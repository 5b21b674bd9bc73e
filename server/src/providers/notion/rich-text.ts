import type { CreateDatabaseParameters, RichTextItemResponse } from '@notionhq/client'

/** One piece of rich text as Notion takes it; the client does not export its name. */
export type RichTextItemRequest = NonNullable<CreateDatabaseParameters['title']>[number]

/** Notion's limit for the text of one item. */
const ITEM_CHARACTERS = 2000

/** Notion's limit for one array. */
export const RICH_TEXT_ITEMS = 100

/** A label longer than this is no link; it also bounds the search for its end. */
const LABEL_CHARACTERS = 2000

const LINK = /^(?:https?:\/\/|mailto:|tel:)\S+$/i
const WORD = /[\p{L}\p{N}]/u
const SPACE = /\s/
const ESCAPABLE = '\\`*_~[]$'

type Annotation = 'bold' | 'italic' | 'strikethrough' | 'code'

interface Style {
  readonly marks: ReadonlySet<Annotation>
  readonly link: string | undefined
}

interface Span extends Style {
  readonly text: string
}

const PLAIN: Style = { marks: new Set(), link: undefined }

interface Mark {
  readonly mark: string
  readonly annotations: readonly Annotation[]
}

/** Longer marks first, so that `**` is not read as two `*`. Those of `_` hold only around whole words: names_have_them. */
const MARKS: readonly Mark[] = [
  { mark: '***', annotations: ['bold', 'italic'] },
  { mark: '**', annotations: ['bold'] },
  { mark: '__', annotations: ['bold'] },
  { mark: '~~', annotations: ['strikethrough'] },
  { mark: '*', annotations: ['italic'] },
  { mark: '_', annotations: ['italic'] },
]

/** A run of three closes a mark of one or two around one of the other length, as in `**bold *both***`. */
const LONGEST_RUN = 3

/** The words of a rich text, without its formatting. */
export function plainText(items: readonly { readonly plain_text: string }[]): string {
  return items.map((item) => item.plain_text).join('')
}

/** Text as it is, cut to the lengths that Notion takes. */
export function richTextOf(text: string): RichTextItemRequest[] {
  return itemsOf({ ...PLAIN, text })
}

/** Inline Markdown (bold, italic, strikethrough, code, links) → rich text. */
export function richTextFromMarkdown(markdown: string): RichTextItemRequest[] {
  return parseInline(markdown, PLAIN).flatMap(itemsOf)
}

/** Rich text → inline Markdown that {@link richTextFromMarkdown} reads back. Colours and underline are lost. */
export function markdownOf(items: readonly RichTextItemResponse[]): string {
  return items.map(itemMarkdown).join('')
}

function itemMarkdown(item: RichTextItemResponse): string {
  if (item.type === 'equation') return `$${item.equation.expression}$`
  if (item.annotations.code) return `\`${item.plain_text}\``
  // A mark directly beside a space would not be read as one, so the spaces stay outside.
  const [, before = '', words = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(item.plain_text) ?? []
  if (words === '') return item.plain_text
  let text = words.replaceAll(/[\\`*]/g, String.raw`\$&`)
  if (item.annotations.strikethrough) text = `~~${text}~~`
  if (item.annotations.italic) text = `*${text}*`
  if (item.annotations.bold) text = `**${text}**`
  if (item.href !== null) text = `[${text}](${item.href})`
  return before + text + after
}

function parseInline(text: string, style: Style): Span[] {
  const spans: Span[] = []
  // Marks for which the rest of the text holds no end: looked for once, which keeps the scan linear.
  const unclosed = new Set<string>()
  let plain = ''
  let at = 0
  while (at < text.length) {
    const found =
      escapeAt(text, at, style) ??
      codeAt(text, at, style, unclosed) ??
      linkAt(text, at, style) ??
      markAt(text, at, style, unclosed)
    if (found === undefined) {
      plain += text[at]
      at += 1
      continue
    }
    if (plain !== '') spans.push({ ...style, text: plain })
    plain = ''
    spans.push(...found.spans)
    at = found.end
  }
  if (plain !== '') spans.push({ ...style, text: plain })
  return spans
}

interface Found {
  readonly spans: readonly Span[]
  readonly end: number
}

function escapeAt(text: string, at: number, style: Style): Found | undefined {
  const next = text[at + 1]
  if (text[at] !== '\\' || next === undefined || !ESCAPABLE.includes(next)) return undefined
  return { spans: [{ ...style, text: next }], end: at + 2 }
}

function codeAt(text: string, at: number, style: Style, unclosed: Set<string>): Found | undefined {
  if (text[at] !== '`' || unclosed.has('`')) return undefined
  const end = text.indexOf('`', at + 1)
  if (end === -1) unclosed.add('`')
  if (end <= at + 1) return undefined
  return {
    spans: [{ ...style, marks: new Set([...style.marks, 'code']), text: text.slice(at + 1, end) }],
    end: end + 1,
  }
}

function linkAt(text: string, at: number, style: Style): Found | undefined {
  if (text[at] !== '[' || style.link !== undefined) return undefined
  const label = text.slice(at + 1, at + 1 + LABEL_CHARACTERS)
  const labelEnd = label.indexOf('](')
  if (labelEnd < 1) return undefined
  const address = text.slice(at + labelEnd + 3, at + labelEnd + 3 + ITEM_CHARACTERS)
  const addressEnd = address.indexOf(')')
  const link = address.slice(0, Math.max(addressEnd, 0))
  if (!LINK.test(link)) return undefined
  return { spans: parseInline(label.slice(0, labelEnd), { ...style, link }), end: at + labelEnd + 3 + addressEnd + 1 }
}

function markAt(text: string, at: number, style: Style, unclosed: Set<string>): Found | undefined {
  for (const { mark, annotations } of MARKS) {
    const used = annotations.some((annotation) => style.marks.has(annotation))
    if (unclosed.has(mark) || used || !opensAt(text, at, mark)) continue
    const start = at + mark.length
    const end = closeOf(text, start, mark)
    if (end === undefined) {
      unclosed.add(mark)
      continue
    }
    const inner = { ...style, marks: new Set([...style.marks, ...annotations]) }
    return { spans: parseInline(text.slice(start, end), inner), end: end + mark.length }
  }
  return undefined
}

function opensAt(text: string, at: number, mark: string): boolean {
  if (!text.startsWith(mark, at) || text[at - 1] === mark[0]) return false
  const run = runLength(text, at)
  const next = text[at + run]
  const fits = run === mark.length || run === LONGEST_RUN
  return fits && next !== undefined && !SPACE.test(next) && !(isWordBound(mark) && WORD.test(text[at - 1] ?? ' '))
}

/** Where a mark closes: the last characters of a run that stands behind a word. */
function closeOf(text: string, start: number, mark: string): number | undefined {
  for (let at = text.indexOf(mark, start); at !== -1;) {
    const run = runLength(text, at)
    const fits = run === mark.length || run === LONGEST_RUN
    const spaced = at === start || SPACE.test(text[at - 1] ?? ' ')
    const inWord = isWordBound(mark) && WORD.test(text[at + run] ?? ' ')
    if (fits && !spaced && !inWord) return at + run - mark.length
    at = text.indexOf(mark, at + run)
  }
  return undefined
}

function runLength(text: string, at: number): number {
  let end = at + 1
  while (text[end] === text[at]) end += 1
  return end - at
}

function isWordBound(mark: string): boolean {
  return mark.startsWith('_')
}

function itemsOf(span: Span): RichTextItemRequest[] {
  const annotations = Object.fromEntries([...span.marks].map((mark) => [mark, true]))
  return pieces(span.text).map((content) => ({
    type: 'text',
    text: { content, ...(span.link === undefined ? {} : { link: { url: span.link } }) },
    ...(span.marks.size === 0 ? {} : { annotations }),
  }))
}

/** Cuts a text to pieces that Notion takes, never between the halves of a character. */
function pieces(text: string): string[] {
  const parts: string[] = []
  let start = 0
  while (start < text.length) {
    let end = Math.min(start + ITEM_CHARACTERS, text.length)
    if (end < text.length && /[\uD800-\uDBFF]/.test(text[end - 1] ?? '')) end -= 1
    parts.push(text.slice(start, end))
    start = end
  }
  return parts
}
