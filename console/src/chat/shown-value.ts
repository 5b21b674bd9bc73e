/** A value of a call, as a person reads it. */

/** What is shown of a value as it is: text as text, anything else as JSON that can be read. */
export function shownValue(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '')
}

/** The arguments of a call, one by one; none where it has none. */
export function shownArguments(input: unknown): readonly (readonly [string, unknown])[] {
  return typeof input !== 'object' || input === null || Array.isArray(input) ? [] : Object.entries(input)
}

/** How many things a result holds, where it is a list of them. */
export function resultCount(result: unknown): number | null {
  return listOf(result)?.length ?? null
}

function listOf(result: unknown): readonly unknown[] | null {
  if (typeof result !== 'object' || result === null) return null
  const list = 'results' in result ? result.results : result
  return Array.isArray(list) ? list : null
}

export interface ShownTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Rows that are not shown. */
  readonly left: number
}

/** As many as a person looks through in a card; the rest is in the raw result. */
const TABLE_ROWS = 50
const TABLE_COLUMNS = 8

/** A list of things with simple values as a table; null for anything else. */
export function shownTable(result: unknown): ShownTable | null {
  const list = listOf(result)
  if (list === null || list.length === 0 || !list.every(isRecord)) return null
  const records = list.slice(0, TABLE_ROWS)
  const names = [...new Set(records.flatMap((record) => Object.keys(record).filter((name) => isSimple(record[name]))))]
  const columns = names.slice(0, TABLE_COLUMNS)
  if (columns.length === 0) return null
  const rows = records.map((record) =>
    columns.map((name) => (record[name] === null ? '' : shownValue(record[name] ?? ''))),
  )
  return { columns, rows, left: list.length - records.length }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSimple(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

/** Where a text is JSON of a list or an object, as remote tools often answer, that; else undefined. */
export function jsonOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
