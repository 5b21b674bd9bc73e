import { ATTRIBUTES, colorFromMarkdown, parseAttributes } from './attributes.ts'
import type { MarkdownBlock } from './block.ts'
import { markdownToRichText } from './inline.ts'
import { idFromUrl, urlFromId } from './references.ts'
import { plainText } from './rich-text.ts'
import { isEscaped } from './text-lines.ts'

type Attributes = Map<string, string>
/** Builds a block from its tag and the Markdown between the tags. */
type Build = (attributes: Attributes, inner: string) => MarkdownBlock

/** A block with nothing below it. */
export function leaf(type: string, data: Record<string, unknown> = {}): MarkdownBlock {
  return { type, data, children: [] }
}

const color = (attributes: Attributes): string => colorFromMarkdown(attributes.get('color'))

const URL_ICON = /^https?:\/\//

function calloutIcon(icon: string | undefined): Record<string, unknown> | null {
  if (icon === undefined || icon === '') return null
  return URL_ICON.test(icon) ? { type: 'external', external: { url: icon } } : { type: 'emoji', emoji: icon }
}

function column(attributes: Attributes): MarkdownBlock {
  const ratio = Number(attributes.get('width-ratio'))
  return leaf('column', ratio > 0 ? { width_ratio: ratio } : {})
}

function syncedReference(attributes: Attributes): MarkdownBlock {
  const url = attributes.get('url') ?? ''
  const source = { type: 'block_id', block_id: idFromUrl(url) ?? url }
  return { ...leaf('synced_block', { synced_from: source }), url }
}

/** Tags that hold other blocks up to their closing tag. */
const CONTAINERS = new Map<string, (attributes: Attributes) => MarkdownBlock>([
  ['details', (attributes) => leaf('toggle', { rich_text: [], color: color(attributes) })],
  [
    'callout',
    (attributes) =>
      leaf('callout', { rich_text: [], icon: calloutIcon(attributes.get('icon')), color: color(attributes) }),
  ],
  ['columns', () => leaf('column_list')],
  ['column', column],
  ['synced_block', () => leaf('synced_block', { synced_from: null })],
  ['synced_block_reference', syncedReference],
])

function child(type: string): Build {
  return (attributes, inner) => {
    const title = plainText(markdownToRichText(inner))
    const url = attributes.get('url')?.replace(/^\{\{(.*)\}\}$/, '$1')
    const id = url === undefined ? undefined : idFromUrl(url)
    return {
      ...leaf(type, { title }),
      title,
      ...(url === undefined ? {} : { url }),
      ...(id === undefined ? {} : { id }),
    }
  }
}

function media(type: string): Build {
  return (attributes, inner) =>
    mediaBlock(type, attributes.get('src') ?? attributes.get('source') ?? '', inner, attributes.get('name'))
}

/** An image, video or file at an outside address. Files have a name, by default the last part of the address. */
export function mediaBlock(type: string, url: string, caption: string, name = fileName(url)): MarkdownBlock {
  const data = { caption: markdownToRichText(caption), type: 'external', external: { url } }
  return leaf(type, type === 'file' ? { ...data, name } : data)
}

