import fc, { type Arbitrary } from 'fast-check'
import type { Annotations, MarkdownBlock, RichTextItem } from '../../src/markdown/block.ts'
import { normalizeRichText, textItem } from '../../src/markdown/rich-text.ts'

/** Characters that mean something somewhere in Markdown, besides a few that never do. */
const MARKUP = '*_~`$[]()<>{}|^\\!#-+.=:/"&1abé \n\t…'.split('')
/** Pieces that would be structure if they were not escaped. */
const TRAPS = [
  '- ',
  '# ',
  '1. ',
  '> ',
  '```',
  '$$',
  '---',
  '| a |',
  '|---|',
  '![x](y)',
  '<details>',
  '</details>',
  '</td>',
  '</page>',
  '{color="red"}',
  '{toggle="true"}',
  '<br>',
  '<empty-block/>',
  '**',
  '</callout>',
  'https://example.com',
  '🙂',
  ' a ',
]

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...MARKUP) }),
  fc.constantFrom(...TRAPS),
  fc.constantFrom('word', 'two words', 'Ünïcödé'),
)

const color = fc.constantFrom('default', 'default', 'red', 'gray_background')
const annotations: Arbitrary<Annotations> = fc
  .tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean(), color)
  .map(([bold, italic, strikethrough, underline, code, hue]) => ({
    bold,
    italic,
    strikethrough,
    underline,
    code,
    color: hue,
  }))

const link = fc.oneof(
  { weight: 4, arbitrary: fc.constant(null) },
  fc.webUrl(),
  fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom('(', ')', '[', ']', '<', '\\', ' ', 'a', '/', '"') }),
)

const id = fc.uuid({ version: 4 })
const pageUrl = id.map((uuid) => `https://app.notion.com/p/Some-Title-${uuid.replaceAll('-', '')}`)
const titleText = text.map((title) => title.replaceAll('\r', ''))

const mention: Arbitrary<RichTextItem> = fc
  .tuple(annotations, id, titleText, fc.boolean())
  .map(([marks, uuid, title, isUser]) => {
    const href = `https://app.notion.com/p/${uuid.replaceAll('-', '')}`
    const common = { type: 'mention' as const, annotations: marks }
    return isUser
      ? {
          ...common,
          mention: { type: 'user', user: { object: 'user', id: uuid } },
          plain_text: `@${title.replace(/^@/, '')}`,
          href: null,
        }
      : { ...common, mention: { type: 'page', page: { id: uuid } }, plain_text: title, href }
  })

const equation: Arbitrary<RichTextItem> = fc.tuple(annotations, text).map(([marks, expression]) => ({
  type: 'equation',
  equation: { expression },
  annotations: marks,
  plain_text: expression,
  href: null,
}))

/** Any rich text in the form that Markdown keeps. */
export const richText: Arbitrary<RichTextItem[]> = fc
  .array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.tuple(text, annotations, link).map(([content, marks, url]) => textItem(content, marks, url)),
      },
      { weight: 6, arbitrary: text.map((content) => textItem(content)) },
      { weight: 1, arbitrary: mention },
      { weight: 1, arbitrary: equation },
    ),
    { maxLength: 5 },
  )
  .map(normalizeRichText)

const plainRichText = fc
  .oneof(
    text,
    fc.array(text, { maxLength: 5 }).map((lines) => lines.join('\n')),
  )
  .map((content) => normalizeRichText([textItem(content)]))

function block(type: string, data: Record<string, unknown>, children: MarkdownBlock[] = []): MarkdownBlock {
  return { type, data, children }
}

function media(type: string): Arbitrary<MarkdownBlock> {
  return fc
    .tuple(richText, fc.webUrl())
    .map(([caption, url]) => block(type, { caption, type: 'external', external: { url } }))
}

const file = fc
  .tuple(richText, fc.webUrl(), text)
  .map(([caption, url, name]) => block('file', { caption, type: 'external', external: { url }, name }))

