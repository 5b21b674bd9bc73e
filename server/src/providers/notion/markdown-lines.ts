import { RICH_TEXT_ITEMS, richTextFromMarkdown, type RichTextItemRequest } from './rich-text.ts'

/** What the rules of {@link blocksFromMarkdown} work on: lines, and the blocks that come of them. */

/** A block as it will be sent, with what lies inside it apart. */
export interface BlockNode {
  readonly type: string
  readonly content: Readonly<Record<string, unknown>>
  readonly children: BlockNode[]
}

export interface Line {
  /** Columns of white space before the text; a tab counts as several. */
  readonly indent: number
  readonly text: string
}

export interface Reader {
  readonly lines: readonly Line[]
  /** The line that is looked at. A rule that takes lines moves it behind them. */
  at: number
  /** Reads lines that stand inside a construct. */
  readonly inside: (lines: readonly Line[]) => BlockNode[]
}

/** Reads what begins at the current line, or leaves it to the next rule. */
export type Rule = (line: Line, reader: Reader) => BlockNode[] | undefined

export function takeLine(reader: Reader, nodes: BlockNode[]): BlockNode[] {
  reader.at += 1
  return nodes
}

/** Takes the lines after the current one up to the one that ends the construct, or to the end of the text. */
export function linesUntil(reader: Reader, ends: (text: string) => boolean): readonly Line[] {
  const start = reader.at + 1
  let end = start
  while (end < reader.lines.length && !ends(reader.lines[end]?.text ?? '')) end += 1
  reader.at = end + 1
  return reader.lines.slice(start, end)
}

/** One block, or several where the text has more parts than Notion takes in one. */
export function textNodes(type: string, text: string, content: Readonly<Record<string, unknown>> = {}): BlockNode[] {
  return nodesOf(type, richTextFromMarkdown(text), content)
}

/** The same for text that is rich already. */
export function nodesOf(
  type: string,
  items: RichTextItemRequest[],
  content: Readonly<Record<string, unknown>>,
): BlockNode[] {
  const nodes: BlockNode[] = []
  do {
    nodes.push({ type, content: { rich_text: items.splice(0, itemsOfOneBlock(items)), ...content }, children: [] })
  } while (items.length > 0)
  return nodes
}

/** Text of one block: in a script of three bytes a character it stays below what Notion takes in one request. */
const BLOCK_CHARACTERS = 100_000

function itemsOfOneBlock(items: readonly RichTextItemRequest[]): number {
  let characters = 0
  const tooMany = items.findIndex((item, index) => {
    characters += 'text' in item ? item.text.content.length : 0
    return index > 0 && characters > BLOCK_CHARACTERS
  })
  return Math.min(tooMany === -1 ? items.length : tooMany, RICH_TEXT_ITEMS)
}

/** A table of Markdown cells; short rows are filled up. */
export function tableNode(rows: readonly (readonly string[])[], headers: { row: boolean; column: boolean }): BlockNode {
  const width = Math.max(1, ...rows.map((row) => row.length))
  return {
    type: 'table',
    content: { table_width: width, has_column_header: headers.row, has_row_header: headers.column },
    children: rows.map((row) => rowNode(row, width)),
  }
}

function rowNode(row: readonly string[], width: number): BlockNode {
  const cells = Array.from({ length: width }, (_, column) => richTextFromMarkdown(row[column] ?? ''))
  return { type: 'table_row', content: { cells }, children: [] }
}
