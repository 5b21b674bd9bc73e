import type { MarkdownBlock } from './block.ts'
import { closesBlock, closingPlace, containerBlock, leaf, leafBlock, openTag, type OpenTag } from './block-tags.ts'
import { markdownToRichText } from './inline.ts'
import { languageOf } from './languages.ts'
import { parseTextLine } from './parse-line.ts'
import { isDelimiterRow, pipeTable, tagTable } from './parse-table.ts'
import { textItem, normalizeRichText } from './rich-text.ts'
import { isEscaped, lineAt, splitLines, type Line } from './text-lines.ts'

/** Blocks nested deeper than this become siblings: nothing is lost, and no reader of the tree runs out of stack. */
const DEPTH_LIMIT = 50
/** A line belongs to the item above when it is indented by this much more. */
const CHILD_INDENT = 2

/**
 * Reads Markdown: the API's own dialect as well as what people and models write. Every text is accepted; what is not
 * understood is a paragraph. Takes time linear in the length.
 */
export function parseMarkdown(text: string): MarkdownBlock[] {
  return new BlockParser(splitLines(text)).parse()
}

/** A block that may still get children. */
interface Frame {
  block: MarkdownBlock
  /** Where the children go: its own list, or an ancestor's beyond the depth limit. */
  children: MarkdownBlock[]
  column: number
  depth: number
  /** The name of the tag that closes it; a block without one is closed by indentation alone. */
  tag: string | undefined
}

const PARENTS = new Set(['paragraph', 'bulleted_list_item', 'numbered_list_item', 'to_do', 'quote'])
const FENCE = /^(`{3,}|~{3,})([^`]*)$/
const CLOSE_TAG = /^<\/([a-z][a-z_-]*)>/
const CLOSE_TAG_AT_END = /<\/(?:details|callout|columns?|synced_block|synced_block_reference)>$/
const SUMMARY_END = '</summary>'
const TABLE_END = '</table>'
const MATH_FENCE = '$$'

class BlockParser {
  private readonly lines: Line[]
  private readonly root: Frame
  private readonly frames: Frame[]
  private readonly openTags = new Map<string, number>()
  private readonly lastTableEnd: number
  private readonly lastMathFence: number
  private next = 0

  constructor(lines: Line[]) {
    this.lines = lines
    const block = leaf('root')
    this.root = { block, children: block.children, column: Number.NEGATIVE_INFINITY, depth: 0, tag: undefined }
    this.frames = [this.root]
    this.lastTableEnd = lines.findLastIndex((line) => line.text.includes(TABLE_END))
    this.lastMathFence = lines.findLastIndex((line) => line.text.endsWith(MATH_FENCE))
  }

  parse(): MarkdownBlock[] {
    while (this.next < this.lines.length) {
      const line = this.lines[this.next]
      this.next += 1
      if (line && line.text !== '') this.line(line)
    }
    while (this.frames.length > 1) this.pop()
    return this.root.children
  }

  /** Reads a line, or the part of one that follows a tag. */
  private line(first: Line): void {
    let line: Line | undefined = first
    while (line) line = this.part(line)
  }

  /** Reads the first part of a line and answers the rest, if there is any. */
  private part(line: Line): Line | undefined {
    const closed = CLOSE_TAG.exec(line.text)
    if (closed?.[1] !== undefined && this.closeTag(closed[1])) return this.rest(line, line.text.slice(closed[0].length))
    this.dedent(line.column)
    const tag = openTag(line.text)
    const afterTag = tag && this.tag(tag, line)
    if (afterTag !== undefined) return this.rest(line, afterTag)
    return this.splitAtClosingTag(line) ?? this.fenced(line)
  }

  private rest(line: Line, text: string): Line | undefined {
    const rest = lineAt(line.column, text)
    return rest.text === '' ? undefined : { ...rest, column: line.column }
  }

