import type { PageObjectResponse } from '@notionhq/client'
import { compactId } from './ids.ts'
import { clip } from './json.ts'
import { pageTitle, pageValue } from './pages.ts'
import { plainProperties, tableColumns, valueText } from './property-values.ts'

/** Longest text of one cell in a table, and of one property in a row's JSON. */
const CELL_CHARACTERS = 100
const ROW_PROPERTY_CHARACTERS = 1_000

/** Above this many rows a table is for counting and comparing, and the ids would be a third of it. */
const ROWS_WITH_IDS = 50

/** Rows of a query as a compact Markdown table. */
export interface RowTable {
  readonly head: string
  readonly line: (row: PageObjectResponse) => string
}

/**
 * Lays a table out for these rows: id, title, then the scalar properties that at least one row has a value for.
 * Relations and files are left to {@link rowValue}: lists of ids tell a reader nothing.
 */
export function tableOf(rows: readonly PageObjectResponse[]): RowTable {
  const [titleName = 'Name', ...others] = columnNames(rows)
  const withIds = rows.length <= ROWS_WITH_IDS
  const headings = withIds ? ['id', titleName, ...others] : [titleName, ...others]
  const rule = headings.map(() => '-')
  const note = withIds ? [] : [`Without ids, to be short; they come with a page_size up to ${ROWS_WITH_IDS}.\n`]
  return {
    head: [...note, rowText(headings), rowText(rule)].join('\n'),
    line: (row) => {
      const id = withIds ? [compactId(row.id)] : []
      return rowText([...id, cellOf(pageTitle(row)), ...others.map((name) => cellText(row, name))])
    },
  }
}

function columnNames(rows: readonly PageObjectResponse[]): string[] {
  const filled = new Set<string>()
  let title: string | undefined
  for (const row of rows) {
    for (const name of tableColumns(row.properties)) {
      if (row.properties[name]?.type === 'title') title ??= name
      else if (cellText(row, name) !== '') filled.add(name)
    }
  }
  return [title ?? 'Name', ...filled]
}

function cellText(row: PageObjectResponse, name: string): string {
  const property = row.properties[name]
  if (property === undefined) return ''
  // An unticked box is the rule, and an empty cell says the same with less.
  if (property.type === 'checkbox') return property.checkbox ? 'yes' : ''
  const text = valueText(plainProperties({ [name]: property }, CELL_CHARACTERS)[name] ?? null)
  return cellOf(shortTime(text, property.type))
}

function cellOf(text: string): string {
  return clip(text.replaceAll(/\s*\n\s*/g, ' '), CELL_CHARACTERS).replaceAll('|', String.raw`\|`)
}

/** Notion gives its own times to the minute; seconds and zone are always the same. */
function shortTime(text: string, type: string): string {
  return type === 'created_time' || type === 'last_edited_time' ? text.replace(/:00\.000Z$/, 'Z') : text
}

function rowText(texts: readonly string[]): string {
  return `|${texts.join('|')}|`
}

/** A row as plain JSON. */
export function rowValue(row: PageObjectResponse): Record<string, unknown> {
  return { ...pageValue(row), properties: plainProperties(row.properties, ROW_PROPERTY_CHARACTERS) }
}
