import type { PageObjectResponse } from '@notionhq/client'
import { compactId } from './ids.ts'
import { clip } from './json.ts'
import { pageTitle, pageValue } from './pages.ts'
import { propertyText } from './property-texts.ts'
import { plainProperties, tableColumns } from './property-values.ts'
import { wordsIn, type Words } from './words.ts'

/** Longest text of one cell in a table, and of one property in a row's JSON. */
const CELL_CHARACTERS = 100
const ROW_PROPERTY_CHARACTERS = 1_000

/** Up to this many rows stand with their ids, whatever else is in them. */
const ROWS_WITH_IDS = 50

/** Above that, ids are given where the whole stays below so many tokens, by rough count: an id alone takes 23. */
const TABLE_TOKENS = 4_000
const ID_TOKENS = 23
const CHARACTERS_PER_TOKEN = 2

/** Rows of a query as a compact Markdown table. */
export interface RowTable {
  readonly head: string
  readonly line: (row: PageObjectResponse) => string
}

/**
 * Lays a table out for these rows: id, title, then the scalar properties that at least one row has a value for.
 * Relations and files are left to {@link rowValue}: lists of ids tell a reader nothing.
 */
export function tableOf(rows: readonly PageObjectResponse[], words: Words = wordsIn('en')): RowTable {
  const [titleName = 'Name', ...others] = columnNames(rows)
  const cells = new Map(
    rows.map((row) => [row, [cellOf(pageTitle(row, words)), ...others.map((name) => cellText(row, name, words))]]),
  )
  const withIds = hasRoomForIds([...cells.values()])
  const headings = withIds ? ['id', titleName, ...others] : [titleName, ...others]
  const rule = headings.map(() => '-')
  const note = withIds ? [] : [`${words.withoutIds(ROWS_WITH_IDS)}\n`]
  return {
    head: [...note, rowText(headings), rowText(rule)].join('\n'),
    line: (row) => rowText([...(withIds ? [compactId(row.id)] : []), ...(cells.get(row) ?? [])]),
  }
}

function hasRoomForIds(rows: readonly (readonly string[])[]): boolean {
  if (rows.length <= ROWS_WITH_IDS) return true
  const characters = rows.reduce((sum, cells) => sum + rowText(cells).length, 0)
  return rows.length * ID_TOKENS + characters / CHARACTERS_PER_TOKEN <= TABLE_TOKENS
}

function columnNames(rows: readonly PageObjectResponse[]): string[] {
  const filled = new Set<string>()
  let title: string | undefined
  for (const row of rows) {
    for (const name of tableColumns(row.properties)) {
      if (row.properties[name]?.type === 'title') title ??= name
      else if (cellText(row, name, wordsIn('en')) !== '') filled.add(name)
    }
  }
  return [title ?? 'Name', ...filled]
}

function cellText(row: PageObjectResponse, name: string, words: Words): string {
  const property = row.properties[name]
  if (property === undefined) return ''
  // An unticked box is the rule, and an empty cell says the same with less.
  if (property.type === 'checkbox') return property.checkbox ? words.yes : ''
  return cellOf(propertyText(property.type, plainProperties({ [name]: property }, CELL_CHARACTERS)[name] ?? null))
}

function cellOf(text: string): string {
  return clip(text.replaceAll(/\s*\n\s*/g, ' '), CELL_CHARACTERS).replaceAll('|', String.raw`\|`)
}

function rowText(texts: readonly string[]): string {
  return `|${texts.join('|')}|`
}

/** A row as plain JSON. */
export function rowValue(row: PageObjectResponse): Record<string, unknown> {
  return { ...pageValue(row), properties: plainProperties(row.properties, ROW_PROPERTY_CHARACTERS) }
}