  /** A closing tag that ends a line of text: the text is read first. */
  private splitAtClosingTag(line: Line): Line | undefined {
    const closing = line.text.endsWith('>') ? CLOSE_TAG_AT_END.exec(line.text) : null
    if (!closing || closing.index === 0 || isEscaped(line.text, closing.index)) return undefined
    const name = closing[0].slice(2, -1)
    if (!this.openTags.get(name)) return undefined
    this.line(lineAt(line.column, line.text.slice(0, closing.index)))
    return { ...line, text: closing[0] }
  }

  private fenced(line: Line): undefined {
    const { text } = line
    const fence = FENCE.exec(text)
    if (fence?.[1] !== undefined) return this.add(this.code(line, fence[1], fence[2] ?? ''), line.column)
    if (text.startsWith(MATH_FENCE)) {
      const block = this.equation(line)
      if (block) return this.add(block, line.column)
    }
    const dashes = this.lines[this.next]?.text
    if (text.includes('|') && dashes !== undefined && isDelimiterRow(dashes))
      return this.add(this.pipes(line), line.column)
    return this.add(parseTextLine(text), line.column)
  }

  private tag(tag: OpenTag, line: Line): string | undefined {
    if (tag.name === 'summary') return this.summary(tag.rest)
    if (tag.name === 'table') return this.table(tag, line)
    const container = containerBlock(tag)
    if (container) {
      this.add(container, line.column, tag.selfClosing ? undefined : tag.name)
      return tag.rest
    }
    const found = leafBlock(tag)
    if (!found) return undefined
    this.add(found.block, line.column)
    return found.rest
  }

  /** The text of a toggle; outside one it is no tag. */
  private summary(given: string): string | undefined {
    const { block, tag } = this.top()
    if (tag !== 'details') return undefined
    const text = given === '' ? this.takeLine() : given
    const end = closingPlace(text, SUMMARY_END)
    block.data['rich_text'] = markdownToRichText(lineAt(0, text.slice(0, end)).text)
    return text.slice(end + SUMMARY_END.length)
  }

  private takeLine(): string {
    const line = this.lines[this.next]
    this.next += 1
    return line?.text ?? ''
  }

  private top(): Frame {
    return this.frames.at(-1) ?? this.root
  }

  /** Ends the blocks that a line at this column does not belong to. */
  private dedent(column: number): void {
    let top = this.top()
    while (top !== this.root && column < top.column + (top.tag === undefined ? CHILD_INDENT : 0)) {
      this.pop()
      top = this.top()
    }
  }

  private add(block: MarkdownBlock, column: number, tag?: string): undefined {
    const parent = this.top()
    const depth = parent.depth + 1
    const dropped = isDroppedLayout(block.type, parent.block.type, depth)
    if (!dropped) parent.children.push(block)
    if (tag === undefined && !mayHaveChildren(block)) return
    const children = dropped || depth >= DEPTH_LIMIT ? parent.children : block.children
    this.frames.push({ block: dropped ? parent.block : block, children, column, depth, tag })
    if (tag !== undefined) this.openTags.set(tag, (this.openTags.get(tag) ?? 0) + 1)
  }

  /** Ends everything up to the innermost block that this tag closes. A tag that closes nothing is dropped. */
  private closeTag(name: string): boolean {
    if (!closesBlock(name)) return false
    if (!this.openTags.get(name)) return true
    while (this.top().tag !== name) this.pop()
    this.pop()
    return true
  }

  private pop(): void {
    const frame = this.frames.pop()
    if (frame?.tag === undefined) return
    this.openTags.set(frame.tag, (this.openTags.get(frame.tag) ?? 1) - 1)
    finish(frame.block)
  }

  private code(opening: Line, fence: string, info: string): MarkdownBlock {
    const end = this.find((line) => isClosingFence(line.text, fence))
    const text = this.verbatim(opening, end ?? this.lines.length)
    if (end !== undefined) this.next += 1
    const richText = normalizeRichText([textItem(text)])
    return leaf('code', { caption: [], rich_text: richText, language: languageOf(info) })
  }

