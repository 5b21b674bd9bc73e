import {
  linesUntil,
  tableNode,
  textNodes,
  type BlockNode,
  type Line,
  type Reader,
  type Rule,
} from './markdown-lines.ts'

/**
 * The tags by which Notion writes blocks that Markdown has no mark for. They are read so that what was read from one page can be
 * appended to another. Other tags stay text.
 */

const CELL = /<td(?:\s[^>]*)?>(.*?)<\/td>/g

const table: Rule = (line, reader) => {
  const attributes = openingOf(line.text, 'table')
  if (attributes === undefined) return undefined
  const text = linesInside(reader, 'table')
    .map((inner) => inner.text)
    .join('')
  const rows = text
    .split('</tr>')
    .map((row) => [...row.matchAll(CELL)].map(([, cell = '']) => cell.trim()))
    .filter((row) => row.length > 0)
  if (rows.length === 0) return []
  return [tableNode(rows, { row: isTrue(attributes, 'header-row'), column: isTrue(attributes, 'header-column') })]
}

const details: Rule = (line, reader) => {
  if (openingOf(line.text, 'details') === undefined) return undefined
  const inner = linesInside(reader, 'details')
  const summary = /^<summary>(.*)<\/summary>$/.exec(inner[0]?.text ?? '')
  const children = reader.inside(summary === null ? inner : inner.slice(1))
  return withChildren(textNodes('toggle', summary?.[1] ?? ''), children)
}

const callout: Rule = (line, reader) => {
  const attributes = openingOf(line.text, 'callout')
  if (attributes === undefined) return undefined
  const nodes = reader.inside(linesInside(reader, 'callout'))
  const [first, ...rest] = nodes
  const words = first?.type === 'paragraph' ? first : undefined
  const icon = /\bicon="([^"]+)"/.exec(attributes)?.[1]
  const content = {
    rich_text: words?.content['rich_text'] ?? [],
    ...(icon === undefined || icon.includes(':') ? {} : { icon: { type: 'emoji', emoji: icon } }),
  }
  const children = words === undefined ? nodes : [...words.children, ...rest]
  return [{ type: 'callout', content, children }]
}

export const TAG_RULES: readonly Rule[] = [table, details, callout]

/** The attributes of a line that opens this tag and nothing else. */
function openingOf(text: string, tag: string): string | undefined {
  if (!text.startsWith(`<${tag}`) || !text.endsWith('>') || text.endsWith('/>')) return undefined
  const attributes = text.slice(tag.length + 1, -1)
  return attributes === '' || (attributes.startsWith(' ') && !attributes.includes('>')) ? attributes : undefined
}

function isTrue(attributes: string, name: string): boolean {
  return attributes.includes(`${name}="true"`)
}

/** The lines up to the closing tag; tags of the same name inside are passed over. */
function linesInside(reader: Reader, tag: string): readonly Line[] {
  let open = 1
  return linesUntil(reader, (text) => {
    if (openingOf(text, tag) !== undefined) open += 1
    if (text === `</${tag}>`) open -= 1
    return open === 0
  })
}

function withChildren(nodes: BlockNode[], children: readonly BlockNode[]): BlockNode[] {
  nodes.at(-1)?.children.push(...children)
  return nodes
}
