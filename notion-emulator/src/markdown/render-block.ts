import { colorToMarkdown, formatAttributes } from './attributes.ts'
import type { MarkdownBlock } from './block.ts'
import { BLOCK_TAG_TEXT, addressOf, fileName } from './block-tags.ts'
import { formatDestination } from './destination.ts'
import { richTextToMarkdown } from './inline.ts'
import { escapeLineStart, hasPairedBrackets } from './parse-line.ts'
import { plainText, readRichText, textItem } from './rich-text.ts'
import { attributesStart } from './text-lines.ts'

/** A block as text: lines before and after its children, which are written one level deeper. */
export interface RenderedBlock {
  opening: string[]
  children: readonly MarkdownBlock[]
  closing: string[]
}

type Render = (block: MarkdownBlock, number: number) => RenderedBlock

/** Writes the lines of one block. `number` is what a numbered item shows. Types without a form are `<unknown>` tags. */
export function renderBlock(block: MarkdownBlock, number: number): RenderedBlock {
  const render = block.unknown ? undefined : RENDERERS.get(block.type)
  return render ? render(block, number) : unknown(block)
}

function alone(line: string): RenderedBlock {
  return leafLines([line])
}

function leafLines(opening: string[]): RenderedBlock {
  return { opening, children: [], closing: [] }
}

function unknown({ type, url, data }: MarkdownBlock): RenderedBlock {
  const address = url ?? (typeof data['url'] === 'string' ? data['url'] : undefined)
  return alone(`<unknown${formatAttributes({ url: address, alt: type })}/>`)
}

/** A line of rich text, safe from being read as attributes. */
function inline(value: unknown): string {
  const markdown = richTextToMarkdown(readRichText(value), (text) => BLOCK_TAG_TEXT.test(text))
  const start = attributesStart(markdown)
  return start === undefined ? markdown : `${markdown.slice(0, start)}\\${markdown.slice(start)}`
}

function withAttributes(line: string, attributes: Record<string, string | undefined>): string {
  const written = formatAttributes(attributes).trimStart()
  if (written === '') return line
  return line === '' ? `{${written}}` : `${line} {${written}}`
}

function color({ data }: MarkdownBlock): { color: string | undefined } {
  return { color: colorToMarkdown(data['color']) }
}

/** A line that begins with a mark, such as a list item. */
function marked(mark: (block: MarkdownBlock, number: number) => string): Render {
  return (block, number) => {
    const text = withAttributes(inline(block.data['rich_text']), color(block))
    const start = mark(block, number)
    return { opening: [text === '' ? start : `${start} ${text}`], children: block.children, closing: [] }
  }
}

function heading(mark: string): Render {
  return (block) => {
    const toggle = block.data['is_toggleable'] === true ? 'true' : undefined
    const text = withAttributes(inline(block.data['rich_text']), { toggle, ...color(block) })
    return { opening: [text === '' ? mark : `${mark} ${text}`], children: block.children, closing: [] }
  }
}

function paragraphLine(block: MarkdownBlock): string {
  const text = inline(block.data['rich_text'])
  if (text === '') return `<empty-block${formatAttributes(color(block))}/>`
  return withAttributes(escapeLineStart(text), color(block))
}

function paragraph(block: MarkdownBlock): RenderedBlock {
  return { opening: [paragraphLine(block)], children: block.children, closing: [] }
}

function toggle(block: MarkdownBlock): RenderedBlock {
  const summary = `<summary>${inline(block.data['rich_text'])}</summary>`
  return {
    opening: [`<details${formatAttributes(color(block))}>`, summary],
    children: block.children,
    closing: ['</details>'],
  }
}

function callout(block: MarkdownBlock): RenderedBlock {
  const { data, children } = block
  const opening = [`<callout${formatAttributes({ icon: icon(data['icon']), ...color(block) })}>`]
  const text = paragraphLine({ ...block, data: { rich_text: data['rich_text'] } })
  // An empty text is only written where the first child would be taken for it.
  const isEmpty = readRichText(data['rich_text']).length === 0
  if (!isEmpty || children[0]?.type === 'paragraph') opening.push(`\t${text}`)
  return { opening, children, closing: ['</callout>'] }
}

function icon(value: unknown): string | undefined {
  const { type, emoji, external, file } = (value ?? {}) as Record<string, unknown>
  if (type === 'emoji') return typeof emoji === 'string' ? emoji : undefined
  return urlOf(external ?? file)
}

function urlOf(source: unknown): string | undefined {
  const { url } = (source ?? {}) as Record<string, unknown>
  return typeof url === 'string' ? url : undefined
}

function code({ data }: MarkdownBlock): RenderedBlock {
  const text = plainText(readRichText(data['rich_text'])).replace(/\r\n?/g, '\n')
  const fence = fenceFor(text)
  const language = typeof data['language'] === 'string' ? data['language'] : 'plain text'
  return leafLines([fence + language, ...(text === '' ? [] : text.split('\n')), fence])
}