const table = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.boolean(), fc.boolean())
  .chain(([width, hasColumnHeader, hasRowHeader]) => {
    const row = fc.array(richText, { minLength: width, maxLength: width }).map((cells) => block('table_row', { cells }))
    const data = { table_width: width, has_column_header: hasColumnHeader, has_row_header: hasRowHeader }
    return fc.array(row, { minLength: 1, maxLength: 3 }).map((rows) => block('table', data, rows))
  })

const childPage = fc
  .tuple(fc.constantFrom('child_page', 'child_database'), id, titleText)
  .map(([type, uuid, title]): MarkdownBlock => {
    const url = `https://app.notion.com/p/${uuid.replaceAll('-', '')}`
    return { ...block(type, { title }), title, url, id: uuid }
  })

const unknown = fc
  .tuple(fc.constantFrom('bookmark', 'embed', 'link_preview', 'breadcrumb', 'template', 'unsupported'), pageUrl)
  .map(([type, url]): MarkdownBlock => ({ ...block(type, {}), unknown: true, url }))

const leaf: Arbitrary<MarkdownBlock> = fc.oneof(
  fc.constant(block('divider', {})),
  color.map((hue) => block('table_of_contents', { color: hue })),
  fc
    .tuple(plainRichText, fc.constantFrom('javascript', 'plain text', 'c++', 'visual basic', 'java/c/c++/c#'))
    .map(([code, language]) => block('code', { caption: [], rich_text: code, language })),
  text.map((expression) => block('equation', { expression })),
  table,
  media('image'),
  media('video'),
  media('pdf'),
  file,
  childPage,
  unknown,
)

const icon = fc.oneof(
  fc.constant(null),
  fc.constantFrom('💡', '✅').map((emoji) => ({ type: 'emoji', emoji })),
  fc.webUrl().map((url) => ({ type: 'external', external: { url } })),
)

const { blocks } = fc.letrec<{ blocks: MarkdownBlock[]; parent: MarkdownBlock; column: MarkdownBlock }>((tie) => {
  const children = fc.oneof({ maxDepth: 3, depthSize: 'small' }, fc.constant<MarkdownBlock[]>([]), tie('blocks'))
  const textual = fc
    .tuple(
      fc.constantFrom('paragraph', 'bulleted_list_item', 'numbered_list_item', 'quote', 'toggle'),
      richText,
      color,
      children,
    )
    .map(([type, content, hue, below]) => block(type, { rich_text: content, color: hue }, below))
  const toDo = fc
    .tuple(richText, fc.boolean(), color, children)
    .map(([content, checked, hue, below]) => block('to_do', { rich_text: content, checked, color: hue }, below))
  const heading = fc
    .tuple(fc.integer({ min: 1, max: 4 }), richText, fc.boolean(), color, children)
    .map(([level, content, toggleable, hue, below]) =>
      block(`heading_${level}`, { rich_text: content, is_toggleable: toggleable, color: hue }, toggleable ? below : []),
    )
  const callout = fc
    .tuple(richText, icon, color, children)
    .map(([content, sign, hue, below]) => block('callout', { rich_text: content, icon: sign, color: hue }, below))
  const columns = fc.array(tie('column'), { minLength: 1, maxLength: 3 }).map((list) => block('column_list', {}, list))
  const synced = fc.tuple(fc.option(id), children).map(([source, below]): MarkdownBlock => {
    if (source === null) return block('synced_block', { synced_from: null }, below)
    const url = `https://app.notion.com/p/${source.replaceAll('-', '')}`
    return { ...block('synced_block', { synced_from: { type: 'block_id', block_id: source } }, below), url }
  })
  return {
    column: fc
      .tuple(fc.option(fc.constantFrom(0.25, 0.5)), children)
      .map(([ratio, below]) => block('column', ratio === null ? {} : { width_ratio: ratio }, below)),
    parent: fc.oneof(textual, textual, toDo, heading, callout, columns, synced),
    blocks: fc.array(fc.oneof(tie('parent'), leaf), { maxLength: 4 }),
  }
})

/** Any page content that the dialect can show, in the form that parsing it gives. */
export const markdownBlocks: Arbitrary<MarkdownBlock[]> = blocks
