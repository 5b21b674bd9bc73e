import {
  linesUntil,
  nodesOf,
  tableNode,
  takeLine,
  textNodes,
  type BlockNode,
  type Line,
  type Reader,
  type Rule,
} from './markdown-lines.ts'
import { TAG_RULES } from './markdown-tags.ts'
import { richTextOf } from './rich-text.ts'

/**
 * Markdown → Notion blocks, in Notion's own reading of Markdown: every line is a block of its own, blank lines only
 * separate, and what is indented deeper belongs to the block above. Only for appending; whole pages go to Notion as they are.
 */
/** A tab counts as this many spaces. */
const TAB_COLUMNS = 4

/** What is indented deeper stays on this level: nobody writes so, and every level costs a request. */
const DEEPEST_LEVEL = 12

/** Notion knows four sizes of heading. */
const SMALLEST_HEADING = 4

/** Languages by which people name a code block → Notion's names. Others pass as they are, or become plain text. */
const CODE_LANGUAGES: Readonly<Record<string, string>> = {
  js: 'javascript',
  ts: 'typescript',
  py: 'python',
  rb: 'ruby',
  sh: 'shell',
  zsh: 'shell',
  yml: 'yaml',
  md: 'markdown',
  cs: 'c#',
  cpp: 'c++',
  golang: 'go',
}
const KNOWN_LANGUAGES = new Set(
  'bash c c# c++ css dart diff docker elixir elm erlang go graphql haskell html java javascript json kotlin latex lua makefile markdown mermaid nix objective-c perl php powershell prolog protobuf python r ruby rust sass scala scss shell sql swift toml typescript xml yaml'.split(
    ' ',
  ),
)

const FENCE = /^(```+|~~~+)\s*([^\s`]*)/
const TABLE_RULE = /^\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$/
const IMAGE = /^!\[([^\]]*)\]\((https?:\/\/[^\s)]+)\)$/
const UNESCAPED_BAR = /(?<!\\)\|/

/** Reads Markdown into a tree of blocks. Never fails: what is no known construct is a paragraph. */
export function blocksFromMarkdown(markdown: string): BlockNode[] {
  return readLines(markdown.replaceAll(/\r\n?/g, '\n').split('\n').map(measure), 0)
}

function readLines(lines: readonly Line[], depth: number): BlockNode[] {
  const inside = (inner: readonly Line[]): BlockNode[] => readLines(inner, depth + 1)
  const reader: Reader = { lines, at: 0, inside }
  const roots: BlockNode[] = []
  const open: { readonly indent: number; readonly children: BlockNode[] }[] = []
  for (let line = nextLine(reader); line !== undefined; line = nextLine(reader)) {
    const { indent } = line
    while (open.length > 0 && indent <= (open.at(-1)?.indent ?? 0)) open.pop()
    const nodes = firstMatch(line, reader, depth < DEEPEST_LEVEL ? RULES : PLAIN_RULES)
    const parent = open.at(-1)?.children ?? roots
    parent.push(...nodes)
    const last = nodes.at(-1)
    const opens = last !== undefined && TAKES_CHILDREN.has(last.type) && open.length < DEEPEST_LEVEL
    if (opens) open.push({ indent, children: last.children })
  }
  return roots
}

/** The next line that is not blank. */
function nextLine(reader: Reader): Line | undefined {
  while (reader.lines[reader.at]?.text === '') reader.at += 1
  return reader.lines[reader.at]
}

/** Headings take children only when they fold, so what is indented below one stands beside it. */
const TAKES_CHILDREN = new Set(['bulleted_list_item', 'numbered_list_item', 'to_do', 'quote', 'paragraph'])

function measure(line: string): Line {
  const text = line.trim()
  const lead = line.slice(0, line.length - line.trimStart().length)
  const tabs = lead.split('\t').length - 1
  const indent = lead.length + tabs * (TAB_COLUMNS - 1)
  return { indent, text }
}

function firstMatch(line: Line, reader: Reader, rules: readonly Rule[]): BlockNode[] {
  for (const rule of rules) {
    const nodes = rule(line, reader)
    if (nodes !== undefined) return nodes
  }
  return takeLine(reader, textNodes('paragraph', line.text))
}

const code: Rule = (line, reader) => {
  const fence = FENCE.exec(line.text)
  if (fence === null) return undefined
  const [, marks = '', language = ''] = fence
  const body = linesUntil(reader, (text) => text.startsWith(marks) && text.replaceAll(marks[0] ?? '', '') === '')
  const text = body.map(({ indent, text }) => ' '.repeat(Math.max(0, indent - line.indent)) + text).join('\n')
  return nodesOf('code', richTextOf(text), { language: languageOf(language) })
}