/** A fence longer than any in the text. */
function fenceFor(text: string): string {
  const runs = [...text.matchAll(/^[ \t]*(`{3,})/gm)].map(([, run = '']) => run)
  return runs.reduce((fence, run) => (run.length >= fence.length ? `${run}\`` : fence), '```')
}

function equation({ data }: MarkdownBlock): RenderedBlock {
  const expression = typeof data['expression'] === 'string' ? data['expression'] : ''
  const fenced = !/\r|^[ \t]*\$\$[ \t]*$/m.test(expression) && expression !== ''
  if (fenced) return leafLines(['$$', ...expression.split('\n'), '$$'])
  return alone(`<block-equation${formatAttributes({ expression })}/>`)
}

function table({ data, children }: MarkdownBlock): RenderedBlock {
  const flag = (value: unknown) => (value === true ? 'true' : undefined)
  const attributes = { 'header-row': flag(data['has_column_header']), 'header-column': flag(data['has_row_header']) }
  const rows = children.flatMap((row) => tableRow(row).opening.map((line) => `\t${line}`))
  return leafLines([`<table${formatAttributes(attributes)}>`, ...rows, '</table>'])
}

function tableRow({ data }: MarkdownBlock): RenderedBlock {
  const cells = Array.isArray(data['cells']) ? data['cells'] : []
  return leafLines(['<tr>', ...cells.map((cell) => `\t<td>${inline(cell)}</td>`), '</tr>'])
}

function container(name: string, attributes: (block: MarkdownBlock) => Record<string, string | undefined>): Render {
  return (block) => ({
    opening: [`<${name}${formatAttributes(attributes(block))}>`],
    children: block.children,
    closing: [`</${name}>`],
  })
}

function columnAttributes({ data }: MarkdownBlock): Record<string, string | undefined> {
  return { 'width-ratio': typeof data['width_ratio'] === 'number' ? String(data['width_ratio']) : undefined }
}

const syncedOriginal = container('synced_block', () => ({}))
const syncedCopy = container('synced_block_reference', (block) => {
  const { block_id: id } = (block.data['synced_from'] ?? {}) as Record<string, unknown>
  return { url: addressOf({ ...block, ...(typeof id === 'string' ? { id } : {}) }) }
})

function child(name: string): Render {
  return (block) => {
    const own = block.data['title']
    const title = block.title ?? (typeof own === 'string' ? own : '')
    const text = title === '' ? '' : inline([textItem(title)])
    return alone(`<${name}${formatAttributes({ url: addressOf(block) })}>${text}</${name}>`)
  }
}

function mediaUrl({ data }: MarkdownBlock): string {
  return urlOf(data['external'] ?? data['file']) ?? ''
}

function image(block: MarkdownBlock): RenderedBlock {
  const refuses = (text: string) => BLOCK_TAG_TEXT.test(text) || !hasPairedBrackets(text)
  const caption = richTextToMarkdown(readRichText(block.data['caption']), refuses)
  return alone(`![${caption}]${formatDestination(mediaUrl(block))}`)
}

function media(tag: string): Render {
  return (block) => {
    const src = mediaUrl(block)
    const { name } = block.data
    const ownName = tag === 'file' && typeof name === 'string' && name !== fileName(src) ? name : undefined
    return alone(`<${tag}${formatAttributes({ src, name: ownName })}>${inline(block.data['caption'])}</${tag}>`)
  }
}

const RENDERERS = new Map<string, Render>([
  ['paragraph', paragraph],
  ['heading_1', heading('#')],
  ['heading_2', heading('##')],
  ['heading_3', heading('###')],
  ['heading_4', heading('####')],
  ['bulleted_list_item', marked(() => '-')],
  ['numbered_list_item', marked((_, number) => `${number}.`)],
  ['to_do', marked(({ data }) => (data['checked'] === true ? '- [x]' : '- [ ]'))],
  ['quote', marked(() => '>')],
  ['toggle', toggle],
  ['callout', callout],
  ['code', code],
  ['equation', equation],
  ['divider', () => alone('---')],
  ['table', table],
  ['table_row', tableRow],
  ['table_of_contents', (block) => alone(`<table_of_contents${formatAttributes(color(block))}/>`)],
  ['column_list', container('columns', () => ({}))],
  ['column', container('column', columnAttributes)],
  ['synced_block', (block, number) => (block.data['synced_from'] ? syncedCopy : syncedOriginal)(block, number)],
  ['child_page', child('page')],
  ['child_database', child('database')],
  ['image', image],
  ['video', media('video')],
  ['audio', media('audio')],
  ['file', media('file')],
  ['pdf', media('pdf')],
])