  private equation(opening: Line): MarkdownBlock | undefined {
    const inside = opening.text.slice(MATH_FENCE.length)
    if (inside.length > MATH_FENCE.length && inside.endsWith(MATH_FENCE)) {
      return leaf('equation', { expression: inside.slice(0, -MATH_FENCE.length).trim() })
    }
    if (inside !== '' || this.next > this.lastMathFence) return undefined
    const end = this.find((line) => line.text === MATH_FENCE)
    if (end === undefined) return undefined
    const expression = this.verbatim(opening, end)
    this.next += 1
    return leaf('equation', { expression })
  }

  private find(matches: (line: Line) => boolean): number | undefined {
    let index = this.next
    while (index < this.lines.length) {
      const line = this.lines[index]
      if (line && matches(line)) return index
      index += 1
    }
    return undefined
  }

  /** The lines up to `end` as they stand, without the indentation of the line that opened them. */
  private verbatim(opening: Line, end: number): string {
    const indentation = opening.raw.slice(0, opening.raw.search(/[^ \t]/))
    const lines = this.lines.slice(this.next, end).map(({ raw }) => withoutIndentation(raw, indentation))
    this.next = end
    return lines.join('\n')
  }

  private pipes(head: Line): MarkdownBlock {
    const rows = [head.text]
    while (this.lines[this.next]?.text.includes('|')) {
      rows.push(this.lines[this.next]?.text ?? '')
      this.next += 1
    }
    return pipeTable(rows)
  }

  private table(tag: OpenTag, line: Line): string | undefined {
    const inLine = tag.rest.lastIndexOf(TABLE_END)
    if (inLine !== -1) {
      this.add(tagTable(tag.rest.slice(0, inLine), tag.attributes), line.column)
      return tag.rest.slice(inLine + TABLE_END.length)
    }
    if (this.next > this.lastTableEnd) return undefined
    const parts = [tag.rest]
    let last = ''
    while (!last.includes(TABLE_END)) {
      last = this.lines[this.next]?.text ?? TABLE_END
      this.next += 1
      parts.push(last)
    }
    const end = last.indexOf(TABLE_END)
    parts[parts.length - 1] = last.slice(0, end)
    this.add(tagTable(parts.join('\n'), tag.attributes), line.column)
    return last.slice(end + TABLE_END.length)
  }
}

function isClosingFence(text: string, fence: string): boolean {
  return text.length >= fence.length && text === fence.charAt(0).repeat(text.length)
}

function withoutIndentation(raw: string, indentation: string): string {
  if (raw.startsWith(indentation)) return raw.slice(indentation.length)
  const own = raw.search(/[^ \t]/)
  return own === -1 ? '' : raw.slice(Math.min(own, indentation.length))
}

function mayHaveChildren({ type, data }: MarkdownBlock): boolean {
  return PARENTS.has(type) || data['is_toggleable'] === true
}

/** A column outside a list of columns is no block, nor is a layout beyond the depth limit: what they hold stays. */
function isDroppedLayout(type: string, parentType: string, depth: number): boolean {
  if (type === 'column' && parentType !== 'column_list') return true
  return (type === 'column' || type === 'column_list') && depth >= DEPTH_LIMIT
}

/** What a closed container still needs: a callout's first line is its text; a list of columns holds columns only. */
function finish(block: MarkdownBlock): void {
  if (block.type === 'callout') takeFirstLine(block)
  if (block.type === 'column_list') block.children = columnsOf(block.children)
}

function takeFirstLine(callout: MarkdownBlock): void {
  const [first] = callout.children
  if (first?.type !== 'paragraph' || first.children.length > 0 || first.data['color'] !== 'default') return
  callout.data['rich_text'] = first.data['rich_text']
  callout.children.shift()
}

function columnsOf(children: MarkdownBlock[]): MarkdownBlock[] {
  const columns: MarkdownBlock[] = []
  for (const child of children) {
    if (child.type === 'column') columns.push(child)
    else if (columns.at(-1)?.data['implied']) columns.at(-1)?.children.push(child)
    else columns.push({ ...leaf('column', { implied: true }), children: [child] })
  }
  return columns.map(({ data: { implied: _implied, ...data }, ...column }) => ({ ...column, data }))
}