function languageOf(name: string): string {
  const lower = name.toLowerCase()
  const language = CODE_LANGUAGES[lower] ?? lower
  return KNOWN_LANGUAGES.has(language) ? language : 'plain text'
}

const equation: Rule = (line, reader) => {
  if (!line.text.startsWith('$$')) return undefined
  const rest = line.text.slice(2)
  if (rest.endsWith('$$') && rest.length > 2) return takeLine(reader, [equationNode(rest.slice(0, -2))])
  if (rest !== '') return undefined
  return [
    equationNode(
      linesUntil(reader, (text) => text === '$$')
        .map(({ text }) => text)
        .join('\n'),
    ),
  ]
}

function equationNode(expression: string): BlockNode {
  return { type: 'equation', content: { expression: expression.trim() }, children: [] }
}

const heading: Rule = (line, reader) => {
  const match = /^(#{1,6})\s+(.+)$/.exec(line.text)
  if (match === null) return undefined
  const size = Math.min(match[1]?.length ?? 1, SMALLEST_HEADING)
  return takeLine(reader, textNodes(`heading_${size}`, match[2] ?? ''))
}

const divider: Rule = (line, reader) =>
  /^(?:-{3,}|\*{3,}|_{3,})$/.test(line.text)
    ? takeLine(reader, [{ type: 'divider', content: {}, children: [] }])
    : undefined

const todo: Rule = (line, reader) => {
  const match = /^(?:[-*+]\s+)?\[([ xX]?)\]\s+(.*)$/.exec(line.text)
  if (match === null) return undefined
  return takeLine(reader, textNodes('to_do', match[2] ?? '', { checked: match[1]?.toLowerCase() === 'x' }))
}

const bullet: Rule = (line, reader) => listItem(/^[-*+]\s+(.*)$/, 'bulleted_list_item', line, reader)
const numbered: Rule = (line, reader) => listItem(/^\d{1,9}[.)]\s+(.*)$/, 'numbered_list_item', line, reader)

function listItem(pattern: RegExp, type: string, line: Line, reader: Reader): BlockNode[] | undefined {
  const match = pattern.exec(line.text)
  return match === null ? undefined : takeLine(reader, textNodes(type, match[1] ?? ''))
}

const quote: Rule = (line, reader) => {
  if (!line.text.startsWith('>')) return undefined
  const parts: string[] = []
  while (reader.lines[reader.at]?.text.startsWith('>')) {
    parts.push((reader.lines[reader.at]?.text ?? '').replace(/^>\s?/, ''))
    reader.at += 1
  }
  return textNodes('quote', parts.join('\n'))
}

const table: Rule = (line, reader) => {
  const rule = reader.lines[reader.at + 1]?.text ?? ''
  if (!line.text.startsWith('|') || !TABLE_RULE.test(rule)) return undefined
  const rows = [cellsOf(line.text)]
  reader.at += 2
  while (reader.lines[reader.at]?.text.startsWith('|')) {
    rows.push(cellsOf(reader.lines[reader.at]?.text ?? ''))
    reader.at += 1
  }
  return [tableNode(rows, { row: true, column: false })]
}

function cellsOf(text: string): string[] {
  const inner = text.replace(/^\|/, '').replace(/(?<!\\)\|$/, '')
  return inner.split(UNESCAPED_BAR).map((cell) => cell.trim().replaceAll(String.raw`\|`, '|'))
}

const image: Rule = (line, reader) => {
  const match = IMAGE.exec(line.text)
  if (match === null) return undefined
  const content = { type: 'external', external: { url: match[2] ?? '' }, caption: richTextOf(match[1] ?? '') }
  return takeLine(reader, [{ type: 'image', content, children: [] }])
}

const emptyBlock: Rule = (line, reader) =>
  line.text === '<empty-block/>' ? takeLine(reader, textNodes('paragraph', '')) : undefined

/** In this order: a to-do looks like a bullet, a rule of dashes like one too. */
const PLAIN_RULES: readonly Rule[] = [
  code,
  equation,
  heading,
  divider,
  todo,
  bullet,
  numbered,
  quote,
  table,
  image,
  emptyBlock,
]

const RULES: readonly Rule[] = [...PLAIN_RULES, ...TAG_RULES]