/** The last part of an address's path, which is the name of a file that has no other. */
export function fileName(url: string): string {
  return (url.split(/[?#]/, 1)[0] ?? '').split('/').at(-1) ?? ''
}

function link(type: string): Build {
  return (attributes, inner) =>
    leaf(type, { caption: markdownToRichText(inner), url: attributes.get('url') ?? attributes.get('src') ?? '' })
}

/** Types that the dialect shows as `<unknown>`, and that such a tag may therefore bring back. */
const UNKNOWN_TYPES = /^[a-z][a-z_0-9]*$/

function unknown(attributes: Attributes): MarkdownBlock {
  const alt = attributes.get('alt') ?? ''
  const url = attributes.get('url')
  const type = UNKNOWN_TYPES.test(alt) ? alt : 'unsupported'
  return { ...leaf(type), unknown: true, ...(url === undefined ? {} : { url }) }
}

/** Tags around the title or caption of one block. */
const TEXT_LEAVES = new Map<string, Build>([
  ['page', child('child_page')],
  ['database', child('child_database')],
  ['video', media('video')],
  ['audio', media('audio')],
  ['file', media('file')],
  ['pdf', media('pdf')],
  ['image', media('image')],
  ['bookmark', link('bookmark')],
  ['embed', link('embed')],
])

/** Tags that are a block by themselves. */
const EMPTY_LEAVES = new Map<string, (attributes: Attributes) => MarkdownBlock>([
  ['unknown', unknown],
  ['empty-block', (attributes) => leaf('paragraph', { rich_text: [], color: color(attributes) })],
  ['table_of_contents', (attributes) => leaf('table_of_contents', { color: color(attributes) })],
  ['breadcrumb', () => leaf('breadcrumb')],
  ['meeting-notes', () => leaf('meeting_notes')],
  ['block-equation', (attributes) => leaf('equation', { expression: attributes.get('expression') ?? '' })],
])

/** Whether a closing tag of this name belongs to a block. */
export function closesBlock(name: string): boolean {
  return (
    CONTAINERS.has(name) || TEXT_LEAVES.has(name) || EMPTY_LEAVES.has(name) || name === 'summary' || name === 'table'
  )
}

/** Matches what a caption or title between tags must not hold unescaped. */
export const BLOCK_TAG_TEXT =
  /<\/?(?:details|summary|callout|columns?|synced_block|page|database|video|audio|file|pdf|image|table|t[rdh]|thead|tbody|col|colgroup)\b/

const OPEN = new RegExp(`^<([a-z][a-z_-]*)(${ATTRIBUTES})\\s*(/?)>`)

/** A block tag at the start of a line. */
export interface OpenTag {
  name: string
  attributes: Attributes
  selfClosing: boolean
  /** What follows on the line. */
  rest: string
}

/** Reads the opening tag that a line begins with. */
export function openTag(line: string): OpenTag | undefined {
  const [whole, name, attributes = '', slash] = line.startsWith('<') ? (OPEN.exec(line) ?? []) : []
  if (whole === undefined || name === undefined) return undefined
  return { name, attributes: parseAttributes(attributes), selfClosing: slash === '/', rest: line.slice(whole.length) }
}

/** The block of a container tag, or undefined where the tag is none. */
export function containerBlock({ name, attributes }: OpenTag): MarkdownBlock | undefined {
  return CONTAINERS.get(name)?.(attributes)
}

/**
 * The block of a tag that holds no others, with what follows it on the line; undefined where the tag is none. A title
 * whose tag is not closed on the line goes on to its end.
 */
export function leafBlock({
  name,
  attributes,
  selfClosing,
  rest,
}: OpenTag): { block: MarkdownBlock; rest: string } | undefined {
  const empty = EMPTY_LEAVES.get(name)
  const build = TEXT_LEAVES.get(name)
  if (empty) return { block: empty(attributes), rest }
  if (!build) return undefined
  const closing = `</${name}>`
  const inner = selfClosing ? '' : rest.slice(0, closingPlace(rest, closing))
  const used = selfClosing ? 0 : inner.length + closing.length
  return { block: build(attributes, inner), rest: rest.slice(used) }
}

/** Where the text between two tags ends: at the closing tag that is not escaped, else at the end. */
export function closingPlace(text: string, closing: string): number {
  let place = text.indexOf(closing)
  while (place !== -1 && isEscaped(text, place)) place = text.indexOf(closing, place + 1)
  return place === -1 ? text.length : place
}

/** The address that a child page or database is written with. */
export function addressOf({ url, id }: MarkdownBlock): string | undefined {
  return url ?? (id === undefined ? undefined : urlFromId(id))
}
