import type { MarkdownBlock } from './block.ts'
import { leaf } from './block-tags.ts'
import { markdownToRichText } from './inline.ts'
import { isEscaped } from './text-lines.ts'

// A dash and a space begin an item of a list instead.
const DELIMITER_ROW = /^(?!-[ \t])\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$/

/** Whether this is the row of dashes under a table's head. */
export function isDelimiterRow(line: string): boolean {
  return line.includes('|') && DELIMITER_ROW.test(line)
}

/** A table of lines with pipes; the second line is the row of dashes. */
export function pipeTable(lines: readonly string[]): MarkdownBlock {
  const rows = lines.filter((_, index) => index !== 1).map(pipeCells)
  return table(rows, { hasColumnHeader: true, hasRowHeader: false }, rows[0]?.length)
}

function pipeCells(line: string): string[] {
  const cells: string[] = []
  let start = line.startsWith('|') ? 1 : 0
  for (const { index } of line.matchAll(/\|/g)) {
    if (index < start || isEscaped(line, index)) continue
    cells.push(line.slice(start, index))
    start = index + 1
  }
  if (start < line.length) cells.push(line.slice(start))
  return cells
}

const TABLE_TAG = /\\.|<(\/?)(tr|td|th)\b[^<>]*>/gs

/** A table of tags: what lies between `<table>` and `</table>`. */
export function tagTable(source: string, attributes: Map<string, string>): MarkdownBlock {
  const rows: string[][] = []
  let cellStart: number | undefined
  const endCell = (end: number) => {
    if (cellStart !== undefined) rows.at(-1)?.push(source.slice(cellStart, end))
    cellStart = undefined
  }
  for (const tag of source.matchAll(TABLE_TAG)) {
    const [whole, slash, name] = tag
    if (name === undefined) continue
    endCell(tag.index)
    if (slash) continue
    if (name === 'tr' || rows.length === 0) rows.push([])
    if (name !== 'tr') cellStart = tag.index + whole.length
  }
  const headers = {
    hasColumnHeader: attributes.get('header-row') === 'true' || /<th[\s>]/.test(source),
    hasRowHeader: attributes.get('header-column') === 'true',
  }
  return table(rows, headers)
}

function table(
  rows: readonly string[][],
  { hasColumnHeader, hasRowHeader }: { hasColumnHeader: boolean; hasRowHeader: boolean },
  givenWidth?: number,
): MarkdownBlock {
  // A head of a lone pipe has no cell, but a table always has a column.
  const width = Math.max(1, givenWidth ?? rows.reduce((widest, row) => Math.max(widest, row.length), 1))
  const children = rows.map((row) => {
    const cells = Array.from({ length: width }, (_, index) => markdownToRichText(cellText(row[index] ?? '')))
    return leaf('table_row', { cells })
  })
  const data = { table_width: width, has_column_header: hasColumnHeader, has_row_header: hasRowHeader }
  return { ...leaf('table', data), children }
}

/** White space around a cell is layout; a kept trailing space has its backslash. */
function cellText(source: string): string {
  const text = source.replace(/\s*\n\s*/g, ' ').trimStart()
  const end = text.trimEnd().length
  return isEscaped(text, end) ? text.slice(0, end + 1) : text.slice(0, end)
}
