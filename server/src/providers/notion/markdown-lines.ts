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
    nodes.push({ type, content: { rich_text: items.splice(0, RICH_TEXT_ITEMS), ...content }, children: [] })
  } while (items.length > 0)
  return nodes
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
